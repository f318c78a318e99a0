import { fromHex, highestFirst, toWords } from "./codec.ts";
import { parseSum, type Term } from "./computed.ts";
import type { RegisterRead } from "./decode.ts";
import { type Measurement, PHASE_KEYS, perPhase, WHOLE_KEYS } from "./measurement.ts";
import { type MeterProfile, type Register, wordsOf } from "./profile-schema.ts";

/**
 * The registers of a device that measures this: the inverse of `decodeRegisters`, one entry per value. Currents are written as
 * magnitudes, as devices do, except where there is no power of that phase to give them a direction. An unknown value gets the device's
 * "not available" bits, else those that every device uses.
 */
export function encodeRegisters(profile: MeterProfile, measurement: Measurement): RegisterRead[] {
  const values = registerValues(profile, measurement);
  const exponents = exponentsOf(profile, values);
  const registers = Object.entries(profile.registers).map(([name, register]) => {
    const exponent = exponents.get(register.scaleFactorAddress ?? -1) ?? 0;
    return entry(profile, register, encodeValue(register, profile, values.get(name) ?? null, exponent));
  });
  const factors = [...exponents].map(([address, exponent]) => entry(profile, { address }, toWords(exponent, "int16")));
  return [...registers, ...factors];
}

function entry(
  profile: MeterProfile,
  at: Pick<Register, "address" | "functionCode">,
  registers: readonly number[],
): RegisterRead {
  return { functionCode: at.functionCode ?? profile.functionCode, address: at.address, registers };
}

function encodeValue(
  register: Register,
  profile: MeterProfile,
  value: number | null,
  exponent: number,
): readonly number[] {
  const { type, scale, wordOrder = profile.wordOrder } = register;
  const words = value === null ? unavailableWords(register) : toWords(value / scale / 10 ** exponent, type);
  return highestFirst(words, wordOrder);
}

function unavailableWords({ type, notAvailable }: Register): number[] {
  if (notAvailable?.[0] !== undefined) return fromHex(notAvailable[0]);
  if (type.startsWith("float")) return toWords(Number.NaN, type);
  return toWords(type.startsWith("uint") ? Number.MAX_VALUE : -Number.MAX_VALUE, type);
}

const FINEST_EXPONENT = -2;
const COARSEST_EXPONENT = 4;

/** For each scale factor's address the finest exponent with which all values that share it fit into their registers. */
function exponentsOf({ registers }: MeterProfile, values: ReadonlyMap<string, number | null>): Map<number, number> {
  const exponents = new Map<number, number>();
  for (const [name, { scaleFactorAddress, scale, type }] of Object.entries(registers)) {
    if (scaleFactorAddress === undefined) continue;
    const raw = Math.abs((values.get(name) ?? 0) / scale);
    let exponent = exponents.get(scaleFactorAddress) ?? FINEST_EXPONENT;
    while (exponent < COARSEST_EXPONENT && raw / 10 ** exponent >= 2 ** (wordsOf(type) * 16 - 1) - 1) exponent++;
    exponents.set(scaleFactorAddress, exponent);
  }
  return exponents;
}

function registerValues(profile: MeterProfile, measurement: Measurement): Map<string, number | null> {
  const values = quantitiesOf(measurement);
  for (const name of perPhase("current")) {
    const amps = values.get(name) ?? null;
    if (amps !== null && hasDirection(profile, name)) values.set(name, Math.abs(amps));
  }
  for (const [quantity, sum] of Object.entries(profile.computed ?? {})) {
    share(values.get(quantity) ?? null, parseSum(sum), values);
  }
  return values;
}

/** Whether a current gets its direction from elsewhere, or cannot have one. */
function hasDirection({ registers, computed = {}, phases }: MeterProfile, current: string): boolean {
  const power = current.replace("current", "power");
  const signed = registers[current]?.type.startsWith("uint") === false;
  return !signed || power in registers || power in computed || (phases === 1 && "power" in registers);
}

/** Gives the addends of a sum that are unknown what the known ones leave; a pair of unsigned counters shows 0 on its other half. */
function share(total: number | null, terms: readonly Term[], values: Map<string, number | null>): void {
  const known = terms.filter(({ name }) => (values.get(name) ?? null) !== null);
  const rest =
    total === null ? null : known.reduce((left, { sign, name }) => left - sign * (values.get(name) ?? 0), total);
  const unknown = terms.filter((term) => !known.includes(term));
  const carrier = unknown.find(({ sign }) => rest !== null && sign * rest > 0);
  for (const term of unknown) values.set(term.name, rest === null ? null : term === carrier ? Math.abs(rest) : 0);
}

function quantitiesOf(measurement: Measurement): Map<string, number | null> {
  const values = new Map<string, number | null>(perPhase("powerFactor").map((name) => [name, measurement.powerFactor]));
  for (const [key, quantity] of Object.entries(WHOLE_KEYS) as [keyof typeof WHOLE_KEYS, string][])
    values.set(quantity, measurement[key]);
  for (const [key, quantity] of Object.entries(PHASE_KEYS) as [keyof typeof PHASE_KEYS, string][])
    for (const [phase, name] of perPhase(quantity).entries()) values.set(name, measurement[key][phase] ?? null);
  return values;
}
