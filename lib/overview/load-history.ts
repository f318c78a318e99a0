import type { KeyValueStore } from "../dlm/decision-log/key-value-store.ts";
import { record } from "../fields.ts";
import { type JsonValue, round } from "../units.ts";
import { chargerRows, plainNames, type RowSource, totalsRow, zoneRows } from "./rows.ts";

/** Means are taken over this time, ms. */
const STEP_MS = 300_000;
const STEPS_PER_HOUR = 12;
const HOUR_MS = STEPS_PER_HOUR * STEP_MS;
/** A week and the hour that is open. */
const HOURS = 7 * 24 + 1;
/** A value is taken at most this often, ms. */
const SAMPLE_MS = 10_000;
/** The open hour is saved this often, so that a crash loses no more, ms. */
const SAVE_EVERY_MS = 900_000;
/** Of more chargers than this, what each may draw is not kept. */
const MOST_CHARGERS = 60;

/** What was measured and given over a time, in means of five minutes. */
export interface HistoryView {
  /** Of the first mean, ms since 1970; one follows each `stepMs`. */
  fromMs: number;
  stepMs: number;
  zone: string;
  /** Names of the zones that there is a history of. */
  zones: string[];
  /** The lowest of its phases, A. */
  limitA: number;
  /** Load of the zone, A: `L1`, `L2`, `L3`. null = unknown. */
  loadA: Record<string, (number | null)[]>;
  /** kW: `sun`, `grid`, `house`, `battery`, `cars`; only those that a meter tells of. */
  powerKW: Record<string, (number | null)[]>;
  /** What each charger may draw, A per phase, by its name. */
  givenA: Record<string, (number | null)[]>;
}

/** One hour as it is kept: twelve means for each name. */
interface Hour {
  hour: number;
  means: Map<string, (number | null)[]>;
}

/**
 * Load, powers and limits of the last week, in means of five minutes. Each hour is one document, which is written every quarter of an
 * hour and takes the place of the one of a week ago: the disk is written a hundred times a day, and what is kept does not grow.
 */
