import type { RegisterRead } from "../../lib/metering/decode.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { planReads } from "../../lib/metering/plan.ts";
import type { MeterProfile, Register } from "../../lib/metering/profiles.ts";

/** What holes between the values hold: no value that a decoder could mistake for nothing. */
const GARBAGE = 0x5a5a;

/** The words of a raw value as a device sends them: written with DataView from type and word order alone. */
export function wordsOf(raw: number, type: Register["type"], order: "big" | "little"): number[] {
  const view = new DataView(new ArrayBuffer(8));
  const whole = () => BigInt(raw);
  if (type === "uint16") view.setUint16(0, raw);
  else if (type === "int16") view.setInt16(0, raw);
  else if (type === "uint32") view.setUint32(0, raw);
  else if (type === "int32") view.setInt32(0, raw);
  else if (type === "uint64") view.setBigUint64(0, whole());
  else if (type === "int64") view.setBigInt64(0, whole());
  else if (type === "float32") view.setFloat32(0, raw);
  else view.setFloat64(0, raw);
  const words = Array.from({ length: bitsOf(type) / 16 }, (_, index) => view.getUint16(2 * index));
  return order === "big" ? words : words.reverse();
}

/** The words of bits such as 0x80000000, in the order of the profile. */
export function wordsOfBits(bits: string, order: "big" | "little"): number[] {
  const words =
    bits
      .slice(2)
      .match(/.{4}/g)
      ?.map((word) => Number.parseInt(word, 16)) ?? [];
  return order === "big" ? words : words.reverse();
}

export function bitsOf(type: Register["type"]): number {
  return Number(/\d+/.exec(type)?.[0]);
}

/** The raw value of a physical one and what a perfect reader makes of it. */
export function rawOf(value: number, { type, scale }: Register): { raw: number; expected: number } {
  const exact = value / scale;
  const raw = type === "float32" ? Math.fround(exact) : type === "float64" ? exact : Math.round(exact) + 0;
  return { raw, expected: raw * scale };
}

/** A device whose registers hold these words: `answer` is what the planned reads bring. */
export class GoldenDevice {
  readonly #profile: MeterProfile;
  readonly #memory = new Map<string, number>();

  constructor(profile: MeterProfile) {
    this.#profile = profile;
  }

  put(register: Register, words: readonly number[]): void {
    const functionCode = register.functionCode ?? this.#profile.functionCode;
    for (const [index, word] of words.entries()) this.#memory.set(`${functionCode} ${register.address + index}`, word);
  }

  /** The reads of this group as the device answers them. */
  answer(): RegisterRead[] {
    return planReads(this.#profile).map(({ functionCode, address, count }) => ({
      functionCode,
      address,
      registers: Array.from(
        { length: count },
        (_, index) => this.#memory.get(`${functionCode} ${address + index}`) ?? GARBAGE,
      ),
    }));
  }
}

/** What a perfect reader makes of registers with these values, worked out from the profile's data alone. */
export function expectedOf(profile: MeterProfile, values: ReadonlyMap<string, number>): Measurement {
  const value = (name: string): number | null => {
    const sum = profile.computed?.[name];
    return sum === undefined ? (values.get(name) ?? null) : sumOf(sum, values);
  };
  const triple = (name: string): Measurement["currentA"] => [
    value(`${name}L1`),
    value(`${name}L2`),
    value(`${name}L3`),
  ];
  const single = profile.phases === 1;
  const phasePowerW = triple("power");
  if (single) phasePowerW[0] ??= value("power");
  const currentA = triple("current").map((amps, phase) => {
    const watts = phasePowerW[phase] ?? null;
    return amps === null || watts === null ? amps : watts < 0 ? -Math.abs(amps) : Math.abs(amps);
  });
  return {
    currentA: currentA as Measurement["currentA"],
    voltageV: triple("voltage"),
    powerW: value("power") ?? (single ? phasePowerW[0] : null),
    phasePowerW,
    energyImportWh: value("energyImport"),
    energyExportWh: value("energyExport"),
    frequencyHz: value("frequency"),
    powerFactor: value("powerFactor") ?? (single ? value("powerFactorL1") : null),
    socPercent: value("soc"),
    quality: "good",
  };
}

function sumOf(sum: string, values: ReadonlyMap<string, number>): number {
  const terms = sum.replaceAll(" ", "").match(/[+-]?[^+-]+/g) ?? [];
  return terms.reduce((total, term) => {
    const value = values.get(term.replace(/^[+-]/, ""));
    if (value === undefined) throw new Error(`${term} of "${sum}" is no register`);
    return total + (term.startsWith("-") ? -value : value);
  }, 0);
}
