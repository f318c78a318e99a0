import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { address, dateTime, integer, message, optional, seconds, text } from "./schema.ts";

/** GetDiagnostics.req (OCPP 1.6 §5.9). */
export const getDiagnosticsRequest = message({
  location: address("Folder to upload to, as a URL: ftp://, ftps://, http:// or https://. Empty = here."),
  retries: optional(integer("How often to try again; the charge point decides when left out.", 0)),
  retryInterval: optional(seconds("How long to wait before another try.")),
  startTime: optional(dateTime("Earliest entry to include.")),
  stopTime: optional(dateTime("Latest entry to include.")),
});

/** GetDiagnostics.conf (OCPP 1.6 §5.9). */
export const getDiagnosticsResponse = message({
  fileName: optional(text("Name of the file that will be uploaded; none when there is nothing to tell.", 255)),
});

export const getDiagnostics: ActionSpec = {
  action: "GetDiagnostics",
  initiator: "centralSystem",
  feature: "FirmwareManagement",
  description: "Asks for the upload of a diagnostics file to a location.",
  request: getDiagnosticsRequest,
  response: getDiagnosticsResponse,
  sample: { location: "ftp://192.0.2.1/diagnostics" },
};

export type GetDiagnosticsRequest = Static<typeof getDiagnosticsRequest>;
export type GetDiagnosticsResponse = Static<typeof getDiagnosticsResponse>;
