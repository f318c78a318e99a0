import type { CallContext, Reply, StationPort } from "../port.ts";
import { EMPTY } from "../rpc/frame.ts";
import type { AuthorizeRequest } from "./authorize.ts";
import type { BootNotificationRequest } from "./boot-notification.ts";
import type { DataTransferRequest } from "./data-transfer.ts";
import type { DiagnosticsStatusNotificationRequest } from "./diagnostics-status-notification.ts";
import type { FirmwareStatusNotificationRequest } from "./firmware-status-notification.ts";
import type { LogStatusNotificationRequest } from "./log-status-notification.ts";
import type { MeterValuesRequest } from "./meter-values.ts";
import type { SecurityEventNotificationRequest } from "./security-event-notification.ts";
import type { SignCertificateRequest, SignCertificateResponse } from "./sign-certificate.ts";
import type { SignedFirmwareStatusNotificationRequest } from "./signed-firmware-status-notification.ts";
import type { StartTransactionRequest } from "./start-transaction.ts";
import type { StatusNotificationRequest } from "./status-notification.ts";
import type { StopTransactionRequest } from "./stop-transaction.ts";

/** Turns the checked payload of one action into its confirmation. */
export type Handler<Request, Response> = (
  request: Request,
  station: StationPort,
  context: CallContext,
) => Reply<Response>;

const REJECTED: SignCertificateResponse = { status: "Rejected" };

/**
 * What a charge point may ask of the central system, by action. Each payload has passed its own action's schema and is handed to the
 * station, whose answer goes back to the wire.
 */
export const HANDLERS: ReadonlyMap<string, Handler<never, object>> = new Map<string, Handler<never, object>>([
  // §4.1: the station decides about the badge.
  ["Authorize", (request: AuthorizeRequest, station, context) => station.authorize(request, context)],
  // §4.2: the station decides whether it is accepted and at which interval it beats.
  [
    "BootNotification",
    (request: BootNotificationRequest, station, context) => station.bootNotification(request, context),
  ],
  // §4.3
  ["DataTransfer", (request: DataTransferRequest, station, context) => station.dataTransfer(request, context)],
  // §4.4
  [
    "DiagnosticsStatusNotification",
    (request: DiagnosticsStatusNotificationRequest, station, context) =>
      emptyAfter(station.notification("DiagnosticsStatusNotification", request, context)),
  ],
  // §4.5
  [
    "FirmwareStatusNotification",
    (request: FirmwareStatusNotificationRequest, station, context) =>
      emptyAfter(station.notification("FirmwareStatusNotification", request, context)),
  ],
  // §4.6
  ["Heartbeat", (_request, station, context) => station.heartbeat(context)],
  // Security white paper N01
  [
    "LogStatusNotification",
    (request: LogStatusNotificationRequest, station, context) =>
      emptyAfter(station.notification("LogStatusNotification", request, context)),
  ],
  // §4.7
  ["MeterValues", (request: MeterValuesRequest, station, context) => emptyAfter(station.meterValues(request, context))],
  // Security white paper A04
  [
    "SecurityEventNotification",
    (request: SecurityEventNotificationRequest, station, context) =>
      emptyAfter(station.notification("SecurityEventNotification", request, context)),
  ],
  // Security white paper A02.FR.12, A03.FR.12: rejected, because there is no certificate authority to hand the request to.
  [
    "SignCertificate",
    (request: SignCertificateRequest, station, context) => {
      station.notification("SignCertificate", request, context);
      return REJECTED;
    },
  ],
  // Security white paper L01
  [
    "SignedFirmwareStatusNotification",
    (request: SignedFirmwareStatusNotificationRequest, station, context) =>
      emptyAfter(station.notification("SignedFirmwareStatusNotification", request, context)),
  ],
  // §4.8: confirmed when the transaction is durable.
  [
    "StartTransaction",
    (request: StartTransactionRequest, station, context) => station.startTransaction(request, context),
  ],
  // §4.9
  [
    "StatusNotification",
    (request: StatusNotificationRequest, station, context) => emptyAfter(station.statusNotification(request, context)),
  ],
  // §4.10: confirmed when the end is durable.
  ["StopTransaction", (request: StopTransactionRequest, station, context) => station.stopTransaction(request, context)],
]);

/** The confirmation without members, once the station has taken the message in. */
function emptyAfter(done: Reply<void>): Reply<Record<string, never>> {
  return done instanceof Promise ? done.then(() => EMPTY) : EMPTY;
}
