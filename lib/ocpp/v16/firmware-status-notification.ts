import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, empty, message } from "./schema.ts";

/** FirmwareStatusNotification.req (OCPP 1.6 §4.5). */
export const firmwareStatusNotificationRequest = message({
  status: choice("How far the update is.", [
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
  ]),
});

/** FirmwareStatusNotification.conf (OCPP 1.6 §4.5). */
export const firmwareStatusNotificationResponse = empty();

export const firmwareStatusNotification: ActionSpec = {
  action: "FirmwareStatusNotification",
  initiator: "chargePoint",
  feature: "FirmwareManagement",
  description: "Reports how a firmware update goes.",
  request: firmwareStatusNotificationRequest,
  response: firmwareStatusNotificationResponse,
};

export type FirmwareStatusNotificationRequest = Static<typeof firmwareStatusNotificationRequest>;
export type FirmwareStatusNotificationResponse = Static<typeof firmwareStatusNotificationResponse>;
