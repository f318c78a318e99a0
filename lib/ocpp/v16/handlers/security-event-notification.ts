import type {
  SecurityEventNotificationRequest,
  SecurityEventNotificationResponse,
} from "../security-event-notification.ts";
import type { Handler } from "./handler.ts";

/** Security white paper A04. */
export const securityEventNotification: Handler<SecurityEventNotificationRequest, SecurityEventNotificationResponse> = (
  request,
  station,
  context,
) => {
  station.notification("SecurityEventNotification", request, context);
  return {};
};
