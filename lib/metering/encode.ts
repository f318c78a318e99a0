import { fromNumber, toWords } from "./codec.ts";
import { parseSum, type Term } from "./computed.ts";
import type { Measurement, RegisterRead } from "./decode.ts";
import { type MeterProfile, QUANTITIES, type Register, wordsOf } from "./profile-schema.ts";

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
  const factors = [...exponents].map(([address, exponent]) =>
    entry(profile, { address }, toWords(fromNumber(exponent, "int16"), 1, "big")),
  );
  return [...registers, ...factors];
}

function entry(
  profile: MeterProfile,
  at: Pick<Register, "address" | "functionCode">,
  registers: number[],
): RegisterRead {
  return { functionCode: at.functionCode ?? profile.functionCode, address: at.address, registers };
}

function encodeValue(register: Register, profile: MeterProfile, value: number | null, exponent: number): number[] {
  const { type, scale } = register;
  const bits = value === null ? unavailableBits(register) : fromNumber(value / scale / 10 ** exponent, type);
  return toWords(bits, wordsOf(type), register.wordOrder ?? profile.wordOrder);
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

function unavailableBits({ type, notAvailable }: Register): bigint {
  if (notAvailable?.[0] !== undefined) return BigInt(notAvailable[0]);
  if (type.startsWith("float")) return fromNumber(Number.NaN, type);
  return fromNumber(type.startsWith("uint") ? Number.MAX_VALUE : -Number.MAX_VALUE, type);
}

function registerValues(profile: MeterProfile, measurement: Measurement): Map<string, number | null> {
  const values = new Map<string, number | null>();
  for (const quantity of QUANTITIES) values.set(quantity, quantityOf(measurement, quantity));
  for (const name of ["currentL1", "currentL2", "currentL3"]) {
    if (hasDirection(profile, name)) values.set(name, magnitude(values.get(name) ?? null));
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

function quantityOf(measurement: Measurement, quantity: string): number | null {
  const [, name = quantity, phase] = /^(.+?)(?:L([123]))?$/.exec(quantity) ?? [];
  const index = phase ? Number(phase) - 1 : 0;
  switch (name) {
    case "current":
      return measurement.currentA[index] ?? null;
    case "voltage":
      return measurement.voltageV[index] ?? null;
    case "power":
      return phase ? (measurement.phasePowerW[index] ?? null) : measurement.powerW;
    case "powerFactor":
      return measurement.powerFactor;
    case "frequency":
      return measurement.frequencyHz;
    case "energyImport":
      return measurement.energyImportWh;
    case "energyExport":
      return measurement.energyExportWh;
    default:
      return measurement.socPercent;
  }
}

function magnitude(value: number | null): number | null {
  return value === null ? null : Math.abs(value);
}
