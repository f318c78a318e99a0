import type { Static } from "typebox";
import { choice, integer, message, optional, statusOnly } from "./schema.ts";

/** TriggerMessage.req (OCPP 1.6 §5.17). */
export const triggerMessageRequest = message({
  requestedMessage: choice([
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
  ]),
  connectorId: optional(integer(1)),
});

/** TriggerMessage.conf (OCPP 1.6 §5.17). */
export const triggerMessageResponse = statusOnly(["Accepted", "Rejected", "NotImplemented"]);

export type TriggerMessageRequest = Static<typeof triggerMessageRequest>;
export type TriggerMessageResponse = Static<typeof triggerMessageResponse>;
