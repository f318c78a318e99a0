import type { LogStatusNotificationRequest, LogStatusNotificationResponse } from "../log-status-notification.ts";
import type { Handler } from "./handler.ts";

/** Security white paper N01. */
export const logStatusNotification: Handler<LogStatusNotificationRequest, LogStatusNotificationResponse> = (
  request,
  station,
  context,
) => {
  station.notification("LogStatusNotification", request, context);
  return {};
};
