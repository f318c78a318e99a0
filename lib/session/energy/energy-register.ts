import type { JsonValue } from "../../units.ts";

type Flag = "registerReset" | "registerJump";

interface Mark {
  wallMs: number;
  wh: number;
  /** Energy by power over time at that moment, Wh. */
  powerWh: number;
  /** It is the reading at the start of the transaction. */
  isStart?: boolean;
}

/** A run of readings in which each follows from the one before. */
interface Track {
  last: Mark;
  /** The energy that this track and the tracks before it counted, Wh. */
  sumWh: number;
  /** The reading at the start of the transaction is in it. */
  hasStart: boolean;
}

/** A register may seem to fall by this when its value is rounded. */
const ROUNDING_WH = 1;

/** A reading may have been on its way for this long. */
const LATE_MS = 60_000;

const MS_PER_H = 3_600_000;

/**
 * Follows an energy register. A value that cannot follow from the one before is a mistake until a second one agrees with it: then the
 * register has begun anew, or has leapt, and what it counts from there counts. Where it goes on later from where it had been, what
 * lay in between was another register's, or in another unit, and counts nothing.
 */
export class EnergyRegister {
  readonly #ceilingW: number;
  #readings = 0;
  #track: Track | null = null;
  /** The track before this one: the register may return to it. */
  #left: Track | null = null;
  #doubt: Mark | null = null;
  #isStartLinked = false;
  #flags = new Set<Flag>();

  /** @param ceilingW power beyond which nothing is believed; @param memory what `save` gave */
  constructor(ceilingW: number, memory: JsonValue) {
    this.#ceilingW = ceilingW;
    if (typeof memory !== "object" || memory === null || Array.isArray(memory)) return;
    const { sumWh, readings, last, doubt, flags, hasStart, startLinked, left } = memory as unknown as Partial<Saved>;
    this.#readings = readings ?? 0;
    this.#flags = new Set(flags ?? []);
    const isWhole = this.#flags.size === 0;
    if (last) this.#track = { last, sumWh: sumWh ?? 0, hasStart: hasStart ?? isWhole };
    this.#left = left ?? null;
    this.#doubt = doubt ?? null;
    this.#isStartLinked = startLinked ?? this.#readings > 1;
  }

  /** What it has counted since the first reading, Wh. */
  get sumWh(): number {
    return this.#track?.sumWh ?? 0;
  }

  get readings(): number {
    return this.#readings;
  }

