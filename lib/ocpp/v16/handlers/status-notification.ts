import type { StatusNotificationRequest, StatusNotificationResponse } from "../status-notification.ts";
import { emptyAfter, type Handler } from "./handler.ts";

/** §4.9. */
export const statusNotification: Handler<StatusNotificationRequest, StatusNotificationResponse> = (
  request,
  station,
  context,
) => emptyAfter(station.statusNotification(request, context));
