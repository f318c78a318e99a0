import type { Snapshot } from "../dlm/types.ts";

/** A rise above the minimums counts once the surplus has been there for this long, ms. */
const LASTS_MS = 15_000;
/** And only if it is worth a new limit: half an ampere on one phase, W. */
const WORTH_W = 115;
/** A car has followed a new setpoint after this, ms. */
const FOLLOWED_MS = 5000;
/** A terminal that carries more than this is in use, A. */
const IN_USE_A = 1;

type Connector = Snapshot["connectors"][number];

/**
 * The power that cars on surplus could use, calm enough to follow: it falls at once, and rises when more has been there for
 * 15 s; what the minimums of running cars need counts at once, so that a short dip stays short.
 * Their own draw is part of it. While a charger's reading is older than its setpoint, that draw is the value between both that
 * keeps the surplus nearest to its last value (S4b): a rise that a charger has not reported yet is no cloud.
 */
export class Sun {
  #samples: { atMs: number; powerW: number }[] = [];
  #passedW: number | null = null;
  #setpoints = new Map<string, { limitA: number; changedMs: number }>();

  /**
   * Takes a surplus.
   * @param exportW what would be exported with the cars as they are; negative = bought
   * @param connectors those of a snapshot of this moment
   */
  add(exportW: number, connectors: readonly Connector[], voltageV: number, atMs: number): void {
    const cars = connectors.filter(isOnSurplus);
    let lowW = exportW;
    let highW = exportW;
    let floorW = 0;
    for (const car of cars) {
      const [leastA, mostA] = this.#drawA(car);
      lowW += leastA * voltageV;
      highW += mostA * voltageV;
      if ((this.#setpoints.get(car.id)?.limitA ?? 0) > 0) floorW += (car.minA ?? 6) * terminals(car) * voltageV;
    }
    const lastW = this.#samples.at(-1)?.powerW ?? lowW;
    this.#pass(Math.min(highW, Math.max(lowW, lastW)), floorW, atMs);
  }

  /** Power for all cars on surplus, W; null before the first. */
  get powerW(): number | null {
    return this.#passedW;
  }

  /** Power at the grid connection, import positive, with which the controller comes to the calm surplus; null before the first. */
  gridW(connectors: readonly Connector[], voltageV: number): number | null {
    if (this.#passedW === null) return null;
    let drawnA = 0;
    for (const car of connectors.filter(isOnSurplus)) drawnA += sum(car.measuredA);
    return drawnA * voltageV - this.#passedW;
  }

  /** Notes what was commanded. */
  commanded(setpoints: ReadonlyMap<string, number>, atMs: number): void {
    const next = new Map<string, { limitA: number; changedMs: number }>();
    for (const [id, limitA] of setpoints) {
      const before = this.#setpoints.get(id);
      next.set(id, before?.limitA === limitA ? before : { limitA, changedMs: atMs });
    }
    this.#setpoints = next;
  }

  /** Least and most that a car may draw now, A over all its phases. */
  #drawA(car: Connector): [number, number] {
    const measuredA = sum(car.measuredA);
    const setpoint = this.#setpoints.get(car.id);
    if (!setpoint || (car.state !== "charging" && car.state !== "waiting")) return [measuredA, measuredA];
    if ((car.measuredTsMs ?? Number.NEGATIVE_INFINITY) > setpoint.changedMs + FOLLOWED_MS)
      return [measuredA, measuredA];
    const commandedA = setpoint.limitA * terminals(car);
    return [Math.min(measuredA, commandedA), Math.max(measuredA, commandedA)];
  }

  #pass(powerW: number, floorW: number, atMs: number): void {
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs < LASTS_MS);
    this.#samples.push({ atMs, powerW });
    const leastW = Math.min(...this.#samples.map((sample) => sample.powerW));
    const passedW = this.#passedW ?? powerW;
    const calmW = leastW >= passedW + WORTH_W ? leastW : passedW;
    this.#passedW = Math.min(powerW, Math.max(calmW, floorW));
  }
}

function isOnSurplus({ mode, state }: Connector): boolean {
  return (mode === "pv" || mode === "minpv") && state !== "offline";
}

/** Phases the car uses, as far as its current shows; else those of the connector. */
function terminals({ measuredA, phases = 3 }: Connector): number {
  return measuredA?.filter((value) => Math.abs(value ?? 0) > IN_USE_A).length || phases;
}

function sum(values: readonly (number | null)[] | undefined): number {
  return (values ?? []).reduce<number>((total, value) => total + Math.abs(value ?? 0), 0);
}
