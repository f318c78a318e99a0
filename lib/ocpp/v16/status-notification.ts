import type { Static } from "typebox";
import { choice, dateTime, empty, integer, message, optional, text } from "./schema.ts";

/** StatusNotification.req (OCPP 1.6 §4.9). */
export const statusNotificationRequest = message({
  connectorId: integer(0),
  errorCode: choice([
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "OverVoltage",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "WeakSignal",
  ]),
  info: optional(text(50)),
  status: choice([
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
  ]),
  timestamp: optional(dateTime()),
  vendorId: optional(text(255)),
  vendorErrorCode: optional(text(50)),
});

/** StatusNotification.conf (OCPP 1.6 §4.9). */
export const statusNotificationResponse = empty();

export type StatusNotificationRequest = Static<typeof statusNotificationRequest>;
export type StatusNotificationResponse = Static<typeof statusNotificationResponse>;
