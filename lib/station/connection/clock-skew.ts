import { CLOCK_OFF_MS } from "../../thresholds.ts";
import { Backlog } from "./backlog.ts";

/** How far apart the samples of a steady stream may lie in age. */
const STEADY_MS = 5_000;

/** Least number of samples in a stream, and its least length in ms: stored samples that arrive in one burst may have almost the same age. */
const STREAM = { samples: 3, lastsMs: 15_000 } as const;

/** How far back the freshest sample is looked for that shows how far the clock may be ahead of the estimate, ms. */
const FRESH_FOR_MS = 600_000;

/** A clock whose estimate moves by more than this was set, ms. */
const JUMP_MS = 30_000;

/** A clock that was set this many times without a boot cannot be relied on. */
const JUMPS_TO_WANDER = 2;

/** A message older than this was stored while the charge point was away. */
const REPLAY_AFTER_MS = 60_000;

/** Before this a charge point has not been told the time yet (some start in 1970). */
const FIRST_SENSIBLE_MS = Date.UTC(2020, 0);

/** Samples of almost one age in a row. */
interface Stream {
  leastMs: number;
  mostMs: number;
  samples: number;
  /** When the first sample of the stream came. */
  sinceMs: number;
}

/** What is known of a charge point's clock from before. */
export interface RememberedClock {
  /** How far it was behind ours when it was last seen, s. */
  offsetS: number;
  /** How much further ahead it may have been, s. */
  aheadS: number;
  /** A boot does not set it right. */
  staysWrong: boolean;
}

/**
 * Estimates how far a charge point's clock is behind ours (ms; negative = ahead) and tells stored messages from live ones.
 * Meter samples in a row of the same age come from a wrong clock, unless they may have been stored while the charge point was away, or
 * fresher ones come between them. No sample is sent before it is made: the clock is never further behind than the freshest one shows.
 */
export class ClockSkew {
  #stream: Stream | null = null;
  readonly backlog = new Backlog();
  /** The least age seen in each half of the time that counts, and since when; the newer half first. */
  #fresh: { ageMs: number; sinceMs: number }[] = [];
  #skewMs = 0;
  /** The last estimate, however small; null before the first one. */
  #estimateMs: number | null = null;
  #jumps = 0;
  /** Our clock was set. A charge point that takes the time from us is right again once it was told. */
  #awaitsTime = false;
  /** The clock's error when the charge point was last told the time; null once a sample has shown whether it took that time. */
  #beforeTellingMs: number | null = null;
  /** A sample has shown that it keeps its own time. */
  #keepsItsTime = false;
  /** The clock's error at the last boot; null before the first. */
  #atBootMs: number | null = null;
  #staysWrong = false;
  /** The clock's possible error from before this process began, ms; null once samples have shown the present one. */
  #maybeMs: number | null = null;
  #edition = 0;

  /** Counts the changes of `ms`, `wanders` and `staysWrong`. */
  get edition(): number {
    return this.#edition;
  }

  /** 0 unless the clock is clearly wrong. */
  get ms(): number {
    return this.#skewMs;
  }

  /** The clock goes back and forth: no point in time of it can be relied on. */
  get wanders(): boolean {
    return this.#jumps >= JUMPS_TO_WANDER;
  }

  /** A boot does not set its clock right, although the time is told there: it writes local time as if it were UTC. */
  get staysWrong(): boolean {
    return this.#staysWrong;
  }

