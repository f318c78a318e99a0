import type { JsonValue } from "../../units.ts";

/** Between two readings further apart nothing is known of the power. */
const LONGEST_GAP_MS = 900_000;

const MS_PER_H = 3_600_000;

/** Power over time: the area below its readings. */
export class EnergyPower {
  readonly #ceilingW: number;
  #sumWh = 0;
  #coveredMs = 0;
  #readings = 0;
  /** The last reading; -Infinity before the first. */
  #lastWallMs = Number.NEGATIVE_INFINITY;
  #lastW = 0;

  /** @param ceilingW power beyond which nothing is believed; @param memory what `save` gave */
  constructor(ceilingW: number, memory: JsonValue) {
    this.#ceilingW = ceilingW;
    if (!Array.isArray(memory) || !memory.every((value) => typeof value === "number")) return;
    const [sumWh = 0, coveredMs = 0, readings = 0, wallMs, powerW] = memory as number[];
    this.#sumWh = sumWh;
    this.#coveredMs = coveredMs;
    this.#readings = readings;
    if (wallMs === undefined || powerW === undefined) return;
    this.#lastWallMs = wallMs;
    this.#lastW = powerW;
  }

  get sumWh(): number {
    return this.#sumWh;
  }

  /** For how long the power was known. */
  get coveredMs(): number {
    return this.#coveredMs;
  }

  /** Time of the last reading; -Infinity before the first. */
  get atMs(): number {
    return this.#lastWallMs;
  }

  /** @returns the energy since the reading before, Wh */
  read(wallMs: number, powerW: number | null): number {
    if (powerW === null || powerW < 0 || powerW > this.#ceilingW || wallMs < this.#lastWallMs) return 0;
    const gapMs = wallMs - this.#lastWallMs;
    const beforeW = this.#lastW;
    this.#lastWallMs = wallMs;
    this.#lastW = powerW;
    this.#readings += 1;
    // Infinite for the first one.
    if (gapMs > LONGEST_GAP_MS) return 0;
    const addedWh = (((beforeW + powerW) / 2) * gapMs) / MS_PER_H;
    this.#sumWh += addedWh;
    this.#coveredMs += gapMs;
    return addedWh;
  }

  save(): JsonValue {
    const head = [this.#sumWh, this.#coveredMs, this.#readings];
    return this.#readings > 0 ? [...head, this.#lastWallMs, this.#lastW] : head;
  }
}
