import type { NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import { listSerialPorts } from "../../lib/modbus/serial-ports.ts";
import type { EvModbusNode } from "../ev-modbus.ts";
import type { LinePage, SerialPortPage } from "./meter-page-types.ts";
import { answering } from "./pages.ts";

/**
 * Serves the dialog of a connection: `GET /ev-charging/serial-ports` (those of this machine) and `GET /ev-charging/modbus/:id` (the
 * statistics of a deployed connection, null for one that is not).
 */
export function serveModbus(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission("ev-charging.read");
  RED.httpAdmin.get(
    "/ev-charging/serial-ports",
    mayRead,
    answering((): Promise<SerialPortPage[]> => listSerialPorts()),
  );
  RED.httpAdmin.get(
    "/ev-charging/modbus/:id",
    mayRead,
    answering((request): LinePage | null => {
      const node = RED.nodes.getNode(String(request.params["id"])) as EvModbusNode | null;
      return node?.line ? { text: node.line.text, statistics: node.line.bus.statistics() } : null;
    }),
  );
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
