import type { NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { readLine, useLine } from "./modbus-lines.ts";
import type { EvModbusNode } from "./node-types.ts";
import { Properties } from "./properties.ts";

/** A line for the time of a request. */
export interface BorrowedLine {
  bus: ModbusBus;
  timeoutMs: number;
  giveBack(): Promise<void>;
}

/**
 * The line that a dialog's request names: the deployed connection `bus`, or the one that `line` describes as an `ev-modbus` does, for
 * one that is not deployed as it stands.
 * @throws EvError EV_CONFIG_MISSING when there is none, EV_CONFIG_INVALID when it is described wrongly
 */
export function borrowLine(RED: NodeAPI, read: Properties): BorrowedLine {
  const described = read.object("line");
  if (!described) {
    const { bus, timeoutMs } = lineOf(RED, read.text("bus"));
    return { bus, timeoutMs, giveBack: async () => {} };
  }
  const values = Object.values(described);
  if (values.some((value) => typeof value === "string" && /^\$\{.*\}$/.test(value)))
    throw new EvError("EV_CONFIG_MISSING", "bus: the connection takes values from the environment; deploy it first");
  const { timeoutMs, ...settings } = readLine(new Properties(described));
  const { bus, release } = useLine(settings, "an open dialog");
  return { bus, timeoutMs, giveBack: () => release(true) };
}

/**
 * The line of the deployed connection that a property refers to.
 * @throws EvError EV_CONFIG_MISSING when it is not there or has errors
 */
export function lineOf(RED: NodeAPI, busId: string): NonNullable<EvModbusNode["line"]> {
  const bus = busId ? (RED.nodes.getNode(busId) as EvModbusNode | null) : null;
  if (!bus)
    throw new EvError(
      "EV_CONFIG_MISSING",
      `bus: ${busId ? `the connection ${busId} is missing or disabled` : "it is empty"}; choose one`,
    );
  if (!bus.line)
    throw new EvError("EV_CONFIG_MISSING", `bus: the connection ${busId} has an error of its own; correct that first`);
  return bus.line;
}
