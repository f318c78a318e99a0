import type { Static } from "typebox";
import { choice, dateTime, integer, message, optional, text } from "./schema.ts";

/** BootNotification.req (OCPP 1.6 §4.2). */
export const bootNotificationRequest = message({
  chargePointVendor: text(20),
  chargePointModel: text(20),
  chargePointSerialNumber: optional(text(25)),
  chargeBoxSerialNumber: optional(text(25)),
  firmwareVersion: optional(text(50)),
  iccid: optional(text(20)),
  imsi: optional(text(20)),
  meterType: optional(text(25)),
  meterSerialNumber: optional(text(25)),
});

/** BootNotification.conf (OCPP 1.6 §4.2). */
export const bootNotificationResponse = message({
  currentTime: dateTime(),
  interval: integer(0),
  status: choice(["Accepted", "Pending", "Rejected"]),
});

export type BootNotificationRequest = Static<typeof bootNotificationRequest>;
export type BootNotificationResponse = Static<typeof bootNotificationResponse>;
