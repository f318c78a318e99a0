import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { dateTime, empty, message, optional, text } from "./schema.ts";

/** SecurityEventNotification.req (security white paper §5.15–5.16). */
export const securityEventNotificationRequest = message({
  type: text(
    "What happened, as the list of security events names it: TamperDetectionActivated, SettingSystemTime and more.",
    50,
  ),
  timestamp: dateTime("When it happened."),
  techInfo: optional(text("More about it, in technical words.", 255)),
});

/** SecurityEventNotification.conf (security white paper §5.15–5.16). */
export const securityEventNotificationResponse = empty();

export const securityEventNotification: ActionSpec = {
  action: "SecurityEventNotification",
  initiator: "chargePoint",
  feature: "Security",
  description: "Reports something that matters for security.",
  request: securityEventNotificationRequest,
  response: securityEventNotificationResponse,
};

export type SecurityEventNotificationRequest = Static<typeof securityEventNotificationRequest>;
export type SecurityEventNotificationResponse = Static<typeof securityEventNotificationResponse>;
