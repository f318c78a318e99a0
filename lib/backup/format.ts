import type { ReadSettings } from "../station/setup/read-settings.ts";
import type { Badge } from "../store/books/badge-types.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import type { LimitCommandRecord } from "../store/types.ts";
import type { JsonValue } from "../units.ts";

export const BACKUP_FORMAT = "phasewise-site";
export const BACKUP_VERSION = 1;

/**
 * What a site knows from operation, as one JSON document. Passwords, limits in force and the memory of load management are not in it:
 * the first are secrets, the others are true only where and when they were written.
 */
export interface Backup {
  format: typeof BACKUP_FORMAT;
  version: typeof BACKUP_VERSION;
  /** ISO 8601 UTC. */
  ts: string;
  /** Null where badges were left out. */
  badges: Badge[] | null;
  /** What charge points showed of themselves, by identity. */
  chargePoints: Record<string, JsonValue>;
  /** What people call charge points; for reading: names are given in dialogs. */
  names: BackupName[];
  /** Settings of charge points as they were read last, without passwords. */
  chargerSettings: BackupSettings[];
  /** Limits from outside, with the times of their effect. */
  limitCommands: LimitCommandRecord[];
  /** To come, kept, and past. */
  reservations: ReservationRecord[];
  /** Charging sessions that have ended. */
  sessions: SessionRecord[];
}

/** What people call a charge point and its connectors, and where it is; empty = nothing was given. */
export interface BackupName {
  chargePoint: string;
  name: string;
  place: string;
  connectors: { number: number; name: string }[];
}

/** The settings of one charge point. */
export type BackupSettings = ReadSettings & { chargePoint: string };

/** What an import does, or would do. Nothing is ever removed. */
export interface ImportDiff {
  badges: { added: string[]; changed: string[]; same: number };
  chargePoints: { added: string[]; known: string[] };
  chargerSettings: { added: string[]; known: string[] };
  limitCommands: { added: number; known: number };
  /** `taken`: the connector is reserved here for that time already; `over`: they were to come then, and their time is over now. */
  reservations: { added: number; known: number; taken: number; over: number };
  sessions: { added: number; known: number };
}
