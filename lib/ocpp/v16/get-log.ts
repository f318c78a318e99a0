import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { address, choice, dateTime, integer, message, object, optional, seconds, text } from "./schema.ts";

/** GetLog.req (security white paper §5.9–5.10). */
export const getLogRequest = message({
  logType: choice("Which log.", ["DiagnosticsLog", "SecurityLog"]),
  requestId: integer("Number of this request, of your choice; LogStatusNotification repeats it."),
  log: object("What to upload, and to where.", {
    remoteLocation: address("Folder to upload to, as a URL. Empty = here.", 512),
    oldestTimestamp: optional(dateTime("Earliest entry to include.")),
    latestTimestamp: optional(dateTime("Latest entry to include.")),
  }),
  retries: optional(integer("How often to try again; the charge point decides when left out.", 0)),
  retryInterval: optional(seconds("How long to wait before another try.")),
});

/** GetLog.conf (security white paper §5.9–5.10). */
export const getLogResponse = message({
  status: choice("AcceptedCanceled: it will, and has broken off an earlier upload for it.", [
    "Accepted",
    "Rejected",
    "AcceptedCanceled",
  ]),
  filename: optional(text("Name of the file that will be uploaded; none when there is nothing to tell.", 255)),
});

export const getLog: ActionSpec = {
  action: "GetLog",
  initiator: "centralSystem",
  feature: "Security",
  description: "Asks for the upload of a log file to a location.",
  request: getLogRequest,
  response: getLogResponse,
  sample: { logType: "SecurityLog", requestId: 1, log: { remoteLocation: "https://192.0.2.1/logs" } },
};

export type GetLogRequest = Static<typeof getLogRequest>;
export type GetLogResponse = Static<typeof getLogResponse>;
