import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { PlannedBlock } from "../../lib/metering/plan.ts";
import { PollPlan } from "../../lib/metering/poll-plan.ts";
import { isFast, type MeterProfile, wordsOf } from "../../lib/metering/profile-schema.ts";
import { EMPTY_PROFILE, randomProfile, register } from "./random-profile.ts";

const names = (blocks: readonly PlannedBlock[]) => blocks.flatMap(({ atoms }) => atoms.flatMap((atom) => atom.names));
const HOUR_MS = 3_600_000;

/** A device that has some registers only, and refuses a read that touches any other. */
class Device {
  readonly #has = new Set<string>();
  readonly #profile: MeterProfile;
  requests = 0;

  constructor(profile: MeterProfile, lacks: readonly string[]) {
    this.#profile = profile;
    for (const [name, { address, type, functionCode = profile.functionCode }] of Object.entries(profile.registers)) {
      if (lacks.includes(name)) continue;
      for (let at = address; at < address + wordsOf(type); at++) this.#has.add(`${functionCode}/${at}`);
    }
  }

  answers({ functionCode, address, count }: PlannedBlock): boolean {
    this.requests++;
    return Array.from({ length: count }, (_, index) => `${functionCode}/${address + index}`).every((at) =>
      this.#has.has(at),
    );
  }

  /** One cycle of reads, cutting what is refused. @returns the names of the registers that were brought */
  cycle(plan: PollPlan, nowMs = 0): string[] {
    const { fast, slow, probe } = plan.next(nowMs);
    const read = (block: PlannedBlock): string[] => {
      if (this.answers(block)) return this.#within(block);
      return plan.refused(block, nowMs).flatMap(read);
    };
    const got = [...fast, ...slow].flatMap(read);
    if (probe && this.answers(probe)) {
      plan.found(probe);
      got.push(...names([probe]));
    } else if (probe) plan.refused(probe, nowMs);
    return got;
  }

  #within(block: PlannedBlock): string[] {
    const end = block.address + block.count;
    return Object.entries(this.#profile.registers)
      .filter(([, { functionCode = 3 }]) => functionCode === block.functionCode)
      .filter(([, { address, type }]) => address >= block.address && address + wordsOf(type) <= end)
      .map(([name]) => name);
  }
}

describe("PollPlan", () => {
  it("finds, on any device, exactly the values that it has, and remembers", () => {
    fc.assert(
      fc.property(randomProfile, fc.infiniteStream(fc.boolean()), (random, coin) => {
        const all = Object.keys(random.registers);
        const lacks = all.filter(() => coin.next().value === true);
        const device = new Device(random, lacks);
        const plan = new PollPlan(random, { inTurn: false });
        const has = all.filter((name) => !lacks.includes(name)).sort();
        device.cycle(plan);
        assert.deepEqual(device.cycle(plan).sort(), has);
        assert.deepEqual([...new Set(plan.unavailable)].sort(), lacks.sort());
        device.requests = 0;
        assert.deepEqual(device.cycle(plan, 1000).sort(), has);
        assert.ok(device.requests <= has.length);
      }),
    );
  });

  const meter: MeterProfile = {
    ...EMPTY_PROFILE,
    registers: {
      currentL1: register(0, "float32"),
      voltageL1: register(2, "float32"),
      currentL2: register(4, "float32"),
      frequency: register(30, "float32"),
      energyImport: register(60, "float32"),
    },
  };

  it("reads fast values every cycle and the slow blocks in turn after a first full round", () => {
    const plan = new PollPlan(meter, { inTurn: true });
    const cycles = [0, 1, 2, 3].map((turn) => names(plan.next(turn * 1000).slow));
    assert.deepEqual(cycles, [["frequency", "energyImport"], ["energyImport"], ["frequency"], ["energyImport"]]);
    assert.deepEqual(names(plan.next(5000).fast).filter(isFast), ["currentL1", "currentL2"]);
  });

  it("does not ask for a slow value that lies within a fast block, until that block has to be cut", () => {
    const plan = new PollPlan(meter, { inTurn: true });
    const { fast, slow } = plan.next(0);
    assert.deepEqual([fast.length, names(slow).includes("voltageL1")], [1, false]);
    plan.refused(fast[0] as PlannedBlock, 0);
    const after = [1, 2, 3].flatMap((turn) => names(plan.next(turn * 1000).slow));
    assert.ok(after.includes("voltageL1"));
  });

  it("probes a value that is not there after an hour, what load management needs after a minute, then less often", () => {
    const device = new Device(meter, ["currentL2", "frequency"]);
    const plan = new PollPlan(meter, { inTurn: false });
    device.cycle(plan, 0);
    const probed: [number, string][] = [];
    for (let nowMs = 1000; nowMs <= 2 * HOUR_MS; nowMs += 1000) {
      const { probe } = plan.next(nowMs);
      if (!probe) continue;
      probed.push([nowMs / 1000, names([probe])[0] as string]);
      plan.refused(probe, nowMs);
    }
    assert.deepEqual(
      probed.filter(([, name]) => name === "frequency").map(([at]) => at),
      [3600, 7200],
    );
    assert.deepEqual(
      probed.filter(([, name]) => name === "currentL2").map(([at]) => at),
      [60, 180, 420, 900, 1860, 3780],
    );
  });

  it("reads a value again once a probe has found it", () => {
    const plan = new PollPlan(meter, { inTurn: false });
    new Device(meter, ["frequency"]).cycle(plan, 0);
    const whole = new Device(meter, []);
    assert.ok(!whole.cycle(plan, 1000).includes("frequency"));
    whole.cycle(plan, HOUR_MS);
    assert.deepEqual(plan.unavailable, []);
    assert.ok(whole.cycle(plan, HOUR_MS + 1000).includes("frequency"));
  });

  it("reads over no hole wider than is worth it on the line", () => {
    const wide = { ...meter, limits: { ...meter.limits, maxGap: 60 } };
    const blocks = [24, 28].map((hole) => new PollPlan(wide, { inTurn: false, hole }).next(0).fast.length);
    assert.deepEqual(blocks, [2, 1]);
  });

  it("reads everything every cycle where that takes no longer than one slow block in turn", () => {
    const dense = { ...meter, registers: { currentL1: register(0, "float32"), frequency: register(8, "float32") } };
    const { fast, slow } = new PollPlan(dense, { inTurn: true }).next(0);
    assert.deepEqual([names(fast), slow], [["currentL1", "frequency"], []]);
  });

  it("reads a total that has a block of its own in turn, since its phases add up to it", () => {
    const phases = { powerL1: register(0, "int32"), powerL2: register(2, "int32"), powerL3: register(4, "int32") };
    const registers = { ...phases, power: register(50, "int32"), frequency: register(90, "uint16") };
    const plan = new PollPlan({ ...meter, registers }, { inTurn: true });
    assert.deepEqual([names(plan.next(0).fast), plan.derivedTotal?.address], [Object.keys(phases), 50]);
    plan.readTotal();
    assert.deepEqual([names(plan.next(1000).fast), plan.derivedTotal], [[...Object.keys(phases), "power"], null]);
  });
});
