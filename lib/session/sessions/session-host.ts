import type { SessionBook, SessionRecord } from "../../store/books/session-types.ts";
import type { JsonValue } from "../../units.ts";
import type { EnergyReading } from "../energy/energy.ts";
import type { PvShare } from "./pv-share.ts";
import type { BadgeNote, SessionConnector } from "./session-live.ts";
import type { EventMoment } from "./session-watch.ts";
import type { WrittenSessions } from "./written-sessions.ts";

/** A session as the book takes it. */
export type BookedSession = { record: SessionRecord; memory: JsonValue };

export type SessionNews = "open" | "update" | "close";

/** What the sessions of one charge point need of their site. */
export interface SessionHost {
  readonly book: SessionBook;
  readonly written: WrittenSessions;
  readonly sun: PvShare;
  /** What the configuration says of a connector. */
  outlet(chargePoint: string, connector: number): SessionConnector;
  /** The latest reading of the meter of a socket; null = none, or none that can be relied on. */
  meter?(chargePoint: string, connector: number, moment: EventMoment): EnergyReading | null;
  /** What the badge list says of a tag; null = nothing. */
  badge(chargePoint: string, idTag: string): BadgeNote | null;
  /** Whether the limit in force, not the car, sets the current; null = not known. */
  limited(chargePoint: string, connector: number): boolean | null;
  /** The charge point has a session now: its ticks are wanted until it is idle. */
  busy(): void;
  /** Something was learnt that a crash must not cost: it is to be written within a second. */
  soon(): void;
  /** Whether a charge point named a kWh meter when it started. */
  named(chargePoint: string, hasMeter: boolean): void;
  tell(news: SessionNews, record: SessionRecord): void;
}
