import type { JsonValue } from "../units.ts";

type Flag = "registerReset" | "registerJump";

interface Mark {
  wallMs: number;
  wh: number;
  /** Energy by power over time at that moment, Wh. */
  powerWh: number;
}

/** Registers that count whole kWh step by this. */
const STEP_WH = 1000;

/** A register may seem to fall by this when its value is rounded. */
const ROUNDING_WH = 1;

const MS_PER_H = 3_600_000;

/**
 * Follows an energy register. A value that cannot follow from the one before is a mistake until a second one agrees with it: then the
 * register has begun anew, or has leapt, and what it counts from there counts.
 */
export class EnergyRegister {
  readonly #ceilingW: number;
  #sumWh = 0;
  #readings = 0;
  #last: Mark | null = null;
  #doubt: Mark | null = null;
  #flags = new Set<Flag>();

  /** @param ceilingW power beyond which nothing is believed; @param memory what `save` gave */
  constructor(ceilingW: number, memory: JsonValue) {
    this.#ceilingW = ceilingW;
    if (typeof memory !== "object" || memory === null || Array.isArray(memory)) return;
    const { sumWh, readings, last, doubt, flags } = memory as unknown as Saved;
    this.#sumWh = sumWh ?? 0;
    this.#readings = readings ?? 0;
    this.#last = last ?? null;
    this.#doubt = doubt ?? null;
    this.#flags = new Set(flags ?? []);
  }

  /** What it has counted since the first reading, Wh. */
  get sumWh(): number {
    return this.#sumWh;
  }

  get readings(): number {
    return this.#readings;
  }

  get flags(): readonly Flag[] {
    return [...this.#flags];
  }

  /** It has counted something. */
  get moved(): boolean {
    return this.#sumWh > 0;
  }

  /** Time of the last reading that was believed; -Infinity before the first. */
  get atMs(): number {
    return this.#last?.wallMs ?? Number.NEGATIVE_INFINITY;
  }

  /** @param powerWh energy by power over time so far: what bridges a leap */
  read(wallMs: number, wh: number | null, powerWh: number): void {
    if (wh === null || wh < 0 || !Number.isFinite(wh) || wallMs < this.atMs) return;
    const mark = { wallMs, wh, powerWh };
    const last = this.#last;
    if (!last) this.#accept(mark, 0);
    else if (this.#follows(last, mark)) this.#accept({ ...mark, wh: Math.max(wh, last.wh) }, Math.max(0, wh - last.wh));
    else if (this.#doubt && this.#follows(this.#doubt, mark)) this.#restart(last, this.#doubt, mark);
    else this.#doubt = mark;
  }

  /** The same with the reading at the end, which is believed if it fits. This one stays as it is. */
  endedAt(wallMs: number, meterStopWh: number | null, powerWh: number): EnergyRegister {
    if (meterStopWh === null) return this;
    const ended = new EnergyRegister(this.#ceilingW, this.save());
    ended.read(Math.max(wallMs, this.atMs), meterStopWh, powerWh);
    return ended;
  }

  save(): JsonValue {
    const saved: Saved = {
      sumWh: this.#sumWh,
      readings: this.#readings,
      last: this.#last,
      doubt: this.#doubt,
      flags: this.flags,
    };
    return saved as unknown as JsonValue;
  }

  #follows(before: Mark, now: Mark): boolean {
    const mostWh = (this.#ceilingW * (now.wallMs - before.wallMs)) / MS_PER_H + STEP_WH;
    return now.wh >= before.wh - ROUNDING_WH && now.wh - before.wh <= mostWh;
  }

  #restart(last: Mark, doubt: Mark, now: Mark): void {
    const began = doubt.wh < last.wh;
    this.#flags.add(began ? "registerReset" : "registerJump");
    const fromZero = { ...last, wh: 0 };
    const countedWh = (began && this.#follows(fromZero, doubt) ? doubt.wh : 0) + Math.max(0, now.wh - doubt.wh);
    this.#accept(now, Math.max(countedWh, now.powerWh - last.powerWh));
  }

  #accept(mark: Mark, addedWh: number): void {
    this.#last = mark;
    this.#doubt = null;
    this.#sumWh += addedWh;
    this.#readings += 1;
  }
}

interface Saved {
  sumWh: number;
  readings: number;
  last: Mark | null;
  doubt: Mark | null;
  flags: readonly Flag[];
}