  get flags(): readonly Flag[] {
    return [...this.#flags];
  }

  /** Whether the register has counted any energy. */
  get moved(): boolean {
    return this.sumWh > 0;
  }

  /** Time of the last reading that was believed; -Infinity before the first. */
  get atMs(): number {
    return this.#track?.last.wallMs ?? Number.NEGATIVE_INFINITY;
  }

  /** The register's step, judged by its last reading, Wh. */
  get stepWh(): number {
    return this.#track ? stepOf(this.#track.last.wh) : ROUNDING_WH;
  }

  /** @param powerWh energy by power over time so far: it stands in for the register across a leap */
  read(wallMs: number, wh: number | null, powerWh: number): void {
    if (isReading(wh)) this.#read({ wallMs, wh, powerWh });
  }

  /** The same with the reading at the start of a transaction. */
  begin(wallMs: number, meterStartWh: number | null, powerWh: number): void {
    this.#isStartLinked = false;
    if (this.#track) this.#track.hasStart = false;
    if (!isReading(meterStartWh)) return;
    const start = { wallMs, wh: meterStartWh, powerWh, isStart: true };
    if (this.#track && wallMs < this.atMs) this.#track.hasStart = this.#follows(start, this.#track.last);
    else this.#read(start);
  }

  /** The same with the reading at the end, which is believed if it fits. This one stays as it is. */
  endedAt(wallMs: number, meterStopWh: number | null, powerWh: number): EnergyRegister {
    if (!isReading(meterStopWh)) return this;
    const ended = new EnergyRegister(this.#ceilingW, this.save());
    const stop = { wallMs: Math.max(wallMs, this.atMs), wh: meterStopWh, powerWh };
    if (ended.#isBackAtStart(stop)) ended.#goBack(stop);
    else ended.#read(stop);
    return ended;
  }

  /**
   * Whether the readings at both ends of the transaction are one register's as far as this one can tell: it counted from the one to the
   * other, or it has to do with neither. @param meterStopWh the reading `endedAt` was given
   */
  joins(meterStopWh: number): boolean {
    const track = this.#track;
    const endsHere = track !== null && this.#doubt === null && Math.abs(track.last.wh - meterStopWh) <= ROUNDING_WH;
    if (endsHere && track.hasStart) return true;
    return !this.#isStartLinked && !endsHere;
  }

  save(): JsonValue {
    const saved: Saved = {
      sumWh: this.sumWh,
      readings: this.#readings,
      last: this.#track?.last ?? null,
      doubt: this.#doubt,
      flags: this.flags,
      hasStart: this.#track?.hasStart ?? false,
      startLinked: this.#isStartLinked,
      left: this.#left,
    };
    return JSON.parse(JSON.stringify(saved)) as JsonValue;
  }

  #read(mark: Mark): void {
    if (mark.wallMs < this.atMs) return;
    const track = this.#track;
    if (!track) this.#goOn(mark, 0, mark.isStart === true);
    else if (this.#follows(track.last, mark)) this.#goOn(mark, Math.max(0, mark.wh - track.last.wh), track.hasStart);
    else if (this.#doubt && this.#follows(this.#doubt, mark)) this.#leave(track, this.#doubt, mark);
    else this.#doubt = mark;
  }

  /** Of an end one reading is enough, if it has counted since. */
  #isBackAtStart(stop: Mark): boolean {
    const [now, left] = [this.#track, this.#left];
    if (!now || !left?.hasStart || this.#follows(now.last, stop)) return false;
    return stop.wh > left.last.wh && this.#follows(left.last, stop);
  }

  #follows(before: Mark, now: Mark): boolean {
    const stepWh = Math.min(stepOf(before.wh), stepOf(now.wh));
    const mostWh = (this.#ceilingW * (now.wallMs - before.wallMs + LATE_MS)) / MS_PER_H + stepWh;
    return now.wh >= before.wh - ROUNDING_WH && now.wh - before.wh <= mostWh;
  }

  /** A second reading agrees with the one that was doubted. */
  #leave(track: Track, doubt: Mark, now: Mark): void {
    if (this.#left && this.#follows(this.#left.last, doubt)) {
      this.#goBack(now);
      return;
    }
    const began = doubt.wh < track.last.wh;
    this.#flags.add(began ? "registerReset" : "registerJump");
    const fromZero = { ...track.last, wh: 0 };
    const countedWh = (began && this.#follows(fromZero, doubt) ? doubt.wh : 0) + Math.max(0, now.wh - doubt.wh);
    this.#left = track;
    if (doubt.isStart) this.#isStartLinked = true;
    this.#goOn(now, Math.max(countedWh, now.powerWh - track.last.powerWh), doubt.isStart === true);
  }

  /** The register goes on from its value before it seemed to begin anew or to leap. */
  #goBack(now: Mark): void {
    const back = this.#left;
    if (!back) return;
    this.#left = this.#track;
    this.#track = back;
    this.#goOn(now, Math.max(0, now.wh - back.last.wh), back.hasStart);
  }

  #goOn(mark: Mark, addedWh: number, hasStart: boolean): void {
    const { wallMs, powerWh, isStart = false } = mark;
    const before = this.#track;
    // A value that is rounded may fall a little.
    const wh = before && this.#follows(before.last, mark) ? Math.max(mark.wh, before.last.wh) : mark.wh;
    if (hasStart && !isStart) this.#isStartLinked = true;
    this.#track = { last: { wallMs, wh, powerWh }, sumWh: this.sumWh + addedWh, hasStart: hasStart || isStart };
    this.#doubt = null;
    this.#readings += 1;
  }
}

function isReading(wh: number | null): wh is number {
  return wh !== null && wh >= 0 && Number.isFinite(wh);
}

/** The step in which a register counts, judged by one of its values: 1, 0.1 or 0.01 kWh, in Wh. */
function stepOf(wh: number): number {
  if (wh % 10 !== 0) return ROUNDING_WH;
  if (wh % 100 !== 0) return 10;
  return wh % 1000 === 0 ? 1000 : 100;
}

interface Saved {
  sumWh: number;
  readings: number;
  last: Mark | null;
  doubt: Mark | null;
  flags: readonly Flag[];
  hasStart: boolean;
  startLinked: boolean;
  left: Track | null;
}
