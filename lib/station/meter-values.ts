import type { MeterValue, SampledValue } from "../ocpp/v16/index.ts";
import { round } from "../units.ts";
import { DEFAULT_TRAITS } from "./models/traits.ts";
import type { MeterTraits } from "./models/types.ts";

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

/** Values a charge point sends for "no reading". */
const SENTINELS: ReadonlySet<number> = new Set([2147483647, -2147483648, 4294967295]);

/** What is read of a charge point, and between which values it can be true for AC or DC. */
const PLAUSIBLE: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["Current.Import", [-5, 1000]],
  ["Current.Offered", [0, 1000]],
  ["Voltage", [0, 1500]],
  ["Power.Active.Import", [-5000, 1_000_000]],
  ["Energy.Active.Import.Register", [0, Number.MAX_SAFE_INTEGER]],
  ["SoC", [0, 100]],
]);

/** Best first (OCPP 1.6 §7.34); what is not listed comes last. */
const CONTEXT_ORDER = ["Sample.Periodic", "Sample.Clock", "Trigger", "Transaction.Begin", "Interruption.End", "Other"];

/** Contexts of a moment at which charging just ended: the current shown no longer flows. */
const ENDING: ReadonlySet<string> = new Set(["Transaction.End", "Interruption.Begin"]);

/** Phase to terminal; several spellings name the same terminal. */
const TERMINAL: ReadonlyMap<string, number> = new Map([
  ["L1", 0],
  ["L1-N", 0],
  ["L2", 1],
  ["L2-N", 1],
  ["L3", 2],
  ["L3-N", 2],
]);

/** Units with a prefix, in lower case, and their size in the base unit. */
const SCALE: ReadonlyMap<string, number> = new Map([
  ...["kwh", "kw", "kvarh", "kvar", "kvah", "kva", "kv", "ka"].map((unit) => [unit, 1000] as const),
  ...["ma", "mv"].map((unit) => [unit, 0.001] as const),
]);

/** Number() takes these, a decimal number is none of them. */
const OTHER_BASE = /^0[xob]/i;

const DEFAULT_MEASURAND = "Energy.Active.Import.Register";
const NOMINAL_V = 230;

interface Sample {
  measurand: string;
  phase: string | undefined;
  value: number;
  ending: boolean;
  rank: number;
}

/**
 * Reads one MeterValue: default measurand and units, k and m prefixes, empty, non-numeric and sentinel values dropped.
 * A current without a phase counts on each wired terminal. Without any current it is derived from power and voltage.
 * @param phases wired phases of the connector
 * @param traits the model's: register values that mean "unknown", and whether phases are right where the total disagrees
 */
export function readMeterValue(
  meterValue: MeterValue,
  phases: 1 | 2 | 3,
  traits: MeterTraits = DEFAULT_TRAITS.meter,
): MeterReading {
  const samples: Sample[] = [];
  for (const sampled of meterValue.sampledValue) {
    const sample = readSample(sampled, traits);
    if (sample) samples.push(sample);
  }
  if (samples.some(({ rank }) => rank !== 0)) samples.sort((a, b) => a.rank - b.rank);
  const flowing = samples.filter((sample) => !sample.ending);
  const voltageV = voltages(flowing);
  const phasePowerW = byTerminal(flowing, "Power.Active.Import");
  const total = (of: readonly Sample[], measurand: string): number | null => {
    const whole = overall(of, measurand);
    const added = sum(byTerminal(of, measurand));
    return traits.preferPhases ? (added ?? whole) : (whole ?? added);
  };
  const powerW = total(flowing, "Power.Active.Import");
  return {
    timestampMs: Date.parse(meterValue.timestamp),
    currentA: currents(flowing, phases) ?? derivedCurrents(voltageV, phasePowerW, powerW, phases),
    voltageV,
    powerW,
    phasePowerW,
    energyWh: total(samples, DEFAULT_MEASURAND),
    offeredA: overall(flowing, "Current.Offered") ?? largest(byTerminal(flowing, "Current.Offered")),
    socPercent: overall(samples, "SoC"),
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

function readSample(sampled: SampledValue, { sentinelsWh }: MeterTraits): Sample | null {
  if (sampled.format === "SignedData") return null;
  const measurand = sampled.measurand ?? DEFAULT_MEASURAND;
  const range = PLAUSIBLE.get(measurand);
  const value = range ? readNumber(sampled.value, sampled.unit) : null;
  if (!range || value === null || value < range[0] || value > range[1]) return null;
  if (measurand === DEFAULT_MEASURAND && sentinelsWh.includes(value)) return null;
  const context = sampled.context ?? "Sample.Periodic";
  const order = CONTEXT_ORDER.indexOf(context);
  const inside = sampled.location === undefined || sampled.location === "Outlet";
  return {
    measurand,
    phase: sampled.phase,
    value: measurand === "Current.Import" || measurand === "Power.Active.Import" ? Math.max(0, value) : value,
    ending: ENDING.has(context),
    rank: (order < 0 ? CONTEXT_ORDER.length : order) + (inside ? 0 : 100),
  };
}

/** A decimal number in the base unit, or null: "", "NaN", "230,5" and sentinels are no readings. */
function readNumber(text: string, unit: string | undefined): number | null {
  const trimmed = text.trim();
  const raw = Number(trimmed);
  if (!Number.isFinite(raw) || SENTINELS.has(raw) || trimmed === "" || OTHER_BASE.test(trimmed)) return null;
  return unit === undefined ? raw : raw * (SCALE.get(unit.trim().toLowerCase()) ?? 1);
}

function byTerminal(samples: readonly Sample[], measurand: string): (number | null)[] {
  const values: (number | null)[] = [null, null, null];
  for (const sample of samples) {
    if (sample.measurand !== measurand || sample.phase === undefined) continue;
    const terminal = TERMINAL.get(sample.phase);
    if (terminal !== undefined) values[terminal] ??= sample.value;
  }
  return values;
}

function overall(samples: readonly Sample[], measurand: string): number | null {
  return samples.find((sample) => sample.measurand === measurand && sample.phase === undefined)?.value ?? null;
}

function currents(samples: readonly Sample[], phases: number): (number | null)[] | null {
  const perTerminal = byTerminal(samples, "Current.Import");
  if (perTerminal.some((value) => value !== null)) return perTerminal;
  const neutral = samples.find((sample) => sample.measurand === "Current.Import" && sample.phase === "N");
  const value = overall(samples, "Current.Import") ?? neutral?.value ?? null;
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

function voltages(samples: readonly Sample[]): (number | null)[] {
  const perTerminal = byTerminal(samples, "Voltage");
  if (perTerminal.some((value) => value !== null)) return perTerminal;
  const lineToLine = samples.find((sample) => sample.measurand === "Voltage" && sample.phase === "L1-L2");
  const value = overall(samples, "Voltage") ?? (lineToLine ? round(lineToLine.value / Math.sqrt(3), 1) : null);
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
