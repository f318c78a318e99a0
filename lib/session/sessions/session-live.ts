import type {
  MeterKind,
  NewSession,
  SessionFlag,
  SessionMidnight,
  SessionRecord,
} from "../../store/books/session-types.ts";
import type { JsonValue } from "../../units.ts";
import { round } from "../../units.ts";
import { writeTurn } from "../../write-turn.ts";
import { asRecord, EnergyAccount, type EnergyEnd, type EnergyReading, energiesAgree } from "../energy/energy.ts";
import { bySocketMeter, SocketMeter } from "../energy/socket-meter.ts";
import { powerOf } from "./session-reading.ts";
import { SessionTimes } from "./session-times.ts";
import type { EventMoment, SessionReading } from "./session-watch.ts";

/** What is known of a connector when a session begins there. */
export interface SessionConnector {
  zone: string | null;
  socketType: string | null;
  /** Power beyond which nothing is believed, W. */
  ceilingW: number;
  /** No transaction ever comes from it: current alone begins a session. */
  isFree: boolean;
  /** It has a meter of its own that counts for its sessions. */
  hasMeter?: boolean;
  /** When the day of the place ends that a moment is in. Wall times. */
  dayEnd?: (wallMs: number) => number;
}

/** What a badge list knows of a tag. */
export interface BadgeNote {
  user: string | null;
  comment: string | null;
}

/** What a transaction brings to a session that began without one. */
export type LateTransaction = Pick<NewSession, "transactionId" | "idTag" | "startedWallMs" | "meterStartWh">;

/** The record of a session that began without a transaction and has one now. */
export function adopted(record: SessionRecord, transaction: LateTransaction): SessionRecord {
  const { transactionId, idTag, startedWallMs, meterStartWh } = transaction;
  const flags = record.flags.filter((flag) => flag !== "noTransaction");
  return { ...record, transactionId, idTag, startedWallMs, meterStartWh, flags };
}

/** How a session ends. */
export interface SessionEnd extends EnergyEnd {
  reason: string | null;
  flags?: SessionFlag[];
}

/** The PV share is known when it was known for this part of the energy. */
const PV_KNOWN = 0.8;

/** Times of a charge point's clock may be off by this, ms. */
const CLOCKS_DIFFER_MS = 60_000;

/** Flags that the energy account gives. */
const OF_ENERGY: readonly SessionFlag[] = ["registerReset", "registerJump", "energyDoubtful"];

/** A car that stays for so many nights: what is shared out among later days is shared out by time. */
const MOST_MIDNIGHTS = 800;

/** A phase that carries this much is used, A. */
const USED_A = 1;

/** One session while it runs: takes what is measured, and says at any time what its record is. */
export class LiveSession {
  readonly times = new SessionTimes();
  /** It has changed since it was written. */
  isDirty = true;
  /** When an update was told last (monotonic). */
  toldAtMs = Number.NEGATIVE_INFINITY;
  /** The mode that was told last. */
  toldMode: unknown = null;
  /** Wall time since when its connector has no car, while nothing is heard of its end. */
  goneSinceWallMs: number | null = null;
  /** The charge point started anew since anything was heard of it. */
  rebooted = false;
  /** Kept by `SessionSun`. */
  drawW = 0;
  readonly #ceilingW: number;
  /** A crash must not cost what has changed. */
  #isUrgent = true;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #record: SessionRecord;
  #energy: EnergyAccount;
  /** The meter of its socket; null where it has none. */
  readonly #meter: SocketMeter | null;
  #phases = 0;
  /** A flow said whose session it is. */
  #named = false;
  #pvKnownWh = 0;
  #pvWh = 0;
  readonly #dayEnd: (wallMs: number) => number;
  /** End of the day that was told of last. */
  #dayEndMs: number;
  /** When what it charged was measured last, wall time; -Infinity before. */
  #measuredAtMs = Number.NEGATIVE_INFINITY;

