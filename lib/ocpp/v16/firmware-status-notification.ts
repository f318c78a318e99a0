import type { Static } from "typebox";
import { choice, empty, message } from "./schema.ts";

/** FirmwareStatusNotification.req (OCPP 1.6 §4.5). */
export const firmwareStatusNotificationRequest = message({
  status: choice([
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

export type FirmwareStatusNotificationRequest = Static<typeof firmwareStatusNotificationRequest>;
export type FirmwareStatusNotificationResponse = Static<typeof firmwareStatusNotificationResponse>;
