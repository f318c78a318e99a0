import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, empty, message } from "./schema.ts";

/** DiagnosticsStatusNotification.req (OCPP 1.6 §4.4). */
export const diagnosticsStatusNotificationRequest = message({
  status: choice("How far the upload is.", ["Idle", "Uploaded", "UploadFailed", "Uploading"]),
});

/** DiagnosticsStatusNotification.conf (OCPP 1.6 §4.4). */
export const diagnosticsStatusNotificationResponse = empty();

export const diagnosticsStatusNotification: ActionSpec = {
  action: "DiagnosticsStatusNotification",
  initiator: "chargePoint",
  feature: "FirmwareManagement",
  description: "Reports how the upload of a diagnostics file goes.",
  request: diagnosticsStatusNotificationRequest,
  response: diagnosticsStatusNotificationResponse,
};

export type DiagnosticsStatusNotificationRequest = Static<typeof diagnosticsStatusNotificationRequest>;
export type DiagnosticsStatusNotificationResponse = Static<typeof diagnosticsStatusNotificationResponse>;
