import type { JsonValue } from "../../units.ts";

/**
 * Where a session's energy comes from: the meter of its socket, the two readings of its transaction, the register in between, or power
 * over time.
 */
export type EnergySource = "meter" | "transaction" | "register" | "power";

/**
 * `meter`: the charge point named its kWh meter; `charger`: a register of which only the charge point knows what stands behind it
 * (inside, some measure apparent power by current transformers); `computed`: power or current over time.
 */
export type MeterKind = "meter" | "charger" | "computed";

/** What is peculiar about a record. */
export type SessionFlag =
  /** Began while the charge point was not connected: the times are its own. */
  | "offlineStart"
  /** The charge point's time stamps made no sense; times of arrival stand in their place. */
  | "clockWrong"
  /** No transaction: free charging, or a charger without OCPP. */
  | "noTransaction"
  /** A transaction that the charge point numbered itself. */
  | "foreignTransaction"
  /** Went on after the charge point had started anew. */
  | "resumed"
  /** Nothing was heard of its end; it was concluded. */
  | "presumedEnd"
  /** Its end was reported after it had been concluded. */
  | "corrected"
  /** Came with a backup: it was recorded elsewhere, or before. */
  | "restored"
  /** Only in reports: takes back the row of an earlier one. */
  | "reversal"
  /** The register began anew, or jumped, on the way. */
  | "registerReset"
  | "registerJump"
  /** Sources contradict each other. */
  | "energyDoubtful";

/** One charging session. Wall times are ms since 1970; null = not known, or not yet. */
export interface SessionRecord {
  /** Stable: the charge point with its transaction, or with connector and time where there is none. */
  id: string;
  /** Counts the sessions of the site in the order in which they became known. */
  number: number;
  /** Counts the sessions in the order of their ends; null while it is open. */
  closedNumber: number | null;
  chargePoint: string;
  connector: number;
  /** Name of the zone at the start. */
  zone: string | null;
  transactionId: string | null;
  idTag: string | null;
  /** Whose badge it was, and what the badge list said of it, at the end. */
  user: string | null;
  comment: string | null;
  startedWallMs: number;
  endedWallMs: number | null;
  /** When the charge point last said anything of it. */
  seenWallMs: number;
  meterStartWh: number | null;
  meterStopWh: number | null;
  energyWh: number | null;
  energySource: EnergySource | null;
  meterKind: MeterKind | null;
  /** Part of the energy that did not come from the grid, 0..1. */
  pvShare: number | null;
  /** Current flowed; it waited for current or permission; the car asked for none. The rest was not observed. */
  chargingS: number;
  waitingS: number;
  idleS: number;
  /** Part of `chargingS` in which the limit, not the car, set the current. */
  limitedS: number;
  /** Phases the car drew from. */
  chargeType: "1-phase" | "2-phase" | "3-phase" | null;
  socketType: string | null;
  stopReason: string | null;
  flags: SessionFlag[];
  /** What it had charged before and after each midnight of the place that it lasted over; not there where it was within one day. */
  midnights?: readonly SessionMidnight[];
}

/** What a session had charged at a moment, Wh, and the part of it that did not come from the grid; null = not known. */
export type SessionMidnight = readonly [wallMs: number, energyWh: number, sunWh: number | null];

/** A session as it is first written. */
export type NewSession = Omit<SessionRecord, "number" | "closedNumber">;

/** Which sessions. null = all. */
export interface SessionQuery {
  /** Began at or after the one, before the other. */
  fromWallMs: number | null;
  toWallMs: number | null;
  chargePoint: string | null;
  connector: number | null;
  /** A user's name or an idTag, whatever the letter case. */
  user: string | null;
  state: "open" | "closed" | null;
}

/** What is needed of a session to share it out among days. Wall times are ms since 1970. */
export interface SessionShare
  extends SessionCursor,
    Pick<SessionRecord, "chargePoint" | "zone" | "energyWh" | "pvShare"> {
  /** Whose it was: the name, else what the badge list said, else the badge. */
  holder: string | null;
  /** Its end; of one that goes on, the last word of it. */
  lastWallMs: number;
  isOpen: boolean;
  midnights: readonly SessionMidnight[];
}

/** Which sessions are shared out: those that were there between two times, if only for a part of theirs. null = all. */
export interface ShareQuery extends Omit<SessionQuery, "state"> {
  zone: string | null;
  /** The name of whoever may see their own alone: as user or comment, whatever the letter case. */
  owner: string | null;
}

/** A place in a list that is read page by page: behind the session that began then. */
export interface SessionCursor {
  startedWallMs: number;
  number: number;
}

/** Figures over sessions that have ended. */
export interface SessionTotals {
  sessions: number;
  /** Of those whose energy is known. */
  energyWh: number;
  measured: number;
  durationS: number;
  chargingS: number;
  waitingS: number;
  limitedS: number;
  /** Energy of the sessions whose PV share is known, and the part that did not come from the grid. */
  pvKnownWh: number;
  pvWh: number;
}

/** The charging sessions of a site. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface SessionBook {
  /** Writes a session unless one of its id, or of its transaction, is there. @returns the one that is there now */
  add(session: NewSession): SessionRecord;
  /**
   * Writes sessions that exist. One with an end gets its closed number the first time. `memory` is kept while it is open, or its
   * end is only presumed. @returns them as they stand now
   */
  save(sessions: readonly { record: SessionRecord; memory: JsonValue }[]): SessionRecord[];
  /** Whether one of this id is there. */
  has(id: string): boolean;
  get(id: string): SessionRecord | null;
  /** Those of a charge point with a higher number, lowest first. */
  after(chargePoint: string, number: number, most: number): SessionRecord[];
  /** The highest number there is; 0 = none. */
  lastNumber(): number;
  /** Those without an end. */
  open(): { record: SessionRecord; memory: JsonValue }[];
  byTransaction(chargePoint: string, transactionId: string): { record: SessionRecord; memory: JsonValue } | null;
  /** The next page of a list, oldest start first. */
  page(query: SessionQuery, after: SessionCursor | null, most: number): SessionRecord[];
  /** Closed sessions by closed number: behind `after`, up to `upTo`. */
  closedPage(after: number, upTo: number, most: number): SessionRecord[];
  /**
   * Sessions up to `after` that were put right between two numbers: as they were up to `after`, and as they were up to `upTo`. Those
   * of `closedPage` are as they were up to its `upTo`, too, so that a report that is written again says the same.
   */
  corrections(after: number, upTo: number): { was: SessionRecord; is: SessionRecord }[];
  /** How many there are between two closed numbers. */
  closedCount(after: number, upTo: number): number;
  /** The highest number of sessions that ended, and of corrections that were made, before a time; 0 = none. */
  lastClosedBefore(wallMs: number): number;
  /** How many ended before a time. */
  endedBefore(wallMs: number): number;
  /** Forgets those for ever. @returns how many they were */
  prune(wallMs: number): number;
  /** The next page of what is shared out among days, oldest start first; those that go on belong to it. */
  shares(query: ShareQuery, after: SessionCursor | null, most: number): SessionShare[];
  /** When the first session began; null = there is none. */
  firstWallMs(): number | null;
  /** Only sessions with an end count. */
  totals(query: SessionQuery): SessionTotals;
  /** The same for each charge point, or each user; the largest energy first. */
  totalsBy(query: SessionQuery, by: "chargePoint" | "user", most: number): ({ key: string | null } & SessionTotals)[];
}
