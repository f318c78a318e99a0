import type {
  FirmwareStatusNotificationRequest,
  FirmwareStatusNotificationResponse,
} from "../firmware-status-notification.ts";
import type { Handler } from "./handler.ts";

/** §4.5. */
export const firmwareStatusNotification: Handler<
  FirmwareStatusNotificationRequest,
  FirmwareStatusNotificationResponse
> = (request, station, context) => {
  station.notification("FirmwareStatusNotification", request, context);
  return {};
};
