import type { SnapshotConnector } from "../dlm/types.ts";
import { CHARGING_A, FOLLOWED_MS, SETTLED_MS } from "../thresholds.ts";

/** A rise above the minimums counts once it has lasted, and is worth so much: one of 1.5 A on one phase soon, a small one later. */
const RISES = [
  { worthW: 345, lastsMs: 5000 },
  { worthW: 115, lastsMs: 15_000 },
] as const;
const LONGEST_MS = 15_000;
/** A fall by an ampere on one phase waits for no cycle, W. */
const FALL_W = 230;
/** A fall by no more than this is not worth a profile until it has lasted for so long, W and ms. */
const SMALL_FALL_W = 100;
const SMALL_FALL_LASTS_MS = 60_000;
/** A car that follows draws no less below its setpoint than this, A: it counts in whole amperes. */
const STEP_A = 1.2;

interface Sample {
  atMs: number;
  powerW: number;
}

/** What a car was told, since when, and whether its last reading that could show it did. */
interface TimedLimit {
  limitA: number;
  changedMs: number;
  follows: boolean;
}

/**
 * The power that cars on surplus could use, calm enough to follow: it falls at once, but for a little that lasts, and rises when more has been there for
 * 5 s, little more for 15 s; what the minimums of running cars need counts at once, so that a short dip stays short.
 * Their own draw is part of it. While a charger's reading is older than its setpoint, that draw is the value between both that
 * keeps the surplus nearest to its last value (S4b): a rise that a charger has not reported yet is no cloud. A car that followed
 * before is taken to have followed again after 10 s: a charger that reports once a minute hides no cloud behind an old reading.
 */
export class Sun {
  #samples: readonly Sample[] = [];
  #passedW: number | null = null;
  readonly #commands = new Map<string, TimedLimit>();
  /** Since when the surplus is a little below what is passed; null while it is not. */
  #fallenSinceMs: number | null = null;
  /** What is told beyond the minimums, and the surplus is short of, W. */
  #shortW = 0;

  /**
   * Takes a surplus.
   * @param exportW what would be exported with the cars as they are; negative = bought
   * @param connectors those of a snapshot of this moment
   */
  add(exportW: number, connectors: readonly SnapshotConnector[], voltageV: number, atMs: number): void {
    const cars = connectors.filter(isOnSurplus);
    let lowW = exportW;
    let highW = exportW;
    let floorW = 0;
    let toldW = 0;
    for (const car of cars) {
      const [leastA, mostA] = this.#drawA(car, atMs);
      lowW += leastA * voltageV;
      highW += mostA * voltageV;
      const { limitA = 0 } = this.#commands.get(car.id) ?? {};
      if (limitA === 0) continue;
      floorW += (car.minA ?? 6) * terminals(car) * voltageV;
      toldW += limitA * terminals(car) * voltageV;
    }
    const lastW = this.#samples.at(-1)?.powerW ?? lowW;
    const powerW = Math.min(highW, Math.max(lowW, lastW));
    this.#shortW = toldW - Math.max(floorW, Math.min(powerW, this.#pass(powerW, floorW, atMs)));
  }

  /** Power for all cars on surplus, W; null before the first. */
  get powerW(): number | null {
    return this.#passedW;
  }

  /** The surplus has fallen below what cars were told, by an ampere or more that they can do without: this waits for no cycle. */
  get isShort(): boolean {
    return this.#shortW >= FALL_W;
  }

  /** Power at the grid connection, import positive, with which the controller comes to the calm surplus; null before the first. */
  gridW(connectors: readonly SnapshotConnector[], voltageV: number): number | null {
    if (this.#passedW === null) return null;
    let drawnA = 0;
    for (const car of connectors.filter(isOnSurplus)) drawnA += sum(car.measuredA);
    return drawnA * voltageV - this.#passedW;
  }

  /** Notes what was commanded. */
  commanded(setpoints: ReadonlyMap<string, number>, atMs: number): void {
    for (const [id, limitA] of setpoints) {
      const before = this.#commands.get(id);
      const follows = before?.follows ?? false;
      if (before?.limitA !== limitA) this.#commands.set(id, { limitA, changedMs: atMs, follows });
    }
    if (this.#commands.size > setpoints.size)
      for (const id of this.#commands.keys()) if (!setpoints.has(id)) this.#commands.delete(id);
    this.#shortW = 0;
  }

  /** Least and most that a car may draw now, A over all its phases. */
  #drawA(car: SnapshotConnector, atMs: number): [number, number] {
    const measuredA = sum(car.measuredA);
    const command = this.#commands.get(car.id);
    if (!command || (car.state !== "charging" && car.state !== "waiting")) return [measuredA, measuredA];
    const { limitA, changedMs } = command;
    const used = terminals(car);
    if ((car.measuredTsMs ?? Number.NEGATIVE_INFINITY) > changedMs + FOLLOWED_MS) {
      command.follows = measuredA >= (limitA - STEP_A) * used;
      return [measuredA, measuredA];
    }
    const commandedA = limitA * used;
    if (command.follows && limitA > 0 && measuredA > 0 && atMs > changedMs + SETTLED_MS)
      return [Math.max(Math.min(car.minA ?? 6, limitA), limitA - STEP_A) * used, commandedA];
    return [Math.min(measuredA, commandedA), Math.max(measuredA, commandedA)];
  }

  #pass(powerW: number, floorW: number, atMs: number): number {
    this.#samples = [...lately(this.#samples, atMs - LONGEST_MS), { atMs, powerW }];
    let calmW = this.#passedW ?? powerW;
    for (const { worthW, lastsMs } of RISES) {
      const leastW = Math.min(...lately(this.#samples, atMs - lastsMs).map((sample) => sample.powerW));
      if (leastW >= calmW + worthW) calmW = leastW;
    }
    this.#passedW = Math.max(this.#fallen(powerW, calmW, atMs), Math.min(powerW, floorW));
    return this.#passedW;
  }

  /** A small fall waits, a large one counts at once. */
  #fallen(powerW: number, calmW: number, atMs: number): number {
    if (powerW >= calmW) {
      this.#fallenSinceMs = null;
      return calmW;
    }
    this.#fallenSinceMs ??= atMs;
    if (calmW - powerW <= SMALL_FALL_W && atMs - this.#fallenSinceMs < SMALL_FALL_LASTS_MS) return calmW;
    this.#fallenSinceMs = null;
    return powerW;
  }
}

/** The samples since a moment, with the one that held at it. */
function lately(samples: readonly Sample[], sinceMs: number): readonly Sample[] {
  const first = samples.findLastIndex(({ atMs }) => atMs <= sinceMs);
  return samples.slice(Math.max(0, first));
}

function isOnSurplus({ mode, state }: SnapshotConnector): boolean {
  return (mode === "pv" || mode === "minpv") && state !== "offline";
}

/** Phases the car uses, as far as its current shows; else those of the connector. */
function terminals({ measuredA, phases = 3 }: SnapshotConnector): number {
  return measuredA?.filter((value) => Math.abs(value ?? 0) > CHARGING_A).length || phases;
}

function sum(values: readonly (number | null)[] | undefined): number {
  return (values ?? []).reduce<number>((total, value) => total + Math.abs(value ?? 0), 0);
}
