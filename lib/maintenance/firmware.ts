import { EvError } from "../errors.ts";
import type { ShelfFile } from "../files/shelf.ts";
import type { OpenTransfer, Transfers } from "../files/transfers.ts";
import type { StationEvent } from "../messages.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { type FileRequest, fileBase, isAbout, isAddress, readFileRequest } from "./address.ts";
import { requireIdle } from "./guard.ts";
import { MaintenanceJob } from "./job.ts";
import type { MaintenanceCommand, MaintenanceDeps, Tell } from "./types.ts";

/** An update may take so long after its date, ms. */
const LASTS_MS = 2 * 3_600_000;

/** A charge point that says nothing of an update for so long after its date, or after what it said last, has given it up, ms. */
const SILENT_MS = 30 * 60_000;

/** A charge point that came back with its old firmware goes on with the update within this time, or not at all, ms. */
const GOES_ON_MS = 180_000;

/** An update that is further away is not followed, ms. */
const MOST_AHEAD_MS = 14 * 86_400_000;

const DONE: ReadonlySet<unknown> = new Set(["Installed"]);
const FAILED: ReadonlySet<unknown> = new Set([
  "DownloadFailed",
  "InstallationFailed",
  "InvalidSignature",
  "InstallVerificationFailed",
]);

/** The one update that a site has under way. */
export interface Update {
  chargePoint: string;
  job: MaintenanceJob;
}

const WAIT = "wait for its end, end it with CancelFirmwareUpdate, or send this one with force: true";

/** Where it is kept. */
export interface UpdateSlot {
  now: Update | null;
}

/**
 * Follows the update that is under way no longer, and hands its file out no longer. What the charge point does with it is its own
 * affair: OCPP 1.6 knows no message that takes an update back.
 * @returns its charge point; null = there was none
 */
export function giveUpUpdate(slot: UpdateSlot, reason: string): string | null {
  const { now } = slot;
  if (!now) return null;
  const { chargePoint, job } = now;
  job.end(
    { status: "GivenUp", reason },
    new EvError("EV_MAINTENANCE_FAILED", `the update of ${chargePoint}: ${reason}`),
  );
  return chargePoint;
}

/**
 * UpdateFirmware or SignedUpdateFirmware: not while a charge runs, and one at a time in a site; with `force` all the same, and the one
 * that is under way is given up. Without a location of its own the charge point fetches the file from us.
 * @returns the charge point's answer; its reports follow, the last one says how it ended
 * @throws EvError as StationHandle.call, EV_MAINTENANCE_REFUSED, EV_MESSAGE_INVALID
 */
export async function updateFirmware(
  deps: MaintenanceDeps,
  command: MaintenanceCommand,
  tell: Tell,
  update: UpdateSlot,
): Promise<Record<string, unknown>> {
  const { station, action, force } = command;
  const { identity } = station;
  const request = readFileRequest(command);
  const aheadMs = Math.max(0, dateOf(request) - deps.clock.wallMs());
  if (aheadMs > MOST_AHEAD_MS && isAddress(request.location))
    return station.call(action, command.payload, { priority: CALL_PRIORITY.command });
  if (aheadMs > MOST_AHEAD_MS)
    throw new EvError(
      "EV_MESSAGE_INVALID",
      `${action}: its date is more than 14 days ahead; no file is kept ready so long`,
    );
  if (update.now && !force)
    throw new EvError("EV_MAINTENANCE_REFUSED", `${update.now.chargePoint} is being updated; ${WAIT}`);
  giveUpUpdate(update, `an update of ${identity} was sent with force`);
  if (!force) requireIdle(station, action);
  const lastsMs = aheadMs + LASTS_MS;
  let transfer: OpenTransfer | null = null;
  const { firmware: before } = station;
  const job: MaintenanceJob = new MaintenanceJob({
    chargePoint: identity,
    what: `the update (${action})`,
    stations: deps.stations,
    clock: deps.clock,
    lastsMs,
    silentMs: aheadMs + SILENT_MS,
    tell,
    events: ["firmware", "boot"],
    onEvent: (event) => report(job, event, { identity, before, request }),
    onEnd: () => {
      transfer?.close();
      if (update.now?.job === job) update.now = null;
    },
  });
  // From here on no other update begins.
  update.now = { chargePoint: identity, job };
  const send = async () => {
    let { location } = request;
    if (!isAddress(location)) {
      const file = await firmwareFile(deps.files, command.file ?? location);
      const base = await fileBase(station, force);
      // The charge point took a while to answer; a charge may have begun meanwhile.
      if (!force) requireIdle(station, action);
      const fetched = (): void => {
        job.waitFor(SILENT_MS);
        job.progress({ status: "Fetched" });
      };
      transfer = deps.files.giveOut({ file, lastsMs, fetched });
      location = transfer.address(base);
    }
    return station.call(action, request.at(location), { priority: CALL_PRIORITY.command });
  };
  return job.begin(send, ({ status = "Accepted" }) => status === "Accepted" || status === "AcceptedCanceled");
}

/** When it begins, ms since 1970: the later of fetching and installing; 0 = at once. */
function dateOf({ file }: FileRequest): number {
  const dates = [file["retrieveDate"], file["retrieveDateTime"], file["installDateTime"]];
  return Math.max(...dates.map((date) => Date.parse(String(date)) || 0));
}

/** The file of this name, or the only one there is. */
async function firmwareFile({ shelf }: Transfers, name: string): Promise<ShelfFile> {
  const files = (await shelf.firmwareFiles()).filter(({ bytes }) => bytes > 0);
  const [only] = files;
  const file = name === "" && files.length === 1 ? only : files.find((one) => one.name === name);
  if (file) return file;
  const there = files.length > 0 ? `there is: ${files.map((one) => one.name).join(", ")}` : "there is none yet";
  const wanted = name === "" ? "a firmware file must be named" : `there is no firmware file ${name}`;
  throw new EvError("EV_MESSAGE_INVALID", `${wanted}; in ${shelf.firmware} ${there}`);
}

/** A charge point that comes back with another firmware has installed it, whatever it reports. */
function report(
  job: MaintenanceJob,
  { event, payload }: StationEvent,
  { identity, before, request }: { identity: string; before: string | null; request: FileRequest },
): void {
  if (event === "boot") {
    const now = payload["firmwareVersion"];
    if (typeof now === "string" && before !== null && now !== before)
      job.end({ status: "Installed", firmware: now, before }, null);
    else job.waitFor(GOES_ON_MS);
    return;
  }
  const { status } = payload;
  if (!isAbout(request, payload)) return;
  job.waitFor(SILENT_MS);
  const failed = FAILED.has(status) && !(status === "DownloadFailed" && request.retries > 0);
  if (DONE.has(status)) job.end({ status }, null);
  else if (failed)
    job.end({ status }, new EvError("EV_MAINTENANCE_FAILED", `the firmware of ${identity} was not updated: ${status}`));
  else job.progress({ status });
}
