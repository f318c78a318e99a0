import type {
  SignedFirmwareStatusNotificationRequest,
  SignedFirmwareStatusNotificationResponse,
} from "../signed-firmware-status-notification.ts";
import type { Handler } from "./handler.ts";

/** Security white paper L01. */
export const signedFirmwareStatusNotification: Handler<
  SignedFirmwareStatusNotificationRequest,
  SignedFirmwareStatusNotificationResponse
> = (request, station, context) => {
  station.notification("SignedFirmwareStatusNotification", request, context);
  return {};
};
