import { type Fault, faultIn } from "../../alarm/faults/index.ts";
import { isoTime } from "../../clock.ts";
import type { StationEvent, StationEventName } from "../../messages.ts";
import type { CallContext } from "../../ocpp/port.ts";
import type { TransactionRecord } from "../../store/types.ts";
import type { Language } from "../../words/types.ts";
import type { MeterReading } from "../transactions/meter-values.ts";

export { redactFrame } from "../../ocpp/log/redact.ts";

/** An event message as the contract shapes it. @param connector 0 for the charge point as a whole */
export function stationEvent(
  event: StationEventName,
  chargePoint: string,
  connector: number,
  payload: Record<string, unknown>,
  source?: { action: string; context: CallContext },
): StationEvent {
  const message: StationEvent = {
    topic: `ocpp/${chargePoint}/${connector}/${event}`,
    chargePoint,
    connector,
    event,
    payload,
  };
  if (source) {
    const { messageId, receivedWallMs } = source.context;
    message.ocpp = { action: source.action, messageId, version: "1.6", ts: isoTime(receivedWallMs) };
  }
  return message;
}

/** Notifications that are passed on as they are, by the event they become. */
const NOTIFICATIONS: ReadonlyMap<string, StationEventName> = new Map([
  ["DiagnosticsStatusNotification", "diagnostics"],
  ["FirmwareStatusNotification", "firmware"],
  ["LogStatusNotification", "diagnostics"],
  ["SecurityEventNotification", "security"],
  ["SignCertificate", "certificate"],
  ["SignedFirmwareStatusNotification", "firmware"],
]);

/** The event that a notification becomes. */
export function notificationEvent(action: string): StationEventName {
  return NOTIFICATIONS.get(action) ?? "unknown";
}

/** Payload of such an event: what was reported, and null for what may be left out. */
export function notificationPayload(action: string, request: Record<string, unknown>): Record<string, unknown> {
  const { status, requestId = null, csr, techInfo = null } = request;
  switch (notificationEvent(action)) {
    case "diagnostics":
    case "firmware":
      return { action, status, requestId };
    case "certificate":
      return { action, csr, status: "Rejected" };
    case "security":
      return { action, ...request, techInfo };
    default:
      return { action, ...request };
  }
}

/** What is wrong, as the payload of `status` words it. */
export function faultPayload(fault: Fault, language: Language) {
  const { key, severity, stopsCharging, name, text, cause, action } = faultIn(fault, language);
  return { key, severity, stopsCharging, name, text, cause, action };
}

/** Payload of `transaction.start`. */
export function startPayload(record: TransactionRecord): Record<string, unknown> {
  const { transactionId, idTag, meterStartWh, startedWallMs, idTagStatus } = record;
  return { transactionId, idTag, meterStartWh, startedAt: isoTime(startedWallMs), status: idTagStatus };
}

/** Payload of `transaction.stop`. @param record null for a transaction of which nothing is known */
export function stopPayload(transactionId: string, record: TransactionRecord | null): Record<string, unknown> {
  const { meterStartWh = null, meterStopWh = null, stopReason = null, stoppedWallMs = null } = record ?? {};
  return {
    transactionId,
    reason: stopReason,
    meterStopWh,
    energyWh: meterStartWh !== null && meterStopWh !== null ? meterStopWh - meterStartWh : null,
    stoppedAt: stoppedWallMs === null ? null : isoTime(stoppedWallMs),
  };
}

/** Payload of `meter`. @param replay stored by the charge point and sent late */
export function meterPayload(
  reading: MeterReading,
  transactionId: string | null,
  replay: boolean,
): Record<string, unknown> {
  // Name by name: for thousands of them a second, spreading takes three times as long.
  const { timestampMs, currentA, voltageV, powerW, phasePowerW, energyWh, offeredA, socPercent } = reading;
  const ts = Number.isFinite(timestampMs) ? isoTime(timestampMs) : null;
  return { ts, currentA, voltageV, powerW, phasePowerW, energyWh, offeredA, socPercent, transactionId, replay };
}
