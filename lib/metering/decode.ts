import { fromHex, fromWords, highestFirst, isPlaceholder } from "./codec.ts";
import { evaluateSum, parseSum, type Term } from "./computed.ts";
import { type Measurement, measurementOf, NOTHING_KNOWN } from "./measurement.ts";
import { isFast, isSteering, type MeterProfile, QUANTITIES, type Register, wordsOf } from "./profile-schema.ts";
import { implausible, missing, type ReadingProblem } from "./quality.ts";

/** Registers as one read returned them. */
export interface RegisterRead {
  functionCode: number;
  address: number;
  registers: readonly number[];
}

/** A measurement with the reasons why its quality is not good. */
export interface Decoded {
  measurement: Measurement;
  problems: ReadingProblem[];
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
  const { quantities, blank } = prepared(profile);
  // Gateways answer so for a device that is gone; in signed types it would read as -1.
  if (blank.length > 1 && blank.every((field) => findWords(field, reads)?.every((word) => word === 0xffff)))
    return BLANK;
  const problems: ReadingProblem[] = [];
  const values = new Map<string, number | null>();
  for (const [quantity, { terms, isNeeded }] of quantities) {
    const value = evaluateSum(terms, (name) => registerValue(profile, reads, name));
    const problem = value === null ? (isNeeded ? missing(quantity) : null) : implausible(quantity, value);
    if (problem) problems.push(problem);
    values.set(quantity, problem ? null : value);
  }
  const known = (quantity: string) => values.get(quantity) ?? null;
  const measurement = measurementOf(
    profile.phases === 1 ? (quantity) => known(quantity) ?? known(SAME_ON_ONE_PHASE[quantity] ?? "") : known,
  );
  const { powerFactor } = measurement;
  if (powerFactor !== null && Math.abs(powerFactor) > 1) measurement.powerFactor = null;
  if (problems.length > 0 || values.size === 0) measurement.quality = "bad";
  return { measurement, problems };
}

const BLANK: Decoded = {
  measurement: NOTHING_KNOWN,
  problems: [{ quantity: "power", phase: null, text: "every register reads 0xFFFF: the device behind has no values" }],
};

const SAME_ON_ONE_PHASE: Record<string, string> = { power: "powerL1", powerL1: "power", powerFactor: "powerFactorL1" };

/** Whether these reads hold the quantity, or a part of it. */
export function wasRead(profile: MeterProfile, reads: readonly RegisterRead[], quantity: string): boolean {
  const { terms = [] } = prepared(profile).quantities.get(quantity) ?? {};
  return terms.some(({ name }) => registerValue(profile, reads, name) !== null);
}

/** What one register of a profile says, in its unit; null when it was not read, is not available or is no number. */
export function registerValue(profile: MeterProfile, reads: readonly RegisterRead[], name: string): number | null {
  const field = prepared(profile).fields.get(name);
  const read = field && findWords(field, reads);
  if (!read) return null;
  const { register, order, unavailable, exponent } = field;
  const words = highestFirst(read, order);
  if (isPlaceholder(words, register.type) || unavailable.some((other) => isSame(words, other)))
    return register.unavailableMeans ?? null;
  const factor = exponent ? scaleFactor(exponent, reads) : 1;
  if (factor === null) return null;
  const raw = fromWords(words, register.type);
  const scale = register.scale * factor;
  // Fifteen digits keep every bit that matters and drop the noise of scales like 0.1.
  const value = scale === 1 ? raw : Number((raw * scale).toPrecision(15));
  if (!Number.isFinite(value)) return null;
  // Adding 0 makes a zero of the negative zero that floats have.
  return (register.coding === "fourQuadrant" ? unfold(value) : value) + 0;
}

/** SunSpec knows exponents from -10 to 10. */
const LARGEST_EXPONENT = 10;

function scaleFactor(field: Field, reads: readonly RegisterRead[]): number | null {
  const words = findWords(field, reads);
  const exponent = words && fromWords(words, "int16");
  return exponent === null || Math.abs(exponent) > LARGEST_EXPONENT ? null : 10 ** exponent;
}