export class LoadHistory {
  readonly #store: KeyValueStore;
  #open: Hour | null = null;
  /** Sums of the step that is open, by name. */
  #sums = new Map<string, { sum: number; n: number }>();
  #step = Number.NaN;
  #sampledWallMs = Number.NEGATIVE_INFINITY;
  #savedWallMs = Number.NaN;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** Whether it is time for another value. */
  isDue(wallMs: number): boolean {
    return Math.abs(wallMs - this.#sampledWallMs) >= SAMPLE_MS;
  }

  /** Notes what is now. @param values by name; null = unknown */
  note(values: ReadonlyMap<string, number | null>, wallMs: number): void {
    const step = Math.floor(wallMs / STEP_MS);
    if (step !== this.#step) this.#begin(step, wallMs);
    this.#sampledWallMs = wallMs;
    for (const [name, value] of values) {
      if (value === null) continue;
      const { sum, n } = this.#sums.get(name) ?? { sum: 0, n: 0 };
      this.#sums.set(name, { sum: sum + value, n: n + 1 });
    }
    if (!(Math.abs(wallMs - this.#savedWallMs) < SAVE_EVERY_MS)) this.save(wallMs);
  }

  /** Saves the open hour. */
  save(wallMs: number): void {
    if (!this.#open) return;
    this.#settle();
    this.#savedWallMs = wallMs;
    const { hour, means } = this.#open;
    this.#store.save(keyOf(hour), { hour, means: Object.fromEntries(means) } as JsonValue);
  }

  /** The means of each name between two moments, oldest first; null = nothing was noted. */
  between(fromWallMs: number, toWallMs: number): { fromMs: number; means: Map<string, (number | null)[]> } {
    this.#settle();
    const first = Math.floor(fromWallMs / STEP_MS);
    const steps = Math.floor(toWallMs / STEP_MS) - first + 1;
    const means = new Map<string, (number | null)[]>();
    for (let hour = Math.floor(fromWallMs / HOUR_MS); hour * HOUR_MS <= toWallMs; hour++) {
      const kept = hour === this.#open?.hour ? this.#open : this.#load(hour);
      for (const [name, values] of kept?.means ?? []) {
        const all = listOf(means, name, steps);
        values.forEach((value, index) => {
          const at = hour * STEPS_PER_HOUR + index - first;
          if (at >= 0 && at < steps) all[at] = value;
        });
      }
    }
    return { fromMs: first * STEP_MS, means };
  }

  #begin(step: number, wallMs: number): void {
    const hour = Math.floor(step / STEPS_PER_HOUR);
    if (this.#open && this.#open.hour !== hour) this.save(wallMs);
    else this.#settle();
    if (this.#open?.hour !== hour) {
      this.#open = this.#load(hour) ?? { hour, means: new Map() };
      this.#savedWallMs = wallMs;
    }
    this.#sums = new Map();
    this.#step = step;
  }

  /** What was summed up so far stands as the mean of its step. */
  #settle(): void {
    if (!this.#open) return;
    const index = this.#step - this.#open.hour * STEPS_PER_HOUR;
    for (const [name, { sum, n }] of this.#sums) {
      listOf(this.#open.means, name, STEPS_PER_HOUR)[index] = round(sum / n, 2);
    }
  }

  #load(hour: number): Hour | null {
    const document = record(this.#store.load(keyOf(hour)));
    if (document["hour"] !== hour) return null;
    const means = new Map<string, (number | null)[]>();
    for (const [name, values] of Object.entries(record(document["means"])))
      if (Array.isArray(values)) means.set(name, values.slice(0, STEPS_PER_HOUR).map(numberOrNull));
    return { hour, means };
  }
}

/** What there is to note of a site. */
export function historyValues(source: RowSource): Map<string, number | null> {
  const values = new Map<string, number | null>();
  const { byName } = source.decision.view.plant;
  for (const { id: zone, loadA } of source.overview.zones)
    if (byName.has(zone)) for (const [phase, amps] of loadA.entries()) values.set(`A/${zone}/${phase + 1}`, amps);
  const chargers = chargerRows(source);
  const { sunKW, gridKW, houseKW, batteryKW, powerKW } = totalsRow(source, chargers);
  const powers = { sun: sunKW, grid: gridKW, house: houseKW, battery: batteryKW, cars: powerKW };
  for (const [name, kW] of Object.entries(powers)) values.set(`kW/${name}`, kW);
  if (chargers.length <= MOST_CHARGERS) {
    // By identity: names change, and two chargers may have the same.
    const plain = new Map(plainNames(source.overview.chargers));
    for (const { target, limitA } of chargers) values.set(`given/${plain.get(target) ?? target}`, limitA);
  }
  return values;
}

/** A part of the history as a page draws it. @param zone null or unknown = the root zone */
export function historyView(
  history: LoadHistory,
  source: RowSource,
  { hours, zone }: { hours: number; zone: string | null },
  wallMs: number,
): HistoryView {
  const rows = zoneRows(source);
  const shown = rows.find((row) => row.zone === zone) ?? rows[0];
  const { fromMs, means } = history.between(wallMs - hours * HOUR_MS, wallMs);
  const under = (prefix: string) =>
    [...means].flatMap(([name, values]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), values] as const] : [],
    );
  const names = new Map(chargerRows(source).map(({ target, charger }) => [target, charger]));
  const called = new Map(plainNames(source.overview.chargers).map(([id, plain]) => [plain, names.get(id) ?? plain]));
  return {
    fromMs,
    stepMs: STEP_MS,
    zone: shown?.zone ?? "",
    zones: rows.map((row) => row.zone),
    limitA: shown ? Math.min(...shown.limitA) : 0,
    loadA: Object.fromEntries(under(`A/${shown?.zone ?? ""}/`).map(([phase, values]) => [`L${phase}`, values])),
    powerKW: Object.fromEntries(under("kW/")),
    givenA: Object.fromEntries(under("given/").map(([plain, values]) => [called.get(plain) ?? plain, values])),
  };
}

/** The values of a name; so many unknown ones where there are none yet. */
function listOf(means: Map<string, (number | null)[]>, name: string, steps: number): (number | null)[] {
  const known = means.get(name) ?? new Array<number | null>(steps).fill(null);
  means.set(name, known);
  return known;
}

function keyOf(hour: number): string {
  return `load/${hour % HOURS}`;
}

const numberOrNull = (value: unknown): number | null => (typeof value === "number" ? value : null);
