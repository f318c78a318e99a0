import type { Static } from "typebox";
import { ERROR_CODES, STATUSES } from "../status-words.ts";
import type { ActionSpec } from "./action.ts";
import { choice, dateTime, empty, integer, message, optional, text } from "./schema.ts";

/** StatusNotification.req (OCPP 1.6 §4.9). */
export const statusNotificationRequest = message({
  connectorId: integer("The connector; 0 = the charge point as a whole.", 0),
  errorCode: choice("What is wrong; NoError when nothing is.", ERROR_CODES),
  info: optional(text("More about the error, in free words.", 50)),
  status: choice("The state it is in.", STATUSES),
  timestamp: optional(dateTime("Since when; the time of receipt without it.")),
  vendorId: optional(text("Whose error code it is.", 255)),
  vendorErrorCode: optional(text("The vendor's own error code.", 50)),
});

/** StatusNotification.conf (OCPP 1.6 §4.9). */
export const statusNotificationResponse = empty();

export const statusNotification: ActionSpec = {
  action: "StatusNotification",
  initiator: "chargePoint",
  feature: "Core",
  description: "Reports the state of a connector, or of the charge point as connector 0.",
  request: statusNotificationRequest,
  response: statusNotificationResponse,
};

export type StatusNotificationRequest = Static<typeof statusNotificationRequest>;
export type StatusNotificationResponse = Static<typeof statusNotificationResponse>;
