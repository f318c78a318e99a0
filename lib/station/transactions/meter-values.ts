import type { Sample, SampledValue } from "../../ocpp/facts.ts";
import { NOMINAL_V } from "../../thresholds.ts";
import { round } from "../../units.ts";
import { DEFAULT_TRAITS } from "../capabilities/models/traits.ts";
import type { MeterTraits } from "../capabilities/models/types.ts";

/** A charge point's samples of one moment in SI units. Triples are in terminal order 1..3; unknown is null. */
export interface MeterReading {
  /** The charge point's time stamp, ms since 1970; NaN when it makes no sense. */
  timestampMs: number;
  currentA: (number | null)[] | null;
  voltageV: (number | null)[];
  powerW: number | null;
  phasePowerW: (number | null)[];
  /** Energy.Active.Import.Register. */
  energyWh: number | null;
  offeredA: number | null;
  socPercent: number | null;
}

/** The format of values that a meter has signed. */
const SIGNED = "SignedData";

/** Values a charge point sends for "no reading". */
const isSentinel = (value: number): boolean => value === 2147483647 || value === -2147483648 || value === 4294967295;

/** Rows of `Best`, one for each quantity. */
const CURRENT = 0;
const OFFERED = 1;
const VOLTAGE = 2;
const POWER = 3;
const ENERGY = 4;
const SOC = 5;

interface Quantity {
  row: number;
  /** Between which values it can be true for AC or DC. */
  least: number;
  most: number;
  /** What flows back is none of it. */
  isDraw: boolean;
  /** It says something also at the moment at which charging ends: a register does, a current no longer flows. */
  outlasts: boolean;
}

const DEFAULT_MEASURAND = "Energy.Active.Import.Register";

/** What is read of a charge point. */
const QUANTITIES: ReadonlyMap<string, Quantity> = new Map([
  ["Current.Import", { row: CURRENT, least: -5, most: 1000, isDraw: true, outlasts: false }],
  ["Current.Offered", { row: OFFERED, least: 0, most: 1000, isDraw: false, outlasts: false }],
  ["Voltage", { row: VOLTAGE, least: 0, most: 1500, isDraw: false, outlasts: false }],
  ["Power.Active.Import", { row: POWER, least: -5000, most: 1_000_000, isDraw: true, outlasts: false }],
  [DEFAULT_MEASURAND, { row: ENERGY, least: 0, most: Number.MAX_SAFE_INTEGER, isDraw: false, outlasts: true }],
  ["SoC", { row: SOC, least: 0, most: 100, isDraw: false, outlasts: true }],
]);

/** That of most values, and of those that name none (OCPP 1.6 §7.34). */
const USUAL_CONTEXT = "Sample.Periodic";
/** The others, best first; what is not listed comes last. */
const CONTEXT_RANK: ReadonlyMap<string, number> = new Map(
  ["Sample.Clock", "Trigger", "Transaction.Begin", "Interruption.End", "Other"].map(
    (context, index) => [context, 1 + index] as const,
  ),
);
const LAST_RANK = 6;
/** A value measured anywhere else than at the outlet ranks behind all that were measured there. */
const INSIDE_RANK = 100;

/** Contexts of a moment at which charging just ended: the current shown no longer flows. */
const ENDING: ReadonlySet<string> = new Set(["Transaction.End", "Interruption.Begin"]);

/** Columns of `Best`: terminals 0 to 2, then the total, the neutral and the voltage between two phases. */
const WHOLE = 3;
const NEUTRAL = 4;
const L1_TO_L2 = 5;
const PLACES = 6;

/** Phase to place; several spellings name the same terminal. */
const PLACE: ReadonlyMap<string, number> = new Map([
  ["L1", 0],
  ["L1-N", 0],
  ["L2", 1],
  ["L2-N", 1],
  ["L3", 2],
  ["L3-N", 2],
  ["N", NEUTRAL],
  ["L1-L2", L1_TO_L2],
]);

/** Units with a prefix, in lower case, and their size in the base unit. */
const SCALE: ReadonlyMap<string, number> = new Map([
  ...["kwh", "kw", "kvarh", "kvar", "kvah", "kva", "kv", "ka"].map((unit) => [unit, 1000] as const),
  ...["ma", "mv"].map((unit) => [unit, 0.001] as const),
]);

/** Number() takes these, a decimal number is none of them. */
const OTHER_BASE = /^\s*0[xob]/i;

/** The best value of each quantity at each place: the lowest rank wins, among equals the first. */
class Best {
  readonly #values = new Float64Array(QUANTITIES.size * PLACES);
  readonly #ranks = new Uint8Array(QUANTITIES.size * PLACES);

  clear(): void {
    this.#values.fill(Number.NaN);
    this.#ranks.fill(255);
  }

