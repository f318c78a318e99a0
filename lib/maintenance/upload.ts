import { EvError } from "../errors.ts";
import type { KeptUpload } from "../files/kept-uploads.ts";
import type { OpenTransfer } from "../files/transfers.ts";
import type { ReceivedFile } from "../files/upload.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { stationEvent } from "../station/connection/events.ts";
import { type FileRequest, fileBase, isAbout, isAddress, readFileRequest } from "./address.ts";
import { MaintenanceJob } from "./job.ts";
import type { MaintenanceCommand, MaintenanceDeps, Tell } from "./types.ts";

/** A charge point has so long to upload its file, ms. */
const LASTS_MS = 3_600_000;

const FAILED: ReadonlySet<unknown> = new Set([
  "UploadFailed",
  "UploadFailure",
  "BadMessage",
  "NotSupportedOperation",
  "PermissionDenied",
]);

/**
 * GetDiagnostics or GetLog. Without a location of its own the file comes to us and is announced (`file`).
 * @returns the charge point's answer; reports follow, the file or a failure last
 * @throws EvError as StationHandle.call, EV_MAINTENANCE_REFUSED
 */
export async function fetchFile(
  deps: MaintenanceDeps,
  command: MaintenanceCommand,
  tell: Tell,
  jobs: Set<MaintenanceJob>,
): Promise<Record<string, unknown>> {
  const { station, action, force } = command;
  const request = readFileRequest(command);
  const own = !isAddress(request.location);
  const base = own ? await fileBase(station, force) : null;
  let transfer: OpenTransfer | null = null;
  const job: MaintenanceJob = new MaintenanceJob({
    chargePoint: station.identity,
    what: `the upload (${action})`,
    stations: deps.stations,
    clock: deps.clock,
    lastsMs: LASTS_MS,
    tell,
    events: ["diagnostics"],
    onEvent: ({ payload }) => report(job, payload, request, station.identity, own),
    onEnd: () => {
      transfer?.close();
      jobs.delete(job);
    },
  });
  jobs.add(job);
  transfer = base === null ? null : openWindow(deps, command, request, job);
  const location = transfer && base !== null ? transfer.address(base) : request.location;
  return job.begin(
    () => station.call(action, request.at(location), { priority: CALL_PRIORITY.command }),
    (answer) => willUpload(action, answer),
  );
}

/** Tells that a file has come. */
export function announceFile(
  stations: MaintenanceDeps["stations"],
  { chargePoint, kind, requestId }: Pick<KeptUpload, "chargePoint" | "kind" | "requestId">,
  file: ReceivedFile,
): void {
  stations.report(stationEvent("file", chargePoint, 0, { kind, requestId, ...file }));
}

function openWindow(
  { files, stations }: MaintenanceDeps,
  { station, action }: MaintenanceCommand,
  { requestId }: FileRequest,
  job: MaintenanceJob,
): OpenTransfer {
  const kind = action === "GetLog" ? "log" : "diagnostics";
  const upload = { chargePoint: station.identity, kind, requestId } as const;
  return files.takeOne({
    ...upload,
    lastsMs: LASTS_MS,
    received: (file: ReceivedFile) => {
      announceFile(stations, upload, file);
      job.end({ status: "Uploaded", file: { kind, requestId, ...file } }, null);
    },
    failed: (reason) => job.progress({ status: "AttemptFailed", reason }),
    expired: () => {},
  });
}

/** Without a file name a charge point has nothing to tell (OCPP 1.6 §5.9); some leave it out and upload all the same. */
function willUpload(action: string, { status }: Record<string, unknown>): boolean {
  return action === "GetDiagnostics" || status === "Accepted" || status === "AcceptedCanceled";
}

function report(
  job: MaintenanceJob,
  payload: Record<string, unknown>,
  request: FileRequest,
  identity: string,
  own: boolean,
): void {
  const { status } = payload;
  if (!isAbout(request, payload)) return;
  const failed = FAILED.has(status) && request.retries === 0;
  if (failed)
    job.end({ status }, new EvError("EV_MAINTENANCE_FAILED", `${identity} could not upload the file: ${status}`));
  else if (status === "Uploaded" && !own) job.end({ status }, null);
  else job.progress({ status });
}