function unfold(powerFactor: number): number {
  if (powerFactor > 1) return 2 - powerFactor;
  return powerFactor < -1 ? -2 - powerFactor : powerFactor;
}

/** The words of a register as they came; null when no read holds it. */
export function wordsRead(
  profile: MeterProfile,
  reads: readonly RegisterRead[],
  name: string,
): readonly number[] | null {
  const field = prepared(profile).fields.get(name);
  return field ? findWords(field, reads) : null;
}

function findWords({ register, count, functionCodes }: Field, reads: readonly RegisterRead[]): number[] | null {
  for (const { functionCode, address, registers } of reads) {
    const from = register.address - address;
    if (from < 0 || from + count > registers.length || !functionCodes.includes(functionCode)) continue;
    const words = registers.slice(from, from + count);
    if (words.every(isWord)) return words;
  }
  return null;
}

function isWord(word: number): boolean {
  return Number.isInteger(word) && word >= 0 && word <= 0xffff;
}

function isSame(words: readonly number[], others: readonly number[]): boolean {
  return words.every((word, at) => word === others[at]);
}

/** A register with what follows from its profile. */
interface Field {
  register: Pick<Register, "address" | "type" | "scale" | "coding" | "unavailableMeans">;
  /** Words that it takes. */
  count: number;
  functionCodes: readonly number[];
  order: Register["wordOrder"] & string;
  /** Words, highest first, that stand for "not available", besides those of every device. */
  unavailable: readonly number[][];
  /** Where the exponent of ten is that multiplies the value further. */
  exponent: Field | null;
}

/** What decoding needs of a profile, worked out once. */
interface Prepared {
  fields: ReadonlyMap<string, Field>;
  /** The quantities that the profile promises; a register of its own is a sum of one. */
  quantities: ReadonlyMap<string, { terms: readonly Term[]; isNeeded: boolean }>;
  /** If all of these read 0xFFFF, the device has no values. */
  blank: readonly Field[];
}

const preparations = new WeakMap<MeterProfile, Prepared>();

function prepared(profile: MeterProfile): Prepared {
  const known = preparations.get(profile);
  if (known) return known;
  const { registers, computed = {} } = profile;
  const fields = new Map(Object.entries(registers).map(([name, register]) => [name, fieldOf(profile, register)]));
  const declared = QUANTITIES.filter((name) => Object.hasOwn(registers, name) || Object.hasOwn(computed, name));
  const quantities = declared.map(
    (name) => [name, { terms: parseSum(computed[name] ?? name), isNeeded: isNeeded(profile, name) }] as const,
  );
  const fast = [...fields].filter(([name]) => isFast(name));
  const blank = (fast.length > 1 ? fast : [...fields]).map(([, field]) => field);
  const made = { fields, quantities: new Map(quantities), blank };
  preparations.set(profile, made);
  return made;
}

function fieldOf(profile: MeterProfile, register: Register): Field {
  const { type, functionCode = profile.functionCode, wordOrder = profile.wordOrder, scaleFactorAddress } = register;
  const functionCodes = [functionCode, ...profile.alternativeFunctionCodes];
  const unavailable = (register.notAvailable ?? []).map(fromHex);
  const at =
    scaleFactorAddress === undefined ? null : { ...register, address: scaleFactorAddress, type: "int16" as const };
  const exponent = at && {
    register: at,
    count: 1,
    functionCodes,
    order: "big" as const,
    unavailable: [],
    exponent: null,
  };
  return { register, count: wordsOf(type), functionCodes, order: wordOrder, unavailable, exponent };
}

/** Phases matter where a breaker is watched and where they exist; of a source it is the total that is counted on. */
function isNeeded({ kind, phases }: MeterProfile, quantity: string): boolean {
  if (phases === 1 && /L[23]$/.test(quantity)) return false;
  return kind === "pv" || kind === "battery" ? quantity === "power" : isSteering(quantity);
}
