import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, integer, message, optional, statusOnly } from "./schema.ts";

/** TriggerMessage.req (OCPP 1.6 §5.17). */
export const triggerMessageRequest = message({
  requestedMessage: choice("Which message.", [
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
  ]),
  connectorId: optional(integer("For which connector; for all of them when left out.", 1)),
});

/** TriggerMessage.conf (OCPP 1.6 §5.17). */
export const triggerMessageResponse = statusOnly("Whether the message will come.", [
  "Accepted",
  "Rejected",
  "NotImplemented",
]);

export const triggerMessage: ActionSpec = {
  action: "TriggerMessage",
  initiator: "centralSystem",
  feature: "RemoteTrigger",
  description: "Asks the charge point to send a message now.",
  request: triggerMessageRequest,
  response: triggerMessageResponse,
  sample: { requestedMessage: "StatusNotification", connectorId: 1 },
};

export type TriggerMessageRequest = Static<typeof triggerMessageRequest>;
export type TriggerMessageResponse = Static<typeof triggerMessageResponse>;
