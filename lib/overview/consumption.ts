/** What the zones of a site consumed, by day and month, and the cars' part of it. */
import type { PlantTree } from "../dlm/topology/plant.ts";
import { invalid } from "../errors.ts";
import { record } from "../fields.ts";
import { localText } from "../local-time.ts";
import type { BoardReading } from "../metering/meter-board.ts";
import { EnergyRegister } from "../session/energy/energy-register.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import { type JsonValue, round } from "../units.ts";

/** Energy of a day (`2026-06-01`) or a month (`2026-06`). */
export interface ConsumptionRow {
  zone: string;
  meter: string;
  period: string;
  energyWh: number;
  /** Of the sessions in the zone and below it. */
  carsWh: number;
  /** What is left for all others, never below 0. */
  othersWh: number;
}

/** Of the day and month that are on, Wh. */
export interface ConsumptionState {
  dayWh: number;
  monthWh: number;
  carsMonthWh: number;
}

type Part = [period: string, energyWh: number, carsWh: number];

interface Kept {
  zone: string;
  meter: string;
  register: EnergyRegister;
  days: Part[];
  months: Part[];
}

/** Where it is kept over restarts. */
export interface ConsumptionStore {
  document(key: string): JsonValue | undefined;
  saveDocument(key: string, value: JsonValue): void;
}

const DOCUMENT = "consumption";
const MOST_DAYS = 400;
const MOST_MONTHS = 120;
/** Sessions are remembered so that what is put right later is counted once. */
const MOST_SESSIONS = 500;
/** A reading older than this is left out, ms. */
const OLD_MS = 300_000;
const SAVE_EVERY_MS = 900_000;
/** The voltage may be 10 % above its nominal value, and a meter a little off. */
const TOLERANCE = 1.15;

/** Follows the energy registers of zones that name a meter for it. A crash loses nothing: register and sessions go on from what was saved. */
export class Consumption {
  readonly #store: ConsumptionStore;
  readonly #timeZone: () => string;
  readonly #wallMs: () => number;
  /** By node id of the zone, so that another name changes nothing. */
  readonly #zones = new Map<string, Kept>();
  /** Zones in which a session counts, by the name of its own. */
  #countsIn = new Map<string, string[]>();
  readonly #sessions = new Map<string, number>();
  #saved: Record<string, JsonValue>;
  #savedWallMs = Number.NaN;

  /** @param timeZone in which days begin; empty = the machine's */
  constructor(store: ConsumptionStore, timeZone: () => string, wallMs: () => number) {
    this.#store = store;
    this.#timeZone = timeZone;
    this.#wallMs = wallMs;
    const { zones, sessions } = record(store.document(DOCUMENT) ?? null);
    this.#saved = record(zones) as Record<string, JsonValue>;
    for (const [id, wh] of Object.entries(record(sessions))) if (typeof wh === "number") this.#sessions.set(id, wh);
  }

