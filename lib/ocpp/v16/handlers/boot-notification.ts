import type { BootNotificationRequest, BootNotificationResponse } from "../boot-notification.ts";
import type { Handler } from "./handler.ts";

/** §4.2: the station decides whether it is accepted and at which interval it beats. */
export const bootNotification: Handler<BootNotificationRequest, BootNotificationResponse> = (
  request,
  station,
  context,
) => station.bootNotification(request, context);
