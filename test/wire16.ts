/** What stands between a charge point's object and OCPP 1.6, without a socket. */
import type { CallContext, Reply, StationFacts } from "../lib/ocpp/facts.ts";
import type { CallOptions, Order } from "../lib/ocpp/port.ts";
import { OCPP16 } from "../lib/ocpp/v16/dialect.ts";
import type {
  AuthorizeRequest,
  AuthorizeResponse,
  BootNotificationRequest,
  BootNotificationResponse,
  DataTransferRequest,
  DataTransferResponse,
  HeartbeatResponse,
  MeterValuesRequest,
  StartTransactionRequest,
  StartTransactionResponse,
  StatusNotificationRequest,
  StopTransactionRequest,
  StopTransactionResponse,
} from "../lib/ocpp/v16/index.ts";

/** Says messages of OCPP 1.6 to a charge point's object; what it answers is their confirmation. */
export function saying(station: StationFacts) {
  const say = (action: string, request: object, context: CallContext): unknown =>
    OCPP16.hear(action, request as Record<string, unknown>, station, context);
  return {
    say,
    authorize: (request: AuthorizeRequest, context: CallContext) =>
      say("Authorize", request, context) as Reply<AuthorizeResponse>,
    bootNotification: (request: BootNotificationRequest, context: CallContext) =>
      say("BootNotification", request, context) as BootNotificationResponse,
    dataTransfer: (request: DataTransferRequest, context: CallContext) =>
      say("DataTransfer", request, context) as DataTransferResponse,
    heartbeat: (context: CallContext) => say("Heartbeat", {}, context) as HeartbeatResponse,
    meterValues: (request: MeterValuesRequest, context: CallContext) => void say("MeterValues", request, context),
    startTransaction: (request: StartTransactionRequest, context: CallContext) =>
      say("StartTransaction", request, context) as Promise<StartTransactionResponse>,
    statusNotification: (request: StatusNotificationRequest, context: CallContext) =>
      void say("StatusNotification", request, context),
    stopTransaction: (request: StopTransactionRequest, context: CallContext) =>
      say("StopTransaction", request, context) as Promise<StopTransactionResponse>,
  };
}

/** Orders as the messages of OCPP 1.6 that they become. */
export function ordering(
  call: (action: string, payload: object, options: CallOptions) => Promise<Record<string, unknown>>,
): Order {
  return (order, given, options = {}) => {
    const { action, payload } = OCPP16.request(order, given);
    return call(action, payload, options);
  };
}
