import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, empty, integer, message, optional } from "./schema.ts";

/** LogStatusNotification.req (security white paper §5.13–5.14). */
export const logStatusNotificationRequest = message({
  status: choice("How far the upload is, or why it failed.", [
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
  ]),
  requestId: optional(integer("Number of the GetLog that it belongs to.")),
});

/** LogStatusNotification.conf (security white paper §5.13–5.14). */
export const logStatusNotificationResponse = empty();

export const logStatusNotification: ActionSpec = {
  action: "LogStatusNotification",
  initiator: "chargePoint",
  feature: "Security",
  description: "Reports how the upload of a log file goes.",
  request: logStatusNotificationRequest,
  response: logStatusNotificationResponse,
};

export type LogStatusNotificationRequest = Static<typeof logStatusNotificationRequest>;
export type LogStatusNotificationResponse = Static<typeof logStatusNotificationResponse>;
