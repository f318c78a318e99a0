import { strict as assert } from "node:assert";
import type { MeterSample } from "../../../lib/dlm/inputs/input.ts";
import { type LastZone, MeterBank } from "../../../lib/dlm/meters/meter-bank.ts";
import { rootPlant } from "../../../lib/dlm/topology/root-plant.ts";
import type { MaybeTriple, Triple } from "../../../lib/units.ts";
import { charger, METER, treeOf, zone } from "../../building/plant.ts";

const PLANT = rootPlant(treeOf([zone("main", { meters: [METER] })], [charger("A", "main")]), "main");
const MAIN = PLANT.zones[0]!;
const NOTHING: Triple = [0, 0, 0];

/** The meter of one zone of 63 A, which counts as stale after 10 s. */
class Bench {
  readonly bank = new MeterBank();
  second = 0;

  /** A sample comes. @returns whether it cannot wait for the next cycle */
  add(currentA: MaybeTriple, quality: MeterSample["quality"] = "good"): boolean {
    const sample = { meter: "grid", currentA, quality, print: `${this.second}`, lively: true };
    return this.bank.add({ kind: "measurement", ...sample }, PLANT, false, this.second * 1000, ({ limitA }) => ({
      ...{ id: "main", parent: null, limitA },
    }));
  }

  at(second: number): this {
    this.second = second;
    return this;
  }

  get condition() {
    return this.bank.condition(MAIN, METER, this.second * 1000);
  }

  /** As the controller sees it. */
  passed() {
    return this.bank.pass(this.condition, METER, NOTHING, this.second * 1000);
  }
}

describe("the meters of a root zone", () => {
  it("are awaited for as long as a sample counts as fresh, and then counted as stale", () => {
    const bench = new Bench();
    assert.equal(bench.bank.heard(PLANT, 0), false);
    assert.equal(bench.condition.state, "awaited");
    assert.deepEqual(bench.passed(), null);
    bench.at(11);
    assert.equal(bench.bank.heard(PLANT, 11_000), true);
    assert.equal(bench.condition.state, "stale");
    assert.deepEqual(bench.passed()?.currentA, null);
  });

  it("are believed until their newest sample is too old, and again after three good ones", () => {
    const bench = new Bench();
    bench.add([10, 11, 12]);
    assert.deepEqual(bench.at(10).passed()?.currentA, [10, 11, 12]);
    assert.equal(bench.at(11).condition.state, "stale");
    const states = [20, 21, 22].map((second) => {
      bench.at(second).add([10, 10, 10]);
      return bench.condition.state;
    });
    assert.deepEqual(states, ["stale", "stale", "good"]);
  });

  it("raise nothing after a sample that is not good, or misses a phase that has a limit", () => {
    const bench = new Bench();
    bench.add([10, 10, 10]);
    bench.at(1).add([40, 40, 40], "bad");
    assert.equal(bench.condition.state, "hold");
    assert.deepEqual(bench.passed()?.currentA, [10, 10, 10]);
    bench.at(2).add([10, null, 10]);
    assert.equal(bench.condition.state, "stale");
  });

  it("report at once what is over a limit, and nothing else", () => {
    const bench = new Bench();
    assert.equal(bench.add([60, 10, 10]), false);
    assert.equal(bench.at(1).add([64, 10, 10]), true);
    assert.equal(bench.at(2).add([64, 10, 10], "bad"), false);
  });

  it("show the largest of three samples to increases, and only the newest once the setpoints have changed", () => {
    const bench = new Bench();
    const last: LastZone = {
      passedA: new Map<string, Triple>([["grid", [20, 20, 20]]]),
      measuredA: NOTHING,
      usedA: NOTHING,
      slackA: [63, 63, 63],
    };
    bench.bank.ticked(new Map([["main", last]]), false);
    for (const [second, amps] of [20, 30, 10].entries()) bench.at(second).add([amps, amps, amps]);
    assert.deepEqual(bench.passed()?.currentA, [30, 30, 30]);
    bench.bank.ticked(new Map([["main", last]]), true);
    assert.deepEqual(bench.passed()?.currentA, [10, 10, 10]);
  });
});
