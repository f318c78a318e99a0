import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, integer, message, optional, statusOnly } from "./schema.ts";

/** ExtendedTriggerMessage.req (security white paper §5.5–5.6). */
export const extendedTriggerMessageRequest = message({
  requestedMessage: choice("Which message; FirmwareStatusNotification stands for the one of signed updates.", [
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargePointCertificate",
    "StatusNotification",
  ]),
  connectorId: optional(integer("For which connector; for all of them when left out.", 1)),
});

/** ExtendedTriggerMessage.conf (security white paper §5.5–5.6). */
export const extendedTriggerMessageResponse = statusOnly("Whether the message will come.", [
  "Accepted",
  "Rejected",
  "NotImplemented",
]);

export const extendedTriggerMessage: ActionSpec = {
  action: "ExtendedTriggerMessage",
  initiator: "centralSystem",
  feature: "Security",
  description: "Asks the charge point to send a message of the security extension, or another, now.",
  request: extendedTriggerMessageRequest,
  response: extendedTriggerMessageResponse,
  sample: { requestedMessage: "SignChargePointCertificate" },
};

export type ExtendedTriggerMessageRequest = Static<typeof extendedTriggerMessageRequest>;
export type ExtendedTriggerMessageResponse = Static<typeof extendedTriggerMessageResponse>;
