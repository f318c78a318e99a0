/** What we know of charges, in the words in which OCPP 1.6 reports them. Pure. */
import { isoTime } from "../clock.ts";
import type { MeterValue } from "../ocpp/v16/meter-value.ts";
import type { StatusNotificationRequest } from "../ocpp/v16/status-notification.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import type { UpstreamMessage, UpstreamRecord, UpstreamStart, UpstreamStop } from "../store/books/upstreams.ts";

/** Stands for a badge where a charge began without one. */
export const NO_BADGE = "NO-BADGE";

/** idTags of OCPP 1.6 are no longer (CiString20). */
const LONGEST_TAG = 20;

/** Why a transaction may end, in OCPP 1.6's own words. */
const REASONS: ReadonlySet<string> = new Set([
  ...["DeAuthorized", "EmergencyStop", "EVDisconnected", "HardReset", "Local", "Other", "PowerLoss", "Reboot"],
  ...["Remote", "SoftReset", "UnlockCommand"],
]);

/** The badge that a back end is told of. @param reportingTag stands for every badge where it is not empty */
export function reportedTag(idTag: string | null, reportingTag: string): string {
  return (reportingTag || idTag || NO_BADGE).slice(0, LONGEST_TAG);
}

/** A session as it is first written into the books of a back end. */
export function startOf(
  session: SessionRecord,
  backEnd: string,
  reportingTag: string,
  nowWallMs: number,
): UpstreamRecord {
  const { id, chargePoint, connector, idTag, startedWallMs, meterStartWh } = session;
  const start: UpstreamStart = {
    connectorId: Math.max(1, connector),
    idTag: reportedTag(idTag, reportingTag),
    meterStart: Math.round(meterStartWh ?? 0),
    timestamp: isoTime(startedWallMs),
  };
  return {
    ...{ backEnd, session: id, chargePoint, connector, startedWallMs, endedWallMs: null },
    ...{ state: "waiting", perhapsTwice: false, transactionId: null, start, stop: null },
    ...{ energyWh: null, reason: null, changedWallMs: nowWallMs },
  };
}

/**
 * The same with the end of the session. Its energy is ours: where a register jumped or began anew on the way, the difference between
 * both readings would be another one.
 */
export function endOf(record: UpstreamRecord, session: SessionRecord, nowWallMs: number): UpstreamRecord {
  const { endedWallMs, energyWh, stopReason, idTag } = session;
  const reportedWh = energyWh === null ? 0 : Math.max(0, Math.round(energyWh));
  const isOwnTag = idTag !== null && record.start.idTag === idTag.slice(0, LONGEST_TAG);
  const stop: UpstreamStop = {
    meterStop: record.start.meterStart + reportedWh,
    timestamp: isoTime(endedWallMs ?? nowWallMs),
    reason: stopReason !== null && REASONS.has(stopReason) ? stopReason : "Other",
    ...(isOwnTag && stopReason === "Local" && { idTag: record.start.idTag }),
  };
  return { ...record, endedWallMs, stop, energyWh: reportedWh, changedWallMs: nowWallMs };
}

/** Meter values of one sample: the register counts on from the start that was reported. */
export function sampleOf(record: UpstreamRecord, { sample, wallMs }: UpstreamMessage): MeterValue | null {
  const { energyWh = null, currentA = null, context = "Sample.Periodic" } = sample ?? {};
  const register =
    energyWh === null
      ? []
      : [{ ...sampled("Energy.Active.Import.Register", "Wh", record.start.meterStart + energyWh, 0), context }];
  const currents = (currentA ?? []).slice(0, 3).flatMap((amps, index) => {
    const phase = (["L1", "L2", "L3"] as const)[index];
    return amps === null || phase === undefined ? [] : [{ ...sampled("Current.Import", "A", amps, 1), context, phase }];
  });
  const sampledValue = [...register, ...currents];
  return sampledValue.length === 0 ? null : { timestamp: isoTime(wallMs), sampledValue };
}

function sampled<Measurand extends "Energy.Active.Import.Register" | "Current.Import", Unit extends "Wh" | "A">(
  measurand: Measurand,
  unit: Unit,
  value: number,
  decimals: number,
) {
  return { value: value.toFixed(decimals), measurand, unit };
}

/** What is known of one connector. */
export interface ConnectorNow {
  /** The charger cannot be reached. */
  isGone: boolean;
  /** OCPP's word for its state; null = not known. */
  status: string | null;
  errorCode: string | null;
  /** The load management pauses it. */
  isPaused: boolean;
}

type Status = Pick<StatusNotificationRequest, "status" | "errorCode">;

/**
 * The state of a connector as a back end is told. A car that we pause is told as SuspendedEVSE, whatever the charger calls it: for
 * SuspendedEV some operators charge idle fees.
 */
export function statusOf({ isGone, status, errorCode, isPaused }: ConnectorNow): Status {
  if (isGone) return { status: "Unavailable", errorCode: "NoError" };
  const told = status === null ? "Available" : status === "SuspendedEV" && isPaused ? "SuspendedEVSE" : status;
  return { status: told as Status["status"], errorCode: (errorCode ?? "NoError") as Status["errorCode"] };
}
