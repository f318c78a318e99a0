import type { NodeMessage } from "node-red";
import { readContact } from "../../../lib/dlm/inputs/outside/contact.ts";
import { EvError } from "../../../lib/errors.ts";
import { badMessage } from "../input.ts";
import type { EvModbusNode } from "../node-types.ts";

const LAST_UNIT = 255;
const LAST_ADDRESS = 65_535;

/** Whether a message asks for a coil to be written: `{topic: "coil", unitId, address, payload}`. */
export function isCoilMessage({ topic }: NodeMessage): boolean {
  return topic === "coil";
}

/**
 * Writes the coil that a message names; rejects with what the device or the line said.
 * @throws EvError EV_CONFIG_INVALID where the connection is not writable, EV_MESSAGE_INVALID naming the field
 */
export async function writeCoil(line: NonNullable<EvModbusNode["line"]>, message: NodeMessage): Promise<void> {
  if (!line.writable)
    throw new EvError(
      "EV_CONFIG_INVALID",
      `writable is false: nothing is written to ${line.text}; tick "Writable" in its ev-modbus to let messages write coils`,
    );
  const { unitId, address, payload } = message as NodeMessage & Record<"unitId" | "address", unknown>;
  const value = readContact(payload);
  if (value === null) throw badMessage("payload", "true or false, 1 or 0, on or off", payload);
  const request = {
    unitId: whole("unitId", unitId ?? 1, LAST_UNIT),
    address: whole("address", address, LAST_ADDRESS),
    value,
  };
  await line.bus.writeCoil(request, { timeoutMs: line.timeoutMs });
}

function whole(field: string, value: unknown, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw badMessage(field, `a whole number from 0 to ${max}`, value);
}
