import type { Static } from "typebox";
import { choice, empty, message } from "./schema.ts";

/** DiagnosticsStatusNotification.req (OCPP 1.6 §4.4). */
export const diagnosticsStatusNotificationRequest = message({
  status: choice(["Idle", "Uploaded", "UploadFailed", "Uploading"]),
});

/** DiagnosticsStatusNotification.conf (OCPP 1.6 §4.4). */
export const diagnosticsStatusNotificationResponse = empty();

export type DiagnosticsStatusNotificationRequest = Static<typeof diagnosticsStatusNotificationRequest>;
export type DiagnosticsStatusNotificationResponse = Static<typeof diagnosticsStatusNotificationResponse>;
