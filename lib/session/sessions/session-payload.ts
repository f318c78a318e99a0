import { isoTime } from "../../clock.ts";
import type { SessionRecord } from "../../store/session-types.ts";
import type { SessionNews } from "./session-host.ts";

/** A session as messages carry it. Times are ISO 8601 UTC; null = not known, or not yet. */
export interface SessionPayload
  extends Omit<SessionRecord, "startedWallMs" | "endedWallMs" | "seenWallMs" | "closedNumber"> {
  start: string;
  end: string | null;
  /** From start to end; of an open one, to the last word of it. */
  durationS: number;
}

/** Out of ev-sessions, as it happens. */
export interface SessionMessage {
  topic: `session/${SessionNews}`;
  event: SessionNews;
  /** Its id. */
  session: string;
  chargePoint: string;
  connector: number;
  payload: SessionPayload;
}

/** A record as messages carry it. */
export function sessionPayload(record: SessionRecord): SessionPayload {
  const { startedWallMs, endedWallMs, seenWallMs, closedNumber: _, flags, ...rest } = record;
  return {
    ...rest,
    start: isoTime(startedWallMs),
    end: endedWallMs === null ? null : isoTime(endedWallMs),
    durationS: durationS(record),
    flags: [...flags],
  };
}

/** Whole seconds from its start to its end; of an open one, to the last word of it. */
export function durationS({ startedWallMs, endedWallMs, seenWallMs }: SessionRecord): number {
  return Math.max(0, Math.round(((endedWallMs ?? seenWallMs) - startedWallMs) / 1000));
}

/** What is told of a session. */
export function sessionMessage(news: SessionNews, record: SessionRecord): SessionMessage {
  const { id, chargePoint, connector } = record;
  return {
    topic: `session/${news}`,
    event: news,
    session: id,
    chargePoint,
    connector,
    payload: sessionPayload(record),
  };
}
