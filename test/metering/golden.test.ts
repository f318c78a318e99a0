import { strict as assert } from "node:assert";
import fc from "fast-check";
import { decodeRegisters, decodeWithProblems } from "../../lib/metering/decode.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { type MeterProfile, meterProfiles, type Register } from "../../lib/metering/profiles.ts";
import { numbersOf } from "./fixtures.ts";
import { bitsOf, expectedOf, GoldenDevice, rawOf, wordsOf, wordsOfBits } from "./golden-device.ts";

/** What a device in service can show, by the beginning of the quantity's name: from, to, a typical value. */
const RANGES: readonly [begin: string, min: number, max: number, typical: number][] = [
  ["voltage", 85, 295, 229.4],
  ["current", -300, 300, 12.1],
  ["powerFactor", -1, 1, 0.98],
  ["power", -200_000, 200_000, 2710],
  ["energy", 0, 900_000_000, 1_250_000],
  ["frequency", 46, 64, 50.01],
  ["soc", 0, 100, 63],
];

/** A value between the limits of range and register; `share` from 0 to 1 says where. */
function valueAt(name: string, { type, scale }: Register, share: number | "typical"): number {
  const [, min = 0, max = 0, typical = 0] = RANGES.find(([begin]) => name.startsWith(begin)) ?? [];
  const digits = bitsOf(type) - (type.startsWith("uint") ? 0 : 1);
  // One step below the largest, which devices use for "not available".
  const highest = type.startsWith("float") ? max : Math.min(max, (2 ** digits - 3) * Math.abs(scale));
  const lowest = type.startsWith("uint") ? Math.max(min, 0) : Math.max(min, -highest);
  if (share !== "typical") return lowest + share * (highest - lowest);
  return Math.min(highest, typical + 0.1 * Number(/L([123])$/.exec(name)?.[1] ?? 0));
}

interface Vector {
  device: GoldenDevice;
  expected: Measurement;
}

function vectorOf(profile: MeterProfile, shareOf: (index: number) => number | "typical"): Vector {
  const device = new GoldenDevice(profile);
  const values = new Map<string, number>();
  for (const [index, [name, register]] of Object.entries(profile.registers).entries()) {
    const { raw, expected } = rawOf(valueAt(name, register, shareOf(index)), register);
    device.put(register, wordsOf(raw, register.type, register.wordOrder ?? profile.wordOrder));
    values.set(name, expected);
  }
  return { device, expected: expectedOf(profile, values) };
}

function same(actual: Measurement, expected: Measurement, about: string): void {
  const [got, wanted] = [numbersOf(actual), numbersOf(expected)];
  for (const [index, value] of wanted.entries()) {
    const near = value === null ? got[index] === null : Math.abs((got[index] ?? Number.NaN) - value) <= closeTo(value);
    assert.ok(near, `${about}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
  assert.equal(actual.quality, expected.quality, about);
}

/** Floats are read as the decimals they stand for, which differ from their binary value in the eighth digit. */
function closeTo(value: number): number {
  return 1e-6 + Math.abs(value) * 2e-7;
}

const fixed = meterProfiles().filter(({ sunspec }) => !sunspec);

describe("Golden vectors", () => {
  it("exist for every device with fixed registers", () => assert.equal(fixed.length, 108));

  for (const profile of fixed) {
    it(`${profile.id} reads what a device sends`, () => {
      const { device, expected } = vectorOf(profile, () => "typical");
      same(decodeRegisters(profile, device.answer()), expected, profile.id);
      assert.ok(expected.powerW !== null, `${profile.id} has no power`);
    });

    it(`${profile.id} reads any value that a device can send, in both directions`, () => {
      const share = fc.double({ min: 0, max: 1, noNaN: true });
      const count = Object.keys(profile.registers).length;
      fc.assert(
        fc.property(fc.array(share, { minLength: count, maxLength: count }), (shares) => {
          const { device, expected } = vectorOf(profile, (index) => shares[index] ?? 0);
          same(decodeRegisters(profile, device.answer()), expected, profile.id);
        }),
        { numRuns: 30 },
      );
    });

    it(`${profile.id} takes no value for one that is not available`, () => {
      for (const [name, register] of Object.entries(profile.registers)) {
        for (const bits of [...(register.notAvailable ?? []), ...placeholders(register.type)]) {
          const { device, expected } = vectorOf(profile, () => "typical");
          device.put(register, wordsOfBits(bits, register.wordOrder ?? profile.wordOrder));
          const { measurement } = decodeWithProblems(profile, device.answer());
          assert.ok(numbersOf(measurement).every((value) => value === null || Number.isFinite(value)));
          const lost = numbersOf(expected).map(
            (value, index) => value !== null && numbersOf(measurement)[index] === null,
          );
          const counts = isMeasured(profile, name) && register.unavailableMeans === undefined;
          assert.equal(lost.includes(true), counts, `${profile.id} ${name} ${bits}`);
        }
      }
    });
  }
});

/** Whether a measurement shows this register, itself or in a sum. */
function isMeasured({ registers, computed = {}, phases }: MeterProfile, name: string): boolean {
  if (Object.values(computed).some((sum) => sum.split(/[ +-]+/).includes(name))) return true;
  if (/^powerFactorL/.test(name)) return phases === 1 && !("powerFactor" in registers);
  return /^(voltage|current|power)L[123]$|^(power|powerFactor|frequency|energyImport|energyExport|soc)$/.test(name);
}

function placeholders(type: Register["type"]): string[] {
  const digits = bitsOf(type) / 4;
  if (type === "float32") return ["0x7FC00000", "0xFFC00000", "0x7F800000", "0xFF800000", "0x7F7FFFFF", "0xFF7FFFFF"];
  if (type === "float64") return ["0x7FF8000000000000", "0xFFF0000000000000"];
  return [type.startsWith("uint") ? `0x${"F".repeat(digits)}` : `0x8${"0".repeat(digits - 1)}`];
}
