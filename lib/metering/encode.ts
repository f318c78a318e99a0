import { fromNumber, toWords } from "./codec.ts";
import { parseSum } from "./computed.ts";
import type { Measurement, RegisterRead } from "./decode.ts";
import { type MeterProfile, QUANTITIES, type Register, wordsOf } from "./profile-schema.ts";

/**
 * The registers of a device that measures this: the inverse of `decodeRegisters`, one entry per value. Currents are written as
 * magnitudes, as devices do. An unknown value gets the device's "not available" bits, else NaN or the bits that are least plausible.
 */
export function encodeRegisters(profile: MeterProfile, measurement: Measurement): RegisterRead[] {
  const values = registerValues(profile, measurement);
  return Object.entries(profile.registers).map(([name, register]) => ({
    functionCode: register.functionCode ?? profile.functionCode,
    address: register.address,
    registers: encodeValue(register, profile, values.get(name) ?? null),
  }));
}

function encodeValue(register: Register, profile: MeterProfile, value: number | null): number[] {
  const bits = value === null ? unavailableBits(register) : fromNumber(value / register.scale, register.type);
  return toWords(bits, wordsOf(register.type), register.wordOrder ?? profile.wordOrder);
}

function unavailableBits({ type, notAvailable }: Register): bigint {
  if (notAvailable?.[0] !== undefined) return BigInt(notAvailable[0]);
  if (type.startsWith("float")) return fromNumber(Number.NaN, type);
  return fromNumber(type.startsWith("uint") ? Number.MAX_VALUE : -Number.MAX_VALUE, type);
}

function registerValues(profile: MeterProfile, measurement: Measurement): Map<string, number | null> {
  const values = new Map<string, number | null>();
  for (const quantity of QUANTITIES) values.set(quantity, quantityOf(measurement, quantity));
  for (const [quantity, sum] of Object.entries(profile.computed ?? {})) {
    const addends = parseSum(sum).filter(({ name }) => (values.get(name) ?? null) === null);
    const total = values.get(quantity) ?? null;
    // The first addend of the fitting sign carries the whole value; a pair of unsigned counters shows 0 on its other half.
    const carrier = addends.find(({ sign }) => total !== null && sign * total > 0);
    for (const addend of addends) {
      values.set(addend.name, total === null ? null : addend === carrier ? Math.abs(total) : 0);
    }
  }
  return values;
}

function quantityOf(measurement: Measurement, quantity: string): number | null {
  const [, name = quantity, phase] = /^(.+?)(?:L([123]))?$/.exec(quantity) ?? [];
  const index = phase ? Number(phase) - 1 : 0;
  switch (name) {
    case "current":
      return magnitude(measurement.currentA[index] ?? null);
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
