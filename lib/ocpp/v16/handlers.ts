import { isoTime } from "../../clock.ts";
import type { StationEventName } from "../../messages.ts";
import type { CallContext, Heard, Reply, StationFacts } from "../facts.ts";
import { EMPTY } from "../rpc/frame.ts";
import type { AuthorizeRequest } from "./authorize.ts";
import type { BootNotificationRequest } from "./boot-notification.ts";
import type { MeterValuesRequest } from "./meter-values.ts";
import type { SignCertificateRequest } from "./sign-certificate.ts";
import type { StartTransactionRequest } from "./start-transaction.ts";
import type { StatusNotificationRequest } from "./status-notification.ts";
import type { StopTransactionRequest } from "./stop-transaction.ts";
import { sampledTransactionOf, transactionIdOf } from "./transaction-id.ts";

type Payload = Record<string, unknown>;

/** Tells the station the fact in the checked payload of one action, and makes its answer the confirmation. */
export type Handler = (payload: Payload, station: StationFacts, context: CallContext) => Reply<object>;

/** What a charge point may ask of the central system, by action; the numbers are those of the specification's chapters. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  handler("Authorize", ({ idTag }: AuthorizeRequest, station, heard) =>
    after(station.authorize(idTag, heard), (idTagInfo) => ({ idTagInfo })),
  ),
  handler("BootNotification", (request: BootNotificationRequest, station, heard) => {
    const { chargePointVendor: vendor, chargePointModel: model, firmwareVersion: firmware = null } = request;
    const hasMeter = Boolean(request.meterType || request.meterSerialNumber);
    return after(station.booted({ vendor, model, firmware, hasMeter }, heard), ({ status, intervalS, wallMs }) => {
      return { status, interval: intervalS, currentTime: isoTime(wallMs) };
    });
  }),
  handler("DataTransfer", (_request, station, heard) =>
    after(station.data(heard), (answer) => (typeof answer === "string" ? { status: answer } : answer)),
  ),
  handler("Heartbeat", (_request, station, heard) =>
    after(station.heartbeat(heard), (wallMs) => ({ currentTime: isoTime(wallMs) })),
  ),
  handler("MeterValues", ({ connectorId, transactionId, meterValue }: MeterValuesRequest, station, heard) => {
    const told = {
      connector: connectorId,
      transactionId: sampledTransactionOf(transactionId),
      ofTransaction: transactionId !== undefined,
      samples: meterValue,
    };
    return after(station.measured(told, heard), () => EMPTY);
  }),
  handler("StartTransaction", ({ connectorId, idTag, ...request }: StartTransactionRequest, station, heard) => {
    const startedWallMs = Date.parse(request.timestamp);
    const { reservationId } = request;
    const start = {
      ...{ connector: connectorId, idTag, startedWallMs, meterStartWh: wattHours(request.meterStart) },
      ...(reservationId !== undefined && { reservationId }),
    };
    return after(station.started(start, heard), ({ transactionId, badge }) => {
      return { transactionId: Number(transactionId), idTagInfo: badge };
    });
  }),
  handler(
    "StatusNotification",
    ({ connectorId, status, errorCode, ...more }: StatusNotificationRequest, station, heard) => {
      const fact = {
        connector: connectorId,
        status,
        errorCode,
        timestampMs: more.timestamp === undefined ? Number.NaN : Date.parse(more.timestamp),
        vendorId: more.vendorId ?? null,
        vendorErrorCode: more.vendorErrorCode ?? null,
        info: more.info ?? null,
      };
      return after(station.status(fact, heard), () => EMPTY);
    },
  ),
  handler("StopTransaction", (request: StopTransactionRequest, station, heard) => {
    const stop = {
      transactionId: transactionIdOf(request.transactionId),
      stoppedWallMs: Date.parse(request.timestamp),
      meterStopWh: wattHours(request.meterStop),
      idTag: request.idTag ?? null,
      reason: request.reason ?? null,
      samples: request.transactionData ?? [],
    };
    return after(station.stopped(stop, heard), (badge) => (badge ? { idTagInfo: badge } : {}));
  }),
  notice("DiagnosticsStatusNotification", "diagnostics", progress),
  notice("FirmwareStatusNotification", "firmware", progress),
  // Security white paper N01.
  notice("LogStatusNotification", "diagnostics", progress),
  // Security white paper A04.
  notice("SecurityEventNotification", "security", (request) => ({ techInfo: null, ...request })),
  // Security white paper A02, A03.
  handler("SignCertificate", ({ csr }: SignCertificateRequest, station, heard) =>
    after(station.signRequested(csr, heard), (isSigned) => ({ status: isSigned ? "Accepted" : "Rejected" })),
  ),
  // Security white paper L01.
  notice("SignedFirmwareStatusNotification", "firmware", progress),
]);

function handler<Request>(
  action: string,
  tell: (request: Request, station: StationFacts, heard: Heard) => Reply<object>,
): [string, Handler] {
  const answer: Handler = (payload, station, { messageId, receivedAtMs, receivedWallMs }) =>
    tell(payload as Request, station, { messageId, receivedAtMs, receivedWallMs, version: "1.6", action, payload });
  return [action, answer];
}

/** A message that is passed on as an event and confirmed by the same words each time. */
function notice(
  action: string,
  event: StationEventName,
  payload: (request: Payload) => Payload,
  confirmation: object = EMPTY,
): [string, Handler] {
  return handler(action, (request: Payload, station, heard) => {
    station.notified(event, () => ({ action, ...payload(request) }), heard);
    return confirmation;
  });
}

/** How far an update or an upload is. */
function progress({ status, requestId = null }: Payload): Payload {
  return { status, requestId };
}

/** A register reading; negative and overflowed values mean unknown. */
function wattHours(value: number): number | null {
  return Number.isFinite(value) && value >= 0 && value < 2 ** 31 - 1 ? value : null;
}

/** Goes on at once where it can. */
function after<T>(value: Reply<T>, next: (value: T) => object): Reply<object> {
  return value instanceof Promise ? value.then(next) : next(value);
}
