import type {
  DiagnosticsStatusNotificationRequest,
  DiagnosticsStatusNotificationResponse,
} from "../diagnostics-status-notification.ts";
import type { Handler } from "./handler.ts";

/** §4.4. */
export const diagnosticsStatusNotification: Handler<
  DiagnosticsStatusNotificationRequest,
  DiagnosticsStatusNotificationResponse
> = (request, station, context) => {
  station.notification("DiagnosticsStatusNotification", request, context);
  return {};
};
