import type { MeasurementPayload } from "../messages.ts";
import type { MaybeTriple } from "../units.ts";
import { fromBits, isPlaceholder, toBits } from "./codec.ts";
import { evaluateSum, parseSum } from "./computed.ts";
import { isFast, isSteering, type MeterProfile, QUANTITIES, type Register, wordsOf } from "./profile-schema.ts";
import { implausible, missing, type Problem } from "./quality.ts";

/** Registers as one read returned them. */
export interface RegisterRead {
  functionCode: number;
  address: number;
  registers: readonly number[];
}

/** A measurement before it has a time. */
export type Measurement = Omit<MeasurementPayload, "ts">;

/** A reading that failed: unknown is null, never 0. */
export const NOTHING_KNOWN: Measurement = {
  currentA: [null, null, null],
  voltageV: [null, null, null],
  powerW: null,
  phasePowerW: [null, null, null],
  energyImportWh: null,
  energyExportWh: null,
  frequencyHz: null,
  powerFactor: null,
  socPercent: null,
  quality: "bad",
};

/** A measurement with the reasons why its quality is not good. */
export interface Decoded {
  measurement: Measurement;
  problems: Problem[];
}

/**
 * What the registers say. Positive is import of a meter, production of PV, discharge of a battery; unknown is null, never 0 and never
 * NaN. Currents take the sign of their phase's power, because meters report them as magnitudes. Quality is `good`, or `bad` when a
 * current or power that the profile promises is missing (of PV and batteries: the total power) or any value cannot be true (that value
 * is then null). A SunSpec profile without its registers yields nothing and is bad. Never throws, whatever the registers hold.
 */
export function decodeRegisters(profile: MeterProfile, reads: readonly RegisterRead[]): Measurement {
  return decodeWithProblems(profile, reads).measurement;
}

/** As `decodeRegisters`, with the reasons. */
export function decodeWithProblems(profile: MeterProfile, reads: readonly RegisterRead[]): Decoded {
  if (isBlank(profile, reads)) return BLANK;
  const problems: Problem[] = [];
  const values = new Map<string, number | null>();
  for (const quantity of QUANTITIES) {
    if (!isDeclared(profile, quantity)) continue;
    const value = quantityValue(profile, reads, quantity);
    const needed = isNeeded(profile, quantity);
    const problem = value === null ? (needed ? missing(quantity) : null) : implausible(quantity, value);
    if (problem) problems.push(problem);
    values.set(quantity, problem ? null : value);
  }
  const measurement = assemble(profile, (quantity) => values.get(quantity) ?? null);
  return {
    measurement: { ...measurement, quality: problems.length > 0 || values.size === 0 ? "bad" : "good" },
    problems,
  };
}

const BLANK: Decoded = {
  measurement: NOTHING_KNOWN,
  problems: [{ quantity: "power", phase: null, text: "every register reads 0xFFFF: the device behind has no values" }],
};

/** Whether all ones stand where values should be, as gateways answer for a device that is gone: in signed types they would read as -1. */
function isBlank(profile: MeterProfile, reads: readonly RegisterRead[]): boolean {
  const all = Object.entries(profile.registers);
  const fast = all.filter(([name]) => isFast(name));
  const words = (fast.length > 1 ? fast : all).map(([, register]) => findWords(profile, reads, register));
  return words.length > 1 && words.every((value) => value?.every((word) => word === 0xffff));
}

/** Phases matter where a breaker is watched and where they exist; of a source it is the total that is counted on. */
function isNeeded({ kind, phases }: MeterProfile, quantity: string): boolean {
  if (phases === 1 && /L[23]$/.test(quantity)) return false;
  return kind === "pv" || kind === "battery" ? quantity === "power" : isSteering(quantity);
}

function isDeclared({ registers, computed = {} }: MeterProfile, quantity: string): boolean {
  return Object.hasOwn(registers, quantity) || Object.hasOwn(computed, quantity);
}