  /** Takes the tree over that is in force. What was counted of zones without a meter now is kept for the day when they have one again. */
  configure({ zones, voltageV }: PlantTree): void {
    this.#keepAll();
    this.#zones.clear();
    this.#countsIn = new Map();
    for (const { zone, nodeId, consumptionMeter } of zones) {
      if (nodeId === null || !consumptionMeter) continue;
      const sumA = [zone.limitA].flat().reduce((sum, amps) => sum + amps, 0);
      const { register = null, meter, days, months } = record(this.#saved[nodeId]);
      const isSame = meter === consumptionMeter;
      this.#zones.set(nodeId, {
        ...{ zone: zone.id, meter: consumptionMeter },
        register: new EnergyRegister(sumA * voltageV * TOLERANCE, isSame ? (register as JsonValue) : null),
        days: parts(days),
        months: parts(months),
      });
    }
    const parents = new Map(zones.map(({ zone }) => [zone.id, zone.parent]));
    for (const { zone } of zones) {
      const above: string[] = [];
      for (let at: string | null = zone.id; at !== null; at = parents.get(at) ?? null) above.push(at);
      this.#countsIn.set(
        zone.id,
        [...this.#zones].filter(([, kept]) => above.includes(kept.zone)).map(([nodeId]) => nodeId),
      );
    }
  }

  /** Reads the registers. @param readings the latest of every meter */
  sample(readings: ReadonlyMap<string, BoardReading>, nowMs: number): void {
    const wallMs = this.#wallMs();
    for (const kept of this.#zones.values()) {
      const last = readings.get(kept.meter);
      const ageMs = last ? nowMs - last.atMs : 0;
      if (last?.payload.quality !== "good" || ageMs > OLD_MS) continue;
      const before = kept.register.sumWh;
      kept.register.read(wallMs - ageMs, last.payload.energyImportWh, 0);
      this.#add(kept, wallMs, Math.max(0, kept.register.sumWh - before), 0);
    }
    if (Number.isNaN(this.#savedWallMs)) this.#savedWallMs = wallMs;
    if (Math.abs(wallMs - this.#savedWallMs) >= SAVE_EVERY_MS) this.save();
  }

  /** What is told of a session. One that was not seen from its start counts from now on. */
  session(news: "open" | "update" | "close", { id, zone, energyWh }: SessionRecord): void {
    const before = this.#sessions.get(id);
    const nowWh = energyWh ?? before ?? 0;
    this.#sessions.delete(id);
    this.#sessions.set(id, nowWh);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    const addedWh = nowWh - (before ?? (news === "open" ? 0 : nowWh));
    if (addedWh === 0) return;
    for (const nodeId of this.#countsIn.get(zone ?? "") ?? [])
      this.#add(this.#zones.get(nodeId)!, this.#wallMs(), 0, addedWh);
  }

  state(zone: string): ConsumptionState | null {
    const kept = [...this.#zones.values()].find((one) => one.zone === zone);
    if (!kept) return null;
    const day = this.#day(this.#wallMs());
    const [, dayWh] = kept.days.at(-1)?.[0] === day ? kept.days.at(-1)! : [day, 0];
    const month = day.slice(0, 7);
    const [, monthWh, carsMonthWh] = kept.months.at(-1)?.[0] === month ? kept.months.at(-1)! : [month, 0, 0];
    return { dayWh, monthWh, carsMonthWh };
  }

  /** Oldest first. @param zone null = all zones */
  rows(by: "day" | "month", zone: string | null): ConsumptionRow[] {
    return [...this.#zones.values()]
      .filter((kept) => zone === null || kept.zone === zone)
      .flatMap(({ zone: name, meter, days, months }) =>
        (by === "day" ? days : months).map(([period, energyWh, carsWh]) => ({
          ...{ zone: name, meter, period, energyWh: Math.round(energyWh), carsWh: Math.round(carsWh) },
          othersWh: Math.max(0, Math.round(energyWh - carsWh)),
        })),
      );
  }

  /** Whole days (`2026-06-01`) and months that begin in the one day or later, and before the other: first days, then months. */
  between(fromDay: string, toDay: string): ConsumptionRow[] {
    const within = ({ period }: ConsumptionRow) => {
      const length = period.length;
      return period >= fromDay.slice(0, length) && period < toDay.slice(0, length);
    };
    return [...this.rows("day", null), ...this.rows("month", null)].filter(within);
  }

  save(): void {
    this.#savedWallMs = this.#wallMs();
    this.#keepAll();
    const plain = { zones: this.#saved, sessions: Object.fromEntries(this.#sessions) };
    this.#store.saveDocument(DOCUMENT, JSON.parse(JSON.stringify(plain)) as JsonValue);
  }

  #keepAll(): void {
    for (const [nodeId, { meter, register, days, months }] of this.#zones)
      this.#saved[nodeId] = { meter, register: register.save(), days, months };
  }

  #add({ days, months }: Kept, wallMs: number, energyWh: number, carsWh: number): void {
    if (energyWh === 0 && carsWh === 0) return;
    const day = this.#day(wallMs);
    addTo(days, day, energyWh, carsWh, MOST_DAYS);
    addTo(months, day.slice(0, 7), energyWh, carsWh, MOST_MONTHS);
  }

  #day(wallMs: number): string {
    return localText(wallMs, this.#timeZone()).slice(0, 10);
  }
}

function addTo(kept: Part[], period: string, energyWh: number, carsWh: number, most: number): void {
  const last = kept.at(-1);
  if (last?.[0] === period) {
    last[1] = round(last[1] + energyWh, 1);
    last[2] = round(Math.max(0, last[2] + carsWh), 1);
  } else kept.push([period, round(energyWh, 1), round(Math.max(0, carsWh), 1)]);
  if (kept.length > most) kept.shift();
}

function parts(saved: unknown): Part[] {
  const isPart = (one: unknown): one is Part =>
    Array.isArray(one) && typeof one[0] === "string" && typeof one[1] === "number" && typeof one[2] === "number";
  return Array.isArray(saved) ? saved.filter(isPart) : [];
}

/** Whether a message asks for consumption: its topic is `consumption` or `consumption/<zone>`. */
export function isConsumptionRequest({ topic }: { topic?: unknown }): boolean {
  return typeof topic === "string" && /^consumption(\/|$)/.test(topic);
}

/**
 * Answers a request: `payload` = `{by, format, separator, decimal}`, each optional.
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function answerConsumption(message: { topic?: unknown; payload?: unknown }, consumption: Consumption) {
  const topic = String(message.topic);
  const zone = topic.replace(/^consumption\/?/, "");
  const asked = record(message.payload);
  const by = choice("payload.by", asked["by"], ["day", "month"]);
  const format = choice("payload.format", asked["format"], ["json", "csv"]);
  const separator = choice("payload.separator", asked["separator"], [",", ";", "\t"]);
  const decimal = choice("payload.decimal", asked["decimal"], [".", ","]);
  const rows = consumption.rows(by, zone || null);
  return {
    topic,
    zone,
    by,
    format,
    count: rows.length,
    payload: format === "csv" ? consumptionCsv(rows, separator, decimal) : rows,
  };
}

function choice<T extends string>(field: string, value: unknown, choices: readonly [T, ...T[]]): T {
  if (value === undefined || value === null || value === "") return choices[0];
  if (choices.includes(value as T)) return value as T;
  throw invalid(field, `one of ${choices.map((one) => JSON.stringify(one)).join(", ")}`, value);
}

/** A table with a header line (RFC 4180, CRLF), kWh. A text that a spreadsheet would take for a formula gets an apostrophe. */
export function consumptionCsv(rows: readonly ConsumptionRow[], separator: string, decimal: string): string {
  const kWh = (wh: number) => String(round(wh / 1000, 3)).replace(".", decimal);
  const text = (value: string) => {
    const plain = value.replace(/^(?=[=+\-@\t\r])/, "'");
    return plain.includes(separator) || /["\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  const number = (value: string) => (value.includes(separator) ? `"${value}"` : value);
  const head = ["zone", "meter", "period", "energyKWh", "carsKWh", "othersKWh"];
  const lines = rows.map(({ zone, meter, period, energyWh, carsWh, othersWh }) => [
    ...[zone, meter, period].map(text),
    ...[energyWh, carsWh, othersWh].map((wh) => number(kWh(wh))),
  ]);
  return [head, ...lines].map((cells) => `${cells.join(separator)}\r\n`).join("");
}
