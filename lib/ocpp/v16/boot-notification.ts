import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, dateTime, message, optional, seconds, text } from "./schema.ts";

/** BootNotification.req (OCPP 1.6 §4.2). */
export const bootNotificationRequest = message({
  chargePointVendor: text("Who made the charge point.", 20),
  chargePointModel: text("Model of the charge point.", 20),
  chargePointSerialNumber: optional(text("Serial number of the charge point.", 25)),
  chargeBoxSerialNumber: optional(text("Serial number of the box in it; out of use.", 25)),
  firmwareVersion: optional(text("Version of its firmware.", 50)),
  iccid: optional(text("Number of the SIM card (ICCID).", 20)),
  imsi: optional(text("Subscriber number of the SIM card (IMSI).", 20)),
  meterType: optional(text("Type of its main meter.", 25)),
  meterSerialNumber: optional(text("Serial number of its main meter.", 25)),
});

/** BootNotification.conf (OCPP 1.6 §4.2). */
export const bootNotificationResponse = message({
  currentTime: dateTime("The central system's time."),
  interval: seconds("Accepted: how often to send a heartbeat. Else: how long to wait before asking again."),
  status: choice("Whether the charge point is served.", ["Accepted", "Pending", "Rejected"]),
});

export const bootNotification: ActionSpec = {
  action: "BootNotification",
  initiator: "chargePoint",
  feature: "Core",
  description: "Reports vendor, model and firmware after a start and asks to be accepted.",
  request: bootNotificationRequest,
  response: bootNotificationResponse,
};

export type BootNotificationRequest = Static<typeof bootNotificationRequest>;
export type BootNotificationResponse = Static<typeof bootNotificationResponse>;