function quantityValue(profile: MeterProfile, reads: readonly RegisterRead[], quantity: string): number | null {
  const sum = profile.computed?.[quantity];
  if (sum === undefined) return registerValue(profile, reads, quantity);
  return evaluateSum(parseSum(sum), (name) => registerValue(profile, reads, name));
}

/** What one register of a profile says, in its unit; null when it was not read, is not available or is no number. */
export function registerValue(profile: MeterProfile, reads: readonly RegisterRead[], name: string): number | null {
  const register = profile.registers[name];
  const words = register && findWords(profile, reads, register);
  if (!words) return null;
  const bits = toBits(words, register.wordOrder ?? profile.wordOrder);
  if (isPlaceholder(bits, register.type) || register.notAvailable?.some((raw) => BigInt(raw) === bits))
    return register.unavailableMeans ?? null;
  const factor = scaleFactor(profile, reads, register);
  if (factor === null) return null;
  const raw = fromBits(bits, register.type);
  const scale = register.scale * factor;
  // Fifteen digits keep every bit that matters and drop the noise of scales like 0.1.
  const value = scale === 1 ? raw : Number((raw * scale).toPrecision(15));
  if (!Number.isFinite(value)) return null;
  // Adding 0 makes a zero of the negative zero that floats have.
  return (register.coding === "fourQuadrant" ? unfold(value) : value) + 0;
}

/** SunSpec knows exponents from -10 to 10. */
const LARGEST_EXPONENT = 10;

function scaleFactor(profile: MeterProfile, reads: readonly RegisterRead[], register: Register): number | null {
  if (register.scaleFactorAddress === undefined) return 1;
  const words = findWords(profile, reads, { ...register, address: register.scaleFactorAddress, type: "int16" });
  const exponent = words && fromBits(toBits(words, "big"), "int16");
  return exponent === null || Math.abs(exponent) > LARGEST_EXPONENT ? null : 10 ** exponent;
}

type Place = Pick<Register, "address" | "type" | "functionCode">;

function findWords(profile: MeterProfile, reads: readonly RegisterRead[], register: Place): readonly number[] | null {
  const functionCode = register.functionCode ?? profile.functionCode;
  const count = wordsOf(register.type);
  for (const read of reads) {
    const same =
      read.functionCode === functionCode || profile.alternativeFunctionCodes.some((code) => code === read.functionCode);
    const from = register.address - read.address;
    if (!same || from < 0 || from + count > read.registers.length) continue;
    const words = read.registers.slice(from, from + count);
    if (words.every(isWord)) return words;
  }
  return null;
}

function isWord(word: number): boolean {
  return Number.isInteger(word) && word >= 0 && word <= 0xffff;
}

function unfold(powerFactor: number): number {
  if (powerFactor > 1) return 2 - powerFactor;
  return powerFactor < -1 ? -2 - powerFactor : powerFactor;
}

function assemble(profile: MeterProfile, value: (quantity: string) => number | null): Measurement {
  const phases = (name: string): MaybeTriple => [value(`${name}L1`), value(`${name}L2`), value(`${name}L3`)];
  const phasePowerW = phases("power");
  // On one phase the total is that phase.
  if (profile.phases === 1) phasePowerW[0] ??= value("power");
  const powerFactor = value("powerFactor") ?? (profile.phases === 1 ? value("powerFactorL1") : null);
  return {
    currentA: phases("current").map((amps, phase) => directed(amps, phasePowerW[phase] ?? null)) as MaybeTriple,
    voltageV: phases("voltage"),
    powerW: value("power") ?? (profile.phases === 1 ? phasePowerW[0] : null),
    phasePowerW,
    energyImportWh: value("energyImport"),
    energyExportWh: value("energyExport"),
    frequencyHz: value("frequency"),
    powerFactor: powerFactor !== null && Math.abs(powerFactor) <= 1 ? powerFactor : null,
    socPercent: value("soc"),
    quality: "good",
  };
}

/** A magnitude gets the direction of its power; without one the current stays as delivered. */
function directed(amps: number | null, powerW: number | null): number | null {
  if (amps === null || powerW === null || amps === 0) return amps;
  return powerW < 0 ? -Math.abs(amps) : Math.abs(amps);
}
