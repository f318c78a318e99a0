import { strict as assert } from "node:assert";
import fc from "fast-check";
import { planReads, type ReadBlock, worthwhileHole } from "../../lib/metering/plan.ts";
import { isFast, type MeterProfile, QUANTITIES, wordsOf } from "../../lib/metering/profile-schema.ts";
import { meterProfile } from "../../lib/metering/profiles.ts";
import { lineFormat } from "../../lib/modbus/wire-time.ts";
import { EMPTY_PROFILE, randomProfile, register } from "./random-profile.ts";

/** How often each register name is covered whole, and by no block in part. */
function coverage(profile: MeterProfile, blocks: readonly ReadBlock[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, { address, type, functionCode = profile.functionCode }] of Object.entries(profile.registers)) {
    const to = address + wordsOf(type);
    const touching = blocks.filter(
      (block) => block.functionCode === functionCode && block.address < to && block.address + block.count > address,
    );
    const whole = touching.filter((block) => block.address <= address && block.address + block.count >= to);
    assert.equal(touching.length, whole.length, `${name} is cut`);
    counts.set(name, whole.length);
  }
  return counts;
}

const profile = (registers: MeterProfile["registers"], more: Partial<MeterProfile> = {}): MeterProfile => ({
  ...EMPTY_PROFILE,
  ...more,
  registers,
});
const addresses = (blocks: readonly ReadBlock[]) => blocks.map(({ address, count }) => [address, count]);

describe("planReads", () => {
  it("covers every value of any profile exactly once, whole, and within the device's limit", () => {
    fc.assert(
      fc.property(randomProfile, (random) => {
        const blocks = planReads(random);
        for (const [name, times] of coverage(random, blocks)) assert.equal(times, 1, name);
        for (const { count } of blocks) assert.ok(count >= 1 && count <= random.limits.maxRegistersPerRead);
      }),
    );
  });

  it("never hurries for what no quantity is made of", () => {
    const plenticore = meterProfile("kostal-plenticore-pv") as MeterProfile;
    const { registers } = plenticore;
    assert.ok(registers["powerAc"] && registers["powerDcTotal"]);
    const fast = coverage(plenticore, planReads(plenticore, { group: "fast", maxGap: 0 }));
    const slow = coverage(plenticore, planReads(plenticore, { group: "slow", maxGap: 0 }));
    for (const name of ["powerAc", "powerDcTotal"]) assert.deepEqual([fast.get(name), slow.get(name)], [0, 1], name);
  });

  it("puts each value of any profile in exactly one of the two groups", () => {
    fc.assert(
      fc.property(randomProfile, (random) => {
        const fast = coverage(random, planReads(random, { group: "fast", maxGap: 0 }));
        const slow = coverage(random, planReads(random, { group: "slow", maxGap: 0 }));
        for (const [name, times] of fast) assert.equal(times + (slow.get(name) ?? 0), 1, name);
        for (const [name, times] of fast) if (isFast(name) && QUANTITIES.includes(name)) assert.equal(times, 1, name);
      }),
    );
  });

  it("reads over no hole wider than allowed, and over none at all when told so", () => {
    fc.assert(
      fc.property(randomProfile, fc.integer({ min: 0, max: 40 }), (random, maxGap) => {
        const needed = new Set<string>();
        for (const { address, type, functionCode = 3 } of Object.values(random.registers)) {
          for (let at = address; at < address + wordsOf(type); at++) needed.add(`${functionCode}/${at}`);
        }
        for (const { functionCode, address, count } of planReads(random, { maxGap })) {
          let run = 0;
          for (let at = address; at < address + count; at++) {
            run = needed.has(`${functionCode}/${at}`) ? 0 : run + 1;
            assert.ok(run <= maxGap, `a hole of ${run} registers`);
          }
        }
      }),
    );
  });

  it("never needs more reads for allowing wider holes", () => {
    fc.assert(
      fc.property(randomProfile, fc.nat(60), fc.nat(60), (random, a, b) => {
        const [narrow, wide] = [Math.min(a, b), Math.max(a, b)];
        assert.ok(planReads(random, { maxGap: wide }).length <= planReads(random, { maxGap: narrow }).length);
      }),
    );
  });

  it("brings both halves of a difference in one read, even where a block is full between them", () => {
    const pair = profile(
      {
        currentL1: register(0, "uint16"),
        powerImport: register(6, "uint32"),
        powerExport: register(8, "uint32"),
      },
      { computed: { power: "powerImport - powerExport" }, limits: { ...EMPTY_PROFILE.limits, maxRegistersPerRead: 9 } },
    );
    assert.deepEqual(addresses(planReads(pair)), [
      [0, 1],
      [6, 4],
    ]);
  });

  it("keeps a scale factor in the read of its value", () => {
    const scaled = profile({
      currentL1: register(10, "int16", { scaleFactorAddress: 20 }),
      voltageL1: register(12, "int16"),
    });
    const blocks = planReads(scaled, { group: "fast", maxGap: 0 });
    assert.deepEqual(addresses(blocks), [[10, 11]]);
  });
});

describe("worthwhileHole", () => {
  const line = lineFormat(19_200, "none", 1);

  for (const [turnaroundMs, hole] of [
    [0, 10],
    [10, 20],
    [20, 29],
    [50, 58],
  ] as const) {
    it(`is ${hole} registers at 19200 8N1 for a device that answers after ${turnaroundMs} ms`, () => {
      assert.equal(worthwhileHole(line, turnaroundMs), hole);
    });
  }

  it("has no end where registers take no time", () => {
    assert.equal(worthwhileHole(null, 20), Number.POSITIVE_INFINITY);
  });
});
