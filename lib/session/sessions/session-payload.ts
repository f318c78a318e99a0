import { isoTime } from "../../clock.ts";
import type { ShownNames } from "../../shown-names.ts";
import type { SessionRecord } from "../../store/books/session-types.ts";
import type { SessionNews } from "./session-host.ts";

/** What people call the charge points of sessions. */
export type SessionNames = Pick<ShownNames, "connector" | "place" | "given">;

/** A session as messages carry it. Times are ISO 8601 UTC; null = not known, or not yet. */
export interface SessionPayload
  extends Omit<SessionRecord, "startedWallMs" | "endedWallMs" | "seenWallMs" | "closedNumber" | "midnights"> {
  start: string;
  end: string | null;
  /** From start to end; of an open one, to the last word of it. */
  durationS: number;
  /** What its connector is called now, else the identity; and where its charge point is. */
  name?: string;
  place?: string;
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
export function sessionPayload(record: SessionRecord, names?: SessionNames): SessionPayload {
  const { chargePoint, connector } = record;
  const { startedWallMs, endedWallMs, seenWallMs, closedNumber: _, midnights: _days, flags, ...rest } = record;
  return {
    ...rest,
    start: isoTime(startedWallMs),
    end: endedWallMs === null ? null : isoTime(endedWallMs),
    durationS: durationS(record),
    flags: [...flags],
    ...(names && { name: names.connector(chargePoint, connector), place: names.place(chargePoint) }),
  };
}

/** Whole seconds from its start to its end; of an open one, to the last word of it. */
export function durationS({ startedWallMs, endedWallMs, seenWallMs }: SessionRecord): number {
  return Math.max(0, Math.round(((endedWallMs ?? seenWallMs) - startedWallMs) / 1000));
}

/** What is told of a session. */
export function sessionMessage(news: SessionNews, record: SessionRecord, names?: SessionNames): SessionMessage {
  const { id, chargePoint, connector } = record;
  return {
    topic: `session/${news}`,
    event: news,
    session: id,
    chargePoint,
    connector,
    payload: sessionPayload(record, names),
  };
}
