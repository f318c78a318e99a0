import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { inspectMeter } from "../../lib/metering/inspect.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import type { InspectionPage, ScanPage } from "./meter-page-types.ts";
import { readProfile } from "./meter-profiles.ts";
import { MeterScans } from "./meter-scans.ts";
import { readLine, useLine } from "./modbus-lines.ts";
import { lineOf } from "./modbus-pages.ts";
import { answering, bodyOf } from "./pages.ts";
import { Properties } from "./properties.ts";

const scans = new MeterScans(systemClock);

/** A line for the time of a request. */
interface BorrowedLine {
  bus: ModbusBus;
  timeoutMs: number;
  giveBack(): Promise<void>;
}

/**
 * Serves the buttons of a meter's dialog. The line is the deployed connection `bus`, or the one that `line` describes as an `ev-modbus`
 * does, for a connection that is not deployed yet; `profile` and `customProfile` are those of the dialog.
 *
 * - `POST /ev-charging/meter-readings` with `unitId`: everything that the device says, raw and decoded.
 * - `POST /ev-charging/meter-scans` with `from`, `to`: begins to ask these unit ids, answers `{id}`;
 *   `GET /ev-charging/meter-scans/:id` tells how far it is (a scan that nobody asks about ends by itself), `DELETE` ends it.
 */
export function serveMeterTools(RED: NodeAPI): void {
  const mayWrite = RED.auth.needsPermission("ev-charging.write");
  RED.httpAdmin.post(
    "/ev-charging/meter-readings",
    mayWrite,
    answering(({ body }): Promise<InspectionPage> => readNow(RED, new Properties(bodyOf(body)))),
  );
  const scansRoute = "/ev-charging/meter-scans";
  RED.httpAdmin.post(
    scansRoute,
    mayWrite,
    answering(({ body }) => ({ id: beginScan(RED, new Properties(bodyOf(body))) })),
  );
  RED.httpAdmin.get(
    `${scansRoute}/:id`,
    mayWrite,
    answering(({ params }): ScanPage => scans.page(String(params["id"]))),
  );
  RED.httpAdmin.delete(
    `${scansRoute}/:id`,
    mayWrite,
    answering(({ params }): ScanPage => scans.cancel(String(params["id"]))),
  );
}

async function readNow(RED: NodeAPI, read: Properties): Promise<InspectionPage> {
  const profile = readProfile(RED, read);
  const unitId = read.number("unitId", 1, { min: 0, max: 255, integer: true });
  const { bus, timeoutMs, giveBack } = borrow(RED, read);
  try {
    return await inspectMeter({ bus, profile, unitId, timeoutMs, clock: systemClock });
  } finally {
    await giveBack();
  }
}

function beginScan(RED: NodeAPI, read: Properties): string {
  const profile = readProfile(RED, read);
  const from = read.number("from", 1, { min: 0, max: 255, integer: true });
  const to = read.number("to", 10, { min: from, max: 255, integer: true });
  const { bus, giveBack } = borrow(RED, read);
  return scans.begin({ bus, profile, from, to, over: () => void giveBack() });
}

function borrow(RED: NodeAPI, read: Properties): BorrowedLine {
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
