import type { Node, NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../../../lib/clock.ts";
import { type ContactPlace, ContactReader } from "../../../lib/modbus/contacts.ts";
import { lineOf } from "../borrowed-lines.ts";
import { badMessage } from "../input.ts";
import type { EvModbusNode } from "../node-types.ts";
import type { Properties } from "../properties.ts";
import { isCoilMessage, writeCoil } from "./coils.ts";

const LAST_ADDRESS = 65_535;

/** A contact that is read by Modbus. */
export interface WiredContact extends ContactPlace {
  line: NonNullable<EvModbusNode["line"]>;
  debounceMs: number;
}

/**
 * Where the contacts of an ev-limit stand, `count` of them one behind the other.
 * @throws EvError EV_CONFIG_INVALID | EV_CONFIG_MISSING naming property and fix
 */
export function readWiredContact(RED: NodeAPI, read: Properties, count: number): WiredContact {
  const functionCode = read.number("functionCode", 2);
  if (functionCode !== 1 && functionCode !== 2 && functionCode !== 3)
    throw read.wrong("functionCode", "2 (discrete inputs), 1 (coils) or 3 (holding registers)");
  return {
    line: lineOf(RED, read.text("bus")),
    unitId: read.number("unitId", 1, { min: 0, max: 255, integer: true }),
    functionCode,
    address: read.number("address", 0, { min: 0, max: LAST_ADDRESS - count + 1, integer: true }),
    count,
    debounceMs: read.number("debounceMs", 200, { min: 0, max: 60_000 }),
  };
}

/** A contact that is read takes no state by message; coils of its line may be written. */
export function toLine({ line }: WiredContact, message: NodeMessage): Promise<void> {
  if (isCoilMessage(message)) return writeCoil(line, message);
  throw badMessage("topic", "coil: this contact is read by Modbus, and takes no state by message", message.topic);
}

/** Hands on what the contact says, several of them as a list, and tells each loss of it once. */
export function listen(
  node: Node,
  { line, ...place }: WiredContact,
  onState: (state: boolean | readonly boolean[] | null) => void,
): ContactReader {
  const { bus, timeoutMs } = line;
  const reader = new ContactReader({
    ...{ ...place, bus, timeoutMs, clock: systemClock },
    onStates: (closed) => onState(closed && place.count === 1 ? (closed[0] ?? null) : closed),
    onFailure: (error) => node.error(error, {}),
  });
  reader.start();
  return reader;
}