  /** @param memory what `save` gave; null for a new one */
  constructor(record: SessionRecord, outlet: SessionConnector, memory: JsonValue = null) {
    // What the energy says of itself is found anew.
    this.#record = { ...record, flags: record.flags.filter((flag) => !OF_ENERGY.includes(flag)) };
    const saved = asRecord(memory);
    this.#ceilingW = asNumber(saved["ceilingW"]) || outlet.ceilingW;
    this.#energy = new EnergyAccount(
      this.#ceilingW,
      // Its clock may be ahead of ours, by which readings are dated.
      Math.min(record.startedWallMs, record.seenWallMs),
      record.meterStartWh,
      saved["energy"] ?? null,
    );
    const meter = saved["meter"] ?? null;
    // One that began before the meter was named was not measured from its start.
    const sinceMs = memory === null ? record.seenWallMs : Math.min(record.startedWallMs, record.seenWallMs);
    const isMetered = outlet.hasMeter === true || meter !== null;
    this.#meter = isMetered ? new SocketMeter(this.#ceilingW, sinceMs, meter) : null;
    const { chargingS, waitingS, idleS, limitedS } = record;
    Object.assign(this.times, { chargingS, waitingS, idleS, limitedS });
    this.#phases = asNumber(saved["phases"]);
    this.#pvKnownWh = asNumber(saved["pvKnownWh"]);
    this.#pvWh = asNumber(saved["pvWh"]);
    this.#named = saved["named"] === true;
    this.rebooted = saved["rebooted"] === true;
    this.goneSinceWallMs = typeof saved["goneSince"] === "number" ? saved["goneSince"] : null;
    this.#dayEnd = outlet.dayEnd ?? (() => Number.POSITIVE_INFINITY);
    this.#dayEndMs = this.#dayEnd(Math.max(record.startedWallMs, record.seenWallMs));
    if (record.energyWh !== null) this.#measuredAtMs = record.seenWallMs;
  }

  get closed(): boolean {
    return this.#record.endedWallMs !== null;
  }

  /** Its record as it was written or ended last, with when anything was heard of it. */
  get kept(): SessionRecord {
    return this.#record;
  }

  /** It was written: number and closed number are known. */
  written(record: SessionRecord): void {
    const { number, closedNumber } = record;
    this.#record = { ...this.#record, number, closedNumber };
    this.isDirty = false;
    this.#isUrgent = false;
  }

  /** Whether it is to be written now; that is remembered. */
  wantsWriting(nowMs: number): boolean {
    if (!this.isDirty || (!this.#isUrgent && writeTurn(nowMs) === writeTurn(this.#askedAtMs))) return false;
    this.#askedAtMs = nowMs;
    return true;
  }

  /** It is to be written with the next tick. */
  hurry(): void {
    this.isDirty = true;
    this.#isUrgent = true;
  }

  /** The connector has no car any more. */
  leave(wallMs: number): void {
    if (this.goneSinceWallMs !== null) return;
    this.goneSinceWallMs = wallMs;
    this.hurry();
  }

  /** It ended like this. */
  become(record: SessionRecord): void {
    this.#record = record;
    this.hurry();
  }

  flag(flag: SessionFlag): void {
    if (this.#record.flags.includes(flag)) return;
    this.#record = { ...this.#record, flags: [...this.#record.flags, flag] };
    this.hurry();
  }

  /** A flow says whose session it is. */
  identify(known: Partial<Pick<SessionRecord, "idTag" | "user" | "comment">>): void {
    this.#named ||= known.user !== undefined || known.comment !== undefined;
    this.#record = { ...this.#record, ...known };
    this.hurry();
  }

  /** Takes a person's name out. It goes on. */
  forget(isTheirs: (name: string) => boolean): void {
    const { user, comment } = this.#record;
    const without = (name: string | null): string | null => (name !== null && isTheirs(name) ? null : name);
    this.#record = { ...this.#record, user: without(user), comment: without(comment) };
  }

  /** It belongs to a transaction that the charge point numbered itself. */
  number(transactionId: string): void {
    this.#record = { ...this.#record, transactionId };
    this.flag("foreignTransaction");
  }

  /** A transaction takes over a session that began without one a moment ago. */
  adopt(transaction: LateTransaction): void {
    this.#record = adopted(this.#record, transaction);
    this.#energy.begin(transaction.startedWallMs, transaction.meterStartWh);
    this.hurry();
  }

  /** Takes a reading. @param pvShare of the energy since the reading before; null = unknown */
  read(
    reading: { wallMs: number; registerWh: number | null; powerW: number | null },
    currentA: readonly (number | null)[] | null,
    pvShare: number | null,
  ): void {
    const { wallMs } = reading;
    const before = wallMs < this.#dayEndMs ? null : this.#charged();
    const addedWh = this.#energy.read(reading);
    if (pvShare !== null) {
      this.#pvKnownWh += addedWh;
      this.#pvWh += addedWh * pvShare;
    }
    if (currentA) this.#phases = Math.max(this.#phases, usedPhases(currentA));
    this.#measured(wallMs, before);
    this.seen(wallMs);
  }

  /** Keeps what it had charged before and after a midnight that has passed. What comes late changes nothing. */
  #measured(wallMs: number, before: SessionMidnight | null): void {
    if (wallMs <= this.#measuredAtMs) return;
    this.#measuredAtMs = wallMs;
    if (wallMs < this.#dayEndMs) return;
    const after = this.#charged();
    if (!after) return;
    this.#dayEndMs = this.#dayEnd(wallMs);
    const kept = this.#record.midnights ?? [];
    if (kept.length >= MOST_MIDNIGHTS) return;
    this.#record = { ...this.#record, midnights: [...kept, ...(before ? [before] : []), after] };
    this.hurry();
  }

  /** What it had charged when it was measured last; null = not known. */
  #charged(): SessionMidnight | null {
    const { energyWh } = this.#worth(null);
    if (energyWh === null || !Number.isFinite(this.#measuredAtMs)) return null;
    return [Math.round(this.#measuredAtMs), round(energyWh, 1), this.#sunWh(energyWh)];
  }

  /** What of its energy so far did not come from the grid; null where too little of it is known. */
  #sunWh(energyWh: number): number | null {
    const isKnown = this.#pvKnownWh > 0 && this.#pvKnownWh >= PV_KNOWN * energyWh;
    return isKnown ? round((energyWh * this.#pvWh) / this.#pvKnownWh, 1) : null;
  }

  /**
   * Takes what was measured meanwhile and told at the end. What came at its time is better: beside it this is left out, because two
   * orders of the same readings look like a register that began anew.
   */
  supply(readings: readonly SessionReading[], nowWallMs: number): void {
    if (this.#energy.measured) return;
    const [firstMs, lastMs] = [this.#record.startedWallMs - CLOCKS_DIFFER_MS, nowWallMs + CLOCKS_DIFFER_MS];
    const known = readings.filter(({ timestampMs }) => timestampMs >= firstMs && timestampMs <= lastMs);
    for (const reading of known.toSorted((a, b) => a.timestampMs - b.timestampMs)) {
      const { timestampMs: wallMs, energyWh: registerWh } = reading;
      this.read({ wallMs, registerWh, powerW: powerOf(reading) }, reading.currentA, null);
    }
  }

  /** Takes a reading of the socket's meter, while a car may be there. */
  readMeter(reading: EnergyReading): void {
    if (!this.#meter || this.goneSinceWallMs !== null || this.closed) return;
    const before = reading.wallMs < this.#dayEndMs ? null : this.#charged();
    this.#meter.read(reading);
    this.#measured(reading.wallMs, before);
    this.isDirty = true;
  }

  /** Whether its socket has a meter. */
  get isMetered(): boolean {
    return this.#meter !== null;
  }

  /** A register has been read: what it counts from there counts. */
  get hasRegister(): boolean {
    return this.#energy.hasRegister;
  }

  /** No current flows from now on. */
  rest(wallMs: number): void {
    this.#energy.rest(wallMs);
  }

  seen(wallMs: number): void {
    this.#record.seenWallMs = Math.max(this.#record.seenWallMs, wallMs);
    this.isDirty = true;
  }

  /** Its record as it would be with that end; null = as it is now. Changes nothing but the count of its times. */
  record(
    end: SessionEnd | null,
    { nowMs }: EventMoment,
    badge: BadgeNote | null,
    meterKind: Exclude<MeterKind, "computed">,
  ): SessionRecord {
    this.times.count(nowMs);
    const { chargingS, waitingS, idleS, limitedS } = this.times;
    const { energyWh, source, flags } = this.#worth(end);
    const known = this.#pvKnownWh > 0 && this.#pvKnownWh >= PV_KNOWN * (energyWh ?? 0);
    const before = this.#record;
    return {
      ...before,
      ...(badge && !this.#named && { user: badge.user, comment: badge.comment }),
      energyWh: energyWh === null ? null : round(energyWh, 1),
      energySource: source,
      meterKind: source === null ? null : source === "power" ? "computed" : source === "meter" ? "meter" : meterKind,
      pvShare: known ? round(this.#pvWh / this.#pvKnownWh, 4) : null,
      chargingS: round(chargingS, 1),
      waitingS: round(waitingS, 1),
      idleS: round(idleS, 1),
      limitedS: round(limitedS, 1),
      chargeType: this.#phases === 0 ? null : (`${this.#phases}-phase` as SessionRecord["chargeType"]),
      flags: [
        ...new Set([...before.flags.filter((flag) => !end || flag !== "presumedEnd"), ...flags, ...(end?.flags ?? [])]),
      ],
      ...(end && {
        endedWallMs: Math.max(before.startedWallMs, end.wallMs),
        meterStopWh: end.meterStopWh,
        stopReason: end.reason,
      }),
    };
  }

  #worth(end: SessionEnd | null) {
    const own = this.#energy.settle(end);
    if (!this.#meter) return own;
    return bySocketMeter(this.#meter.settle(end?.wallMs ?? null), own, end !== null, energiesAgree);
  }

  /** What is needed to go on after a restart, beside the record. */
  save(): JsonValue {
    return {
      energy: this.#energy.save(),
      ...(this.#meter && { meter: this.#meter.save() }),
      ceilingW: this.#ceilingW,
      phases: this.#phases,
      pvKnownWh: this.#pvKnownWh,
      pvWh: this.#pvWh,
      named: this.#named,
      rebooted: this.rebooted,
      goneSince: this.goneSinceWallMs,
    };
  }
}

function usedPhases(currentA: readonly (number | null)[]): number {
  let used = 0;
  for (const value of currentA) if (value !== null && value >= USED_A) used += 1;
  return used;
}

function asNumber(value: JsonValue | undefined): number {
  return typeof value === "number" ? value : 0;
}
