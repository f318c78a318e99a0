import { strict as assert } from "node:assert";
import fc from "fast-check";
import { decodeRegisters, decodeWithProblems, type RegisterRead } from "../../lib/metering/decode.ts";
import { encodeRegisters } from "../../lib/metering/encode.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { planReads } from "../../lib/metering/plan.ts";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { numbersOf, typical } from "./fixtures.ts";

const sdm630 = meterProfile("eastron-sdm630") as MeterProfile;
const pac2200 = meterProfile("siemens-pac2200") as MeterProfile;
const iem3x55 = meterProfile("schneider-iem3x55") as MeterProfile;

/** The planned blocks of a device that holds these words and 0 elsewhere. */
function blocks(profile: MeterProfile, words: Record<number, number[]>): RegisterRead[] {
  const memory = new Map(
    Object.entries(words).flatMap(([at, list]) => list.map((word, index) => [Number(at) + index, word] as const)),
  );
  return planReads(profile).map(({ functionCode, address, count }) => ({
    functionCode,
    address,
    registers: Array.from({ length: count }, (_, index) => memory.get(address + index) ?? 0),
  }));
}

function near(actual: number | null, expected: number, tolerance = 1e-3): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

describe("decodeRegisters", () => {
  it("reads an SDM630's floats, kWh to Wh", () => {
    // 230 = 0x43660000, 10 = 0x41200000, 2300 = 0x450FC000, 6900 = 0x45D7A000, 50 = 0x42480000, 1234.5 = 0x449A5000, 1 = 0x3F800000
    const volts = [0x4366, 0, 0x4366, 0, 0x4366, 0];
    const amps = [0x4120, 0, 0x4120, 0, 0x4120, 0];
    const watts = [0x450f, 0xc000, 0x450f, 0xc000, 0x450f, 0xc000];
    const words = {
      0: [...volts, ...amps, ...watts],
      52: [0x45d7, 0xa000],
      62: [0x3f80, 0],
      70: [0x4248, 0, 0x449a, 0x5000, 0, 0],
    };
    assert.deepEqual(decodeRegisters(sdm630, blocks(sdm630, words)), {
      currentA: [10, 10, 10],
      voltageV: [230, 230, 230],
      powerW: 6900,
      phasePowerW: [2300, 2300, 2300],
      energyImportWh: 1_234_500,
      energyExportWh: 0,
      frequencyHz: 50,
      powerFactor: 1,
      socPercent: null,
      quality: "good",
    });
  });

  it("adds both tariffs of a PAC2200 up", () => {
    // float64 1000000 = 0x412E848000000000, 2 = 0x4000000000000000
    const words = { 801: [0x412e, 0x8480, 0, 0], 805: [0x4000, 0, 0, 0], 813: [0x4000, 0, 0, 0] };
    const measurement = decodeRegisters(pac2200, blocks(pac2200, words));
    assert.equal(measurement.energyImportWh, 1_000_002);
    assert.equal(measurement.energyExportWh, 2);
  });

  it("knows no energy when one tariff was not read", () => {
    const reads = blocks(pac2200, {}).map((read) =>
      read.address === 801 ? { ...read, registers: read.registers.slice(0, 12) } : read,
    );
    assert.equal(decodeRegisters(pac2200, reads).energyExportWh, null);
    assert.equal(decodeRegisters(pac2200, reads).energyImportWh, 0);
  });

  it("reads an iEM3x55's kilowatts, 64-bit energies and four-quadrant power factor", () => {
    // -1.15 = 0xBF933333, 1.25 = 0x3FA00000; 2^40 + 5 Wh
    const words = { 3053: [0xbf93, 0x3333], 3083: [0x3fa0, 0], 3203: [0, 0x0100, 0, 5] };
    const measurement = decodeRegisters(iem3x55, blocks(iem3x55, words));
    near(measurement.phasePowerW[0], -1150);
    assert.equal(measurement.powerFactor, 0.75);
    assert.equal(measurement.energyImportWh, 2 ** 40 + 5);
  });

  it("takes a read with an alternative function code", () => {
    const reads = blocks(pac2200, { 13: [0x4120, 0] }).map((read) => ({ ...read, functionCode: 4 }));
    assert.equal(decodeRegisters(pac2200, reads).currentA[0], 10);
  });

  it("gives currents the direction of their phase's power", () => {
    const reads = encodeRegisters(sdm630, {
      ...typical,
      currentA: [10, 8, 6],
      phasePowerW: [2300, -1840, 1380],
      powerW: 1840,
    });
    assert.deepEqual(decodeRegisters(sdm630, reads).currentA, [10, -8, 6]);
  });

  it("reads little-endian word order and signed pairs as a profile declares them", () => {
    const pair = {
      type: "uint32" as const,
      scale: 0.1,
      unit: "W" as const,
      sources: [] as string[],
      verified: "hand" as const,
    };
    const profile: MeterProfile = {
      ...sdm630,
      wordOrder: "little",
      registers: {
        powerImport: { address: 0, ...pair },
        powerExport: { address: 2, ...pair },
        currentL1: { ...pair, address: 4, unit: "A", scale: 0.001, type: "int32" },
      },
      computed: { power: "powerImport - powerExport" },
    };
    const reads = [{ functionCode: 4, address: 0, registers: [0, 0, 0x86a0, 0x0001, 0xfc18, 0xffff] }];
    const { powerW, currentA } = decodeRegisters(profile, reads);
    assert.equal(powerW, -10_000);
    assert.equal(currentA[0], -1);
  });

  it("is bad, with null in its place, when a voltage or the frequency cannot be true", () => {
    const low = decodeWithProblems(sdm630, encodeRegisters(sdm630, { ...typical, voltageV: [230, 79, 231] }));
    assert.equal(low.measurement.quality, "bad");
    assert.deepEqual(low.measurement.voltageV, [230, null, 231]);
    assert.equal(low.problems[0]?.text, "voltageL2 reads 79 V, outside 80 to 300 V");
    assert.equal(decodeRegisters(sdm630, encodeRegisters(sdm630, { ...typical, frequencyHz: 501 })).quality, "bad");
    assert.equal(decodeRegisters(sdm630, encodeRegisters(sdm630, { ...typical, frequencyHz: 45 })).quality, "good");
  });

  it("is bad when a current is not available, good when only a slow value is not", () => {
    const noCurrent = decodeRegisters(iem3x55, encodeRegisters(iem3x55, { ...typical, currentA: [1, null, 2] }));
    assert.equal(noCurrent.quality, "bad");
    assert.equal(noCurrent.currentA[1], null);
    const noFrequency = decodeRegisters(
      iem3x55,
      encodeRegisters(iem3x55, { ...typical, frequencyHz: null, energyExportWh: null }),
    );
    assert.equal(noFrequency.quality, "good");
    assert.equal(noFrequency.frequencyHz, null);
    assert.equal(noFrequency.energyExportWh, null);
  });

  it("reads a single-phase device: the total is that of L1, whose current takes its direction", () => {
    const sdm120 = meterProfile("eastron-sdm120") as MeterProfile;
    const reads = encodeRegisters(sdm120, { ...typical, currentA: [10, 0, 0], powerW: -2300 });
    const { currentA, powerW, phasePowerW, quality } = decodeRegisters(sdm120, reads);
    assert.deepEqual([currentA, powerW, phasePowerW, quality], [[-10, null, null], -2300, [-2300, null, null], "good"]);
  });

  it("does not miss L2 and L3 of a single-phase device that lists them", () => {
    const single = { ...iem3x55, phases: 1 as const };
    const alone = {
      ...typical,
      currentA: [5, null, null],
      phasePowerW: [1150, null, null],
      powerW: 1150,
    } as Measurement;
    assert.equal(decodeRegisters(single, encodeRegisters(single, alone)).quality, "good");
    assert.equal(decodeRegisters(iem3x55, encodeRegisters(iem3x55, alone)).quality, "bad");
  });

  it("leaves the direction of a current alone where the device gives it and has no power per phase", () => {
    const dataManager = meterProfile("sma-data-manager-grid") as MeterProfile;
    const reads = encodeRegisters(dataManager, { ...typical, currentA: [10, -8, 6], powerW: 1840 });
    assert.deepEqual(decodeRegisters(dataManager, reads).currentA, [10, -8, 6]);
  });

  it("counts an inverter at night and a string that is not fitted as 0 W, but never a register that was not read", () => {
    const sma = meterProfile("sma-inverter-pv") as MeterProfile;
    const asleep = decodeRegisters(sma, encodeRegisters(sma, { ...typical, powerW: null }));
    assert.deepEqual([asleep.powerW, asleep.quality], [0, "good"]);
    assert.deepEqual([decodeRegisters(sma, []).powerW, decodeRegisters(sma, []).quality], [null, "bad"]);
    const goodwe = meterProfile("goodwe-et-pv") as MeterProfile;
    const words = { 35105: [0, 3000], 35109: [0, 1000], 35113: [0xffff, 0xffff], 35117: [0xffff, 0xffff] };
    assert.equal(decodeRegisters(goodwe, blocks(goodwe, words)).powerW, 4000);
  });

  it("takes all ones in every current and power for a device that is gone, one of them for a value", () => {
    const gx = meterProfile("victron-gx-grid") as MeterProfile;
    const { measurement, problems } = decodeWithProblems(gx, filled(gx, 0xffff));
    assert.deepEqual([measurement.powerW, measurement.quality, problems.length], [null, "bad", 1]);
    assert.equal(
      decodeRegisters(gx, blocks(gx, { 2638: [0xffff, 0xffff], 2616: [2300, 0, 2300, 0, 2300, 0], 2644: [5000] }))
        .powerW,
      -1,
    );
  });

  it("needs only the total of a PV inverter or a battery", () => {
    const gx = meterProfile("huawei-luna2000-battery") as MeterProfile;
    const reads = encodeRegisters(gx, { ...typical, powerW: -1500, socPercent: null });
    assert.deepEqual([decodeRegisters(gx, reads).powerW, decodeRegisters(gx, reads).quality], [-1500, "good"]);
    assert.equal(decodeRegisters(gx, encodeRegisters(gx, { ...typical, powerW: null })).quality, "bad");
  });

  it("multiplies by the power of ten at the scale factor's address, and knows nothing without it", () => {
    const register = {
      type: "int16",
      scale: 1,
      unit: "W",
      sources: [],
      verified: "full",
      scaleFactorAddress: 9,
    } as const;
    const profile: MeterProfile = {
      ...sdm630,
      registers: { power: { ...register, address: 5, sources: [] } },
      computed: {},
    };
    const powerOf = (factor: number[]) =>
      decodeRegisters(profile, [{ functionCode: 4, address: 5, registers: [0xfb2e, 0, 0, 0, ...factor] }]).powerW;
    assert.equal(powerOf([0]), -1234);
    assert.equal(powerOf([1]), -12_340);
    assert.equal(powerOf([0xfffe]), -12.34);
    assert.equal(powerOf([]), null);
    assert.equal(powerOf([0x8000]), null);
    assert.equal(powerOf([11]), null);
  });

  it("knows nothing of a SunSpec device whose models are not found yet", () => {
    for (const profile of meterProfiles().filter(({ sunspec }) => sunspec)) {
      const measurement = decodeRegisters(profile, []);
      assert.equal(measurement.quality, "bad");
      assert.ok(numbersOf(measurement).every((value) => value === null));
    }
  });

  for (const profile of meterProfiles().filter(({ sunspec }) => !sunspec)) {
    const names = Object.keys(profile.registers);
    const witnesses = names.filter((name) => /^(voltage|frequency)/.test(name));

    it(`is bad and all null for ${profile.id} when nothing was read`, () => {
      const measurement = decodeRegisters(profile, []);
      assert.equal(measurement.quality, "bad");
      assert.ok(numbersOf(measurement).every((value) => value === null));
    });

    if (witnesses.length > 0)
      it(`is bad for ${profile.id} when all words are 0 or all ones`, () => {
        for (const word of [0, 0xffff]) assert.equal(decodeRegisters(profile, filled(profile, word)).quality, "bad");
      });

    if (witnesses.some((name) => !/16$/.test(profile.registers[name]?.type ?? "")))
      it(`takes ${profile.id} in the wrong word order for bad`, () => {
        const swapped = { ...profile, wordOrder: profile.wordOrder === "big" ? ("little" as const) : ("big" as const) };
        assert.equal(decodeRegisters(swapped, encodeRegisters(profile, typical)).quality, "bad");
      });

    it(`gets back from ${profile.id} what was encoded`, () => {
      const back = decodeRegisters(profile, encodeRegisters(profile, typical));
      assert.equal(back.quality, "good");
      const [expected, actual] = [numbersOf(typical), numbersOf(back)];
      for (const [index, value] of actual.entries()) {
        // On a single phase the total is that of L1.
        const isL1 = profile.phases === 1 && index === PHASE_POWER_L1;
        const wanted = isL1 ? typical.powerW : expected[index];
        if (value !== null && typeof wanted === "number") near(value, wanted, coarsest(profile));
      }
      assert.ok(back.powerW !== null);
    });

    it(`yields finite numbers or null for ${profile.id}, whatever the registers hold`, () => {
      const word = fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.constantFrom(0, 0xffff, 0x7fc0, 0x7f80, 0xff80, 0x8000, 0x7fff),
      );
      const plan = planReads(profile);
      const reads = fc.tuple(...plan.map(({ count }) => fc.array(word, { minLength: 0, maxLength: count + 2 })));
      fc.assert(
        fc.property(reads, (contents) => {
          const given = plan.map((block, index) => ({ ...block, registers: contents[index] ?? [] }));
          const measurement = decodeRegisters(profile, given);
          assert.ok(numbersOf(measurement).every((value) => value === null || Number.isFinite(value)));
          assert.ok(["good", "bad"].includes(measurement.quality));
        }),
        { numRuns: 300 },
      );
    });
  }

  it("takes words that no register can hold for unknown", () => {
    const reads = encodeRegisters(sdm630, typical).map((read) => ({
      ...read,
      registers: read.registers.map(() => Number.NaN),
    }));
    assert.ok(numbersOf(decodeRegisters(sdm630, reads)).every((value) => value === null));
  });

  it("reads float32 values as the decimals the display shows", () => {
    const measurement: Measurement = { ...typical, currentA: [12.1, 8.7, 9.4] };
    assert.deepEqual(decodeRegisters(sdm630, encodeRegisters(sdm630, measurement)).currentA, [12.1, 8.7, 9.4]);
  });
});

/** Place of the power of L1 among `numbersOf`. */
const PHASE_POWER_L1 = 6;

function filled(profile: MeterProfile, word: number): RegisterRead[] {
  return planReads(profile).map((block) => ({ ...block, registers: Array.from({ length: block.count }, () => word) }));
}

/** Half the step in which the device shows its coarsest value; floats show five digits. */
function coarsest({ registers }: MeterProfile): number {
  return Math.max(...Object.values(registers).map(({ scale, type }) => (/float/.test(type) ? 0.1 : Math.abs(scale))));
}
