import { type Fault, faultText } from "../../alarm/faults.ts";
import { isoTime } from "../../clock.ts";
import type { StationEvent, StationEventName } from "../../messages.ts";
import type { Heard } from "../../ocpp/facts.ts";
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
  source?: Heard,
): StationEvent {
  const message: StationEvent = {
    topic: `ocpp/${chargePoint}/${connector}/${event}`,
    chargePoint,
    connector,
    event,
    payload,
  };
  if (source) {
    const { action, messageId, version, receivedWallMs } = source;
    message.ocpp = { action, messageId, version, ts: isoTime(receivedWallMs) };
  }
  return message;
}

/** A fault as the payload of `status` words it. */
export function faultPayload(fault: Fault, language: Language) {
  const { key, severity, stopsCharging } = fault;
  return { key, severity, stopsCharging, ...faultText(fault, language) };
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
