import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { listSerialPorts } from "../../lib/modbus/rtu-lines.ts";
import { borrowLine } from "../runtime/borrowed-lines.ts";
import type { EvModbusNode } from "../runtime/node-types.ts";
import { Properties } from "../runtime/properties.ts";
import { testLine } from "./line-test.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import type { LineTestPage } from "./types/dialog-page-types.ts";
import type { LinePage, SerialPortPage } from "./types/meter-page-types.ts";

/** So many units are asked in one test. */
const MOST_TESTED = 16;

/**
 * Serves the dialog of a connection: `GET /ev-charging/serial-ports` (those of this machine), `GET /ev-charging/modbus/:id` (the
 * statistics of a deployed connection, null for one that is not) and `POST /ev-charging/modbus-tests` (whether units answer on the
 * line that `bus` or `line` names; `unitIds` 1 when none is given).
 */
export function serveModbus(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
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
  RED.httpAdmin.post(
    "/ev-charging/modbus-tests",
    needs(RED, "ev-charging.write"),
    answering(({ body }) => runTest(RED, new Properties(bodyOf(body)))),
  );
}

async function runTest(RED: NodeAPI, read: Properties): Promise<LineTestPage> {
  const asked = read.texts("unitIds").map(Number);
  const unitIds = [...new Set(asked)].filter((id) => Number.isInteger(id) && id >= 0 && id <= 255);
  const line = borrowLine(RED, read);
  try {
    return await testLine(line, unitIds.length > 0 ? unitIds.slice(0, MOST_TESTED) : [1], systemClock);
  } finally {
    await line.giveBack();
  }
}
