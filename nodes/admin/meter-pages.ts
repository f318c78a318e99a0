import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { inspectMeter } from "../../lib/metering/inspect.ts";
import { borrowLine } from "../runtime/borrowed-lines.ts";
import { readProfile } from "../runtime/meter-profiles.ts";
import { Properties } from "../runtime/properties.ts";
import { MeterScans } from "./meter-scans.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import type { InspectionPage, ScanPage } from "./types/meter-page-types.ts";

const scans = new MeterScans(systemClock);

/**
 * Serves the buttons of a meter's dialog. The line is the deployed connection `bus`, or the one that `line` describes as an `ev-modbus`
 * does, for a connection that is not deployed yet; `profile` and `customProfile` are those of the dialog.
 *
 * - `POST /ev-charging/meter-readings` with `unitId`: everything that the device says, raw and decoded.
 * - `POST /ev-charging/meter-scans` with `from`, `to`: begins to ask these unit ids, answers `{id}`;
 *   `GET /ev-charging/meter-scans/:id` tells how far it is (a scan that nobody asks about ends by itself), `DELETE` ends it.
 */
export function serveMeterTools(RED: NodeAPI): void {
  const mayWrite = needs(RED, "ev-charging.write");
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
  const profile = readProfile(RED, read, true);
  const unitId = read.number("unitId", 1, { min: 0, max: 255, integer: true });
  const { bus, timeoutMs, giveBack } = borrowLine(RED, read);
  try {
    return await inspectMeter({ bus, profile, unitId, timeoutMs, clock: systemClock });
  } finally {
    await giveBack();
  }
}

function beginScan(RED: NodeAPI, read: Properties): string {
  const profile = readProfile(RED, read, true);
  const from = read.number("from", 1, { min: 0, max: 255, integer: true });
  const to = read.number("to", 10, { min: from, max: 255, integer: true });
  const { bus, giveBack } = borrowLine(RED, read);
  return scans.begin({ bus, profile, from, to, over: () => void giveBack() });
}
