import type { TransactionRecord } from "../../store/types.ts";
import { believable } from "./session-begin.ts";
import type { LiveSession, SessionEnd } from "./session-live.ts";
import type { EventMoment, UnknownStop } from "./session-watch.ts";

/** No car, and nothing of the end of its transaction for this long: it will not come in time. */
const GONE_MS = 300_000;

/** Nothing heard at all for this long. */
const LOST_MS = 7 * 86_400_000;

/** The end as it was reported. It replaces an end that had been presumed. */
export function reportedEnd(record: TransactionRecord, session: LiveSession, moment: EventMoment): SessionEnd {
  const { startedWallMs } = session.kept;
  const stoppedWallMs = believable(record.stoppedWallMs ?? moment.wallMs, moment.wallMs);
  return {
    wallMs: stoppedWallMs >= startedWallMs ? stoppedWallMs : Math.max(startedWallMs, moment.wallMs),
    meterStopWh: record.meterStopWh,
    reason: record.stopReason,
    ...(session.closed && { flags: ["corrected"] }),
  };
}

/** The end of a transaction that the charge point numbered itself. */
export function unknownEnd(
  { stoppedWallMs, meterStopWh, stopReason: reason }: UnknownStop,
  { wallMs }: EventMoment,
): SessionEnd {
  return { wallMs: believable(stoppedWallMs, wallMs), meterStopWh, reason };
}

/** The presumed end of a session whose transaction's end was not reported; null while it may still be running. */
export function presumedEnd(session: LiveSession, { wallMs: nowWallMs }: EventMoment): SessionEnd | null {
  const { goneSinceWallMs, rebooted, times } = session;
  const { seenWallMs } = session.kept;
  const end = { meterStopWh: null, reason: "notReported", flags: ["presumedEnd" as const] };
  if (goneSinceWallMs !== null && nowWallMs - goneSinceWallMs >= GONE_MS) {
    return rebooted ? { ...end, wallMs: seenWallMs, reason: "PowerLoss" } : { ...end, wallMs: goneSinceWallMs };
  }
  const isLost = nowWallMs - seenWallMs >= LOST_MS && times.mode === null;
  return isLost ? { ...end, wallMs: seenWallMs } : null;
}

/** The end of a session without a transaction, by a status. @param stampMs the charge point's time of it; NaN = not told */
export function freeEnd(session: LiveSession, status: string, stampMs: number, { wallMs }: EventMoment): SessionEnd {
  const { seenWallMs } = session.kept;
  const end = { wallMs: seenWallMs, meterStopWh: null };
  if (session.rebooted) return { ...end, reason: "PowerLoss" };
  const toldMs = Math.max(seenWallMs, believable(stampMs, wallMs));
  return {
    ...end,
    wallMs: Math.min(wallMs, toldMs),
    reason: status === "Finishing" ? "Local" : "EVDisconnected",
  };
}
