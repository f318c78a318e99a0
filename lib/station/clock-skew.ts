/** How far apart the samples of a steady stream may lie in age. */
const STEADY_MS = 5_000;

/** A clock this close needs no correction. */
const CLOSE_ENOUGH_MS = 5_000;

/** A clock that moves by more than this between two estimates was set. */
const JUMP_MS = 30_000;

/** A clock that was set so often without a boot cannot be relied on. */
const JUMPS_TO_WANDER = 2;

/** A message older than this was stored while the charge point was away. */
const REPLAY_AFTER_MS = 60_000;

/** Before this a charge point has not been told the time yet (some start in 1970). */
const FIRST_SENSIBLE_MS = Date.UTC(2020, 0);

/**
 * Estimates how far a charge point's clock is behind ours (ms; negative = ahead) and tells stored messages from live ones.
 * Three meter samples in a row of the same age come from a wrong clock; stored messages arrive with falling ages.
 */
export class ClockSkew {
  /** Of the last three samples, in any order. */
  #ages: number[] = [];
  #observed = 0;
  #skewMs = 0;
  /** The last estimate, however small; null before the first one. */
  #estimateMs: number | null = null;
  #jumps = 0;
  /** Our clock was set: one that takes the time from us is right again once it was told. */
  #awaitsTime = false;
  /** What it was off by when it was told the time last, until a sample shows whether it took it; null then. */
  #beforeTellingMs: number | null = null;
  /** A sample has shown that it keeps its own time. */
  #keepsItsTime = false;
  /** What it was off by when it booted last; null before. */
  #atBootMs: number | null = null;
  #staysWrong = false;
  #edition = 0;

  /** Another number whenever `ms`, `wanders` or `staysWrong` has become another one. */
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

  /** A boot does not set it right, although the time is told there: one that writes local time as if it were UTC. */
  get staysWrong(): boolean {
    return this.#staysWrong;
  }

  /** Notes the time stamp of a periodic meter sample. Invalid or unset clocks teach nothing. */
  observe(timestampMs: number, receivedWallMs: number): void {
    if (!(timestampMs >= FIRST_SENSIBLE_MS)) return;
    this.#judgeTelling(receivedWallMs - timestampMs);
    this.#ages[this.#observed++ % 3] = receivedWallMs - timestampMs;
    const { 0: first, 1: second, 2: third } = this.#ages;
    if (first === undefined || second === undefined || third === undefined) return;
    const smallest = Math.min(first, second, third);
    if (Math.max(first, second, third) - smallest > STEADY_MS) return;
    if (this.#estimateMs !== null && Math.abs(smallest - this.#estimateMs) > JUMP_MS) this.#jump();
    this.#estimateMs = smallest;
    if (Math.abs(smallest - this.#skewMs) > CLOSE_ENOUGH_MS) this.#keepsItsTime = false;
    this.assume(smallest);
    if (this.#atBootMs === null) return;
    this.assume(smallest, this.#skewMs !== 0 && Math.abs(smallest - this.#atBootMs) <= CLOSE_ENOUGH_MS);
    this.#atBootMs = null;
  }

  /** Takes this difference for true until samples say otherwise. @param staysWrong it outlives a boot */
  assume(skewMs: number, staysWrong = this.#staysWrong): void {
    const noticedMs = Math.abs(skewMs) > CLOSE_ENOUGH_MS ? skewMs : 0;
    if (noticedMs === this.#skewMs && staysWrong === this.#staysWrong) return;
    this.#skewMs = noticedMs;
    this.#staysWrong = staysWrong;
    this.#edition += 1;
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
    this.#ages = this.#ages.map((ageMs) => ageMs + byMs);
    if (this.#estimateMs !== null) this.#estimateMs += byMs;
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
    const isKept = Math.abs(ageMs - beforeMs) <= CLOSE_ENOUGH_MS;
    if (!isKept && Math.abs(ageMs) > CLOSE_ENOUGH_MS) return;
    this.#beforeTellingMs = null;
    this.#keepsItsTime = isKept;
    if (!isKept) return;
    this.#awaitsTime = false;
    this.assume(beforeMs);
  }

  /** The charge point started anew and was told the time: what was learnt no longer holds, but of one that stays wrong. */
  rebooted(): void {
    this.#atBootMs = this.#skewMs === 0 ? null : this.#skewMs;
    this.#forget();
    if (!this.#staysWrong) this.assume(0);
  }

  #jump(): void {
    this.#jumps += 1;
    this.#edition += 1;
  }

  #forget(): void {
    this.#ages = [];
    this.#observed = 0;
    this.#estimateMs = null;
    this.#awaitsTime = false;
    this.#beforeTellingMs = null;
  }
}