  offer(row: number, place: number, value: number, rank: number): void {
    const at = row * PLACES + place;
    if (rank >= this.#ranks[at]!) return;
    this.#ranks[at] = rank;
    this.#values[at] = value;
  }

  get(row: number, place: number): number | null {
    const value = this.#values[row * PLACES + place]!;
    return Number.isNaN(value) ? null : value;
  }

  terminals(row: number): (number | null)[] {
    return [this.get(row, 0), this.get(row, 1), this.get(row, 2)];
  }
}

/** One table for all readings: there are many, and no values are kept after a reading is made. */
const best = new Best();

/**
 * Reads one sample: default measurand and units, k and m prefixes, empty, non-numeric and sentinel values dropped.
 * A current without a phase counts on each wired terminal. Without any current it is derived from power and voltage.
 * @param phases wired phases of the connector
 * @param traits the model's: register values that mean "unknown", and whether phases are right where the total disagrees
 */
export function readMeterValue(
  sample: Sample,
  phases: 1 | 2 | 3,
  traits: MeterTraits = DEFAULT_TRAITS.meter,
): MeterReading {
  best.clear();
  for (const sampled of sample.sampledValue) take(sampled, traits);
  const voltageV = voltages();
  const phasePowerW = best.terminals(POWER);
  const powerW = total(POWER, traits);
  return {
    timestampMs: Date.parse(sample.timestamp),
    currentA: currents(phases) ?? derivedCurrents(voltageV, phasePowerW, powerW, phases),
    voltageV,
    powerW,
    phasePowerW,
    energyWh: total(ENERGY, traits),
    offeredA: best.get(OFFERED, WHOLE) ?? largest(best.terminals(OFFERED)),
    socPercent: best.get(SOC, WHOLE),
  };
}

/** Puts readings of several moments together, oldest first: the newest value of each quantity wins. */
export function mergeReadings(readings: readonly MeterReading[]): MeterReading | null {
  if (readings.length === 1) return readings[0] ?? null;
  const ordered = [...readings].sort((a, b) => (a.timestampMs || 0) - (b.timestampMs || 0));
  const [oldest, ...later] = ordered;
  if (!oldest) return null;
  const merged: MeterReading = { ...oldest };
  for (const next of later) {
    Object.assign(merged, Object.fromEntries(Object.entries(next).filter(([, value]) => !isUnknown(value))));
  }
  return merged;
}

function isUnknown(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((item) => item === null));
}

function take(sampled: SampledValue, { sentinelsWh }: MeterTraits): void {
  const { measurand = DEFAULT_MEASURAND, phase, context = USUAL_CONTEXT, location } = sampled;
  const quantity = QUANTITIES.get(measurand);
  const place = phase === undefined ? WHOLE : PLACE.get(phase);
  if (!quantity || place === undefined || sampled.format === SIGNED) return;
  const { row, least, most, isDraw, outlasts } = quantity;
  const value = readNumber(sampled.value, sampled.unit);
  if (value === null || value < least || value > most) return;
  if (row === ENERGY && sentinelsWh.includes(value)) return;
  const isUsual = context === USUAL_CONTEXT;
  if (!isUsual && !outlasts && ENDING.has(context)) return;
  const rank = isUsual ? 0 : (CONTEXT_RANK.get(context) ?? LAST_RANK);
  const inside = location === undefined || location === "Outlet" ? 0 : INSIDE_RANK;
  best.offer(row, place, isDraw ? Math.max(0, value) : value, rank + inside);
}

/** A decimal number in the base unit, or null: "", "NaN", "230,5" and sentinels are no readings. */
function readNumber(text: string, unit: string | undefined): number | null {
  const raw = Number(text);
  if (!Number.isFinite(raw) || isSentinel(raw) || isNoDecimal(text, raw)) return null;
  switch (unit) {
    // Of most values nothing is to be worked out.
    case undefined:
    case "A":
    case "V":
    case "W":
    case "Wh":
      return raw;
    default:
      return raw * (SCALE.get(unit.trim().toLowerCase()) ?? 1);
  }
}

/** Number() takes white space for 0, and knows other bases. */
function isNoDecimal(text: string, raw: number): boolean {
  if (raw === 0 && text.trim() === "") return true;
  return text.length > 2 && OTHER_BASE.test(text);
}

/** The total as reported, else the sum of the phases; the other way round where the model's total is not to be trusted. */
function total(row: number, { preferPhases }: MeterTraits): number | null {
  const whole = best.get(row, WHOLE);
  return preferPhases || whole === null ? (sum(best.terminals(row)) ?? whole) : whole;
}

function currents(phases: number): (number | null)[] | null {
  const perTerminal = best.terminals(CURRENT);
  if (perTerminal.some((value) => value !== null)) return perTerminal;
  const value = best.get(CURRENT, WHOLE) ?? best.get(CURRENT, NEUTRAL);
  return value === null ? null : onWired(value, phases);
}

function derivedCurrents(
  voltageV: (number | null)[],
  phasePowerW: (number | null)[],
  powerW: number | null,
  phases: number,
): (number | null)[] | null {
  const volt = (terminal: number): number => voltageV[terminal] || largest(voltageV) || NOMINAL_V;
  if (phasePowerW.some((power) => power !== null)) {
    return phasePowerW.map((power, terminal) => (power === null ? null : round(power / volt(terminal), 2)));
  }
  return powerW === null ? null : onWired(round(powerW / phases / volt(0), 2), phases);
}

function voltages(): (number | null)[] {
  const perTerminal = best.terminals(VOLTAGE);
  if (perTerminal.some((value) => value !== null)) return perTerminal;
  const lineToLine = best.get(VOLTAGE, L1_TO_L2);
  const value = best.get(VOLTAGE, WHOLE) ?? (lineToLine === null ? null : round(lineToLine / Math.sqrt(3), 1));
  return [value, null, null];
}

const onWired = (value: number, phases: number): (number | null)[] => [0, 1, 2].map((t) => (t < phases ? value : null));

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0
    ? round(
        known.reduce((total, value) => total + value, 0),
        3,
      )
    : null;
}

/** It holds a value that the charge point's meter has signed. */
export function isSigned({ sampledValue }: Sample): boolean {
  return sampledValue.some(({ format }) => format === SIGNED);
}