  /**
   * How much further ahead than `ms` says it may be, ms: as long as the newest sample came within ten minutes of one that was fresher
   * than what is believed since. A charge point without a car sends none: what its last one showed still holds.
   * A schedule must not have ended by that reading of the clock, either.
   */
  get aheadMs(): number {
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const { sinceMs } of this.#fresh) newestMs = Math.max(newestMs, sinceMs);
    let leastMs = this.#skewMs;
    for (const { ageMs, sinceMs } of this.#fresh)
      if (newestMs - sinceMs <= FRESH_FOR_MS) leastMs = Math.min(leastMs, ageMs);
    // A boot sets most clocks right, not all.
    if (this.#atBootMs !== null) leastMs = Math.min(leastMs, this.#atBootMs);
    if (this.#maybeMs !== null) leastMs = Math.min(leastMs, this.#maybeMs);
    const aheadMs = this.#skewMs - leastMs;
    return aheadMs > CLOCK_OFF_MS ? aheadMs : 0;
  }

  /** Notes the time stamp of a periodic meter sample. Invalid or unset clocks teach nothing, nor do samples that may have been stored. */
  observe(timestampMs: number, receivedWallMs: number): void {
    if (!(timestampMs >= FIRST_SENSIBLE_MS)) return;
    this.witness(timestampMs, receivedWallMs);
    if (this.backlog.mayHold(timestampMs + this.#skewMs, receivedWallMs)) return;
    this.#judgeTelling(receivedWallMs - timestampMs);
    const stream = this.#follow(receivedWallMs - timestampMs, receivedWallMs);
    if (stream.samples < STREAM.samples || receivedWallMs - stream.sinceMs < STREAM.lastsMs) return;
    const { leastMs } = stream;
    if (this.#estimateMs !== null && Math.abs(leastMs - this.#estimateMs) > JUMP_MS) this.#jump();
    this.#estimateMs = leastMs;
    this.#maybeMs = null;
    if (Math.abs(leastMs - this.#skewMs) > CLOCK_OFF_MS) this.#keepsItsTime = false;
    this.assume(leastMs);
    if (this.#atBootMs === null) return;
    this.assume(leastMs, this.#skewMs !== 0 && Math.abs(leastMs - this.#atBootMs) <= CLOCK_OFF_MS);
    this.#atBootMs = null;
  }

  /**
   * Notes the time stamp of a sample that teaches nothing but how far behind the clock is at most: one of another transaction, or one
   * that was asked for.
   */
  witness(timestampMs: number, receivedWallMs: number): void {
    if (!(timestampMs >= FIRST_SENSIBLE_MS)) return;
    const ageMs = receivedWallMs - timestampMs;
    this.backlog.mayHold(timestampMs + this.#skewMs, receivedWallMs);
    if (this.#stream && ageMs < this.#stream.leastMs - STEADY_MS) this.#stream = null;
    const [newer] = this.#fresh;
    if (newer && Math.abs(receivedWallMs - newer.sinceMs) < FRESH_FOR_MS / 2)
      newer.ageMs = Math.min(newer.ageMs, ageMs);
    else this.#fresh = [{ ageMs, sinceMs: receivedWallMs }, ...this.#fresh.slice(0, 1)];
  }

  /** The stream that a sample of this age goes on with, or begins. */
  #follow(ageMs: number, receivedWallMs: number): Stream {
    const before = this.#stream;
    const leastMs = Math.min(ageMs, before?.leastMs ?? ageMs);
    const mostMs = Math.max(ageMs, before?.mostMs ?? ageMs);
    const goesOn = before !== null && mostMs - leastMs <= STEADY_MS;
    if (!goesOn) {
      this.#stream = { leastMs: ageMs, mostMs: ageMs, samples: 1, sinceMs: receivedWallMs };
      return this.#stream;
    }
    before.leastMs = leastMs;
    before.mostMs = mostMs;
    before.samples += 1;
    return before;
  }

  /** Takes this difference for the clock's error until samples show another. @param staysWrong a boot does not correct it */
  assume(skewMs: number, staysWrong = this.#staysWrong): void {
    const noticedMs = Math.abs(skewMs) > CLOCK_OFF_MS ? skewMs : 0;
    if (noticedMs === this.#skewMs && staysWrong === this.#staysWrong) return;
    this.#skewMs = noticedMs;
    this.#staysWrong = staysWrong;
    this.#edition += 1;
  }

  /** The clock may be further ahead by this, ms, until samples show otherwise. */
  doubt(aheadMs: number): void {
    if (aheadMs > 0) this.#maybeMs = this.#skewMs - aheadMs;
  }

  /** Whether a message with this time stamp was stored and sent late. A missing or senseless stamp counts as live. */
  isReplay(timestampMs: number, receivedWallMs: number): boolean {
    if (!(timestampMs >= FIRST_SENSIBLE_MS)) return false;
    const ageMs = receivedWallMs - timestampMs;
    return ageMs > REPLAY_AFTER_MS && ageMs - this.#skewMs > REPLAY_AFTER_MS;
  }

  /** Our own clock was set forward by this (negative = back): the charge point's is behind by so much more. */
  hostStepped(byMs: number): void {
    this.#awaitsTime ||= this.#skewMs === 0 && !this.#keepsItsTime;
    if (this.#beforeTellingMs !== null) this.#beforeTellingMs += byMs;
    const stream = this.#stream;
    this.#stream = stream && {
      leastMs: stream.leastMs + byMs,
      mostMs: stream.mostMs + byMs,
      samples: stream.samples,
      sinceMs: stream.sinceMs + byMs,
    };
    this.#fresh = this.#fresh.map(({ ageMs, sinceMs }) => ({ ageMs: ageMs + byMs, sinceMs: sinceMs + byMs }));
    this.backlog.hostStepped(byMs);
    if (this.#estimateMs !== null) this.#estimateMs += byMs;
    if (this.#maybeMs !== null) this.#maybeMs += byMs;
    this.assume(this.#skewMs + byMs);
  }

  /** The charge point is told the time in an answer. Returns whether its clock is taken to be right only from now on. */
  told(): boolean {
    if (!this.#awaitsTime) return false;
    const beforeMs = this.#skewMs;
    this.#forget();
    this.#beforeTellingMs = beforeMs === 0 ? null : beforeMs;
    this.assume(0);
    return beforeMs !== 0;
  }

  /** One sample is enough to tell which of two known times its clock shows. */
  #judgeTelling(ageMs: number): void {
    const beforeMs = this.#beforeTellingMs;
    if (beforeMs === null) return;
    const isKept = Math.abs(ageMs - beforeMs) <= CLOCK_OFF_MS;
    if (!isKept && Math.abs(ageMs) > CLOCK_OFF_MS) return;
    this.#beforeTellingMs = null;
    this.#keepsItsTime = isKept;
    if (!isKept) return;
    this.#awaitsTime = false;
    this.assume(beforeMs);
  }

  /** The charge point started anew and was told the time. What was learnt no longer holds, unless its clock stays wrong after boots. */
  rebooted(): void {
    const beforeMs = this.#skewMs - this.aheadMs;
    if (beforeMs !== 0) this.#atBootMs = beforeMs;
    this.#forget();
    if (!this.#staysWrong) this.assume(0);
  }

  #jump(): void {
    this.#jumps += 1;
    this.#edition += 1;
  }

  #forget(): void {
    this.#stream = null;
    this.#fresh = [];
    this.#estimateMs = null;
    this.#awaitsTime = false;
    this.#beforeTellingMs = null;
  }
}
