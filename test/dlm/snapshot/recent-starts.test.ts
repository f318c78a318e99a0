import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { readInput } from "../../../lib/dlm/inputs/input.ts";
import { CommandedLimits } from "../../../lib/dlm/snapshot/commanded.ts";
import { limitsOf, SampleFilter } from "../../../lib/dlm/snapshot/samples.ts";
import { seeded } from "../../../lib/simulator/random.ts";
import { Building } from "../../building/building.ts";
import { charger, factsOf, METER, measurement, treeOf, zone } from "../../building/plant.ts";

const treeWith = (staleAfterS: number) =>
  treeOf([zone("main", { limitA: [25, 25, 25], meters: [{ ...METER, staleAfterS }] })], [charger("CP1", "main")]);

/** A house that draws 16 A behind 25 A, and a car that is started at 5 s; readings and samples come when a test says so. */
class Start {
  readonly filter = new SampleFilter();
  readonly commanded = new CommandedLimits();
  nowMs = 0;
  facts = factsOf("CP1", { measuredA: [0, 0, 0], measuredAtMs: 0 });
  readonly #tree: ReturnType<typeof treeWith>;

  constructor(staleAfterS = 10) {
    this.#tree = treeWith(staleAfterS);
    this.meter(16).decide(0);
    this.at(5).meter(16).reading(0).decide(6);
  }

  at(second: number): this {
    this.nowMs = second * 1000;
    return this;
  }

  meter(currentA: number): this {
    const message = readInput(measurement([currentA, currentA, currentA]));
    this.filter.add(message, this.#tree, "main", () => [this.facts], this.#moment);
    return this;
  }

  reading(currentA: number): this {
    this.facts = { ...this.facts, measuredA: [currentA, currentA, currentA], measuredAtMs: this.nowMs };
    return this;
  }

  decide(limitA: number): this {
    const view = this.look();
    const zones = view.snapshot.zones.map((one) => ({
      ...one,
      meters: (one.meters ?? []).map(({ tsMs, ...meter }) => ({ ...meter, ageS: (this.nowMs - tsMs) / 1000 })),
    }));
    const target = allocate({ zones, connectors: view.snapshot.connectors });
    const result = { setpoints: { "CP1/1": { limitA, reasons: [] } }, target };
    this.filter.ticked(view, result);
    this.commanded.decided(limitsOf(result));
    return this;
  }

  look() {
    return this.filter.snapshot(this.#tree, "main", [this.facts], this.#moment, this.commanded);
  }

  /** What the meter is passed on as, A on L1, and the time it is of, s. */
  get seen(): [currentA: number | null | undefined, second: number] {
    const { currentA, tsMs } = this.look().snapshot.zones[0]!.meters![0]!;
    return [currentA?.[0], tsMs / 1000];
  }

  get mayRise(): boolean {
    const { connectors } = this.look().snapshot;
    return connectors[0]!.ceilings === undefined;
  }

  get #moment() {
    return { nowMs: this.nowMs, wallMs: this.nowMs };
  }
}

describe("a car that was started a moment ago behind a meter", () => {
  it("is held against the meter of the moment of its charger's reading, not against a newer one", () => {
    const start = new Start().at(8.2).meter(18).at(8.5).reading(3).at(9.2).meter(24);
    // Raised towards the newest as any sample is, no further than the car's 6 A still fit: 25 − 6 + the 3 A that it drew.
    assert.deepEqual(start.seen, [22, 8.2]);
  });

  it("is held against the newest sample when that shows more than the limit", () => {
    const start = new Start().at(8.2).meter(18).at(8.5).reading(3).at(9.2).meter(25.5);
    assert.deepEqual(start.seen, [25.5, 9.2]);
  });

  it("is held against the newest sample where no sample is of the reading's moment, or the reading is old", () => {
    assert.deepEqual(new Start().at(11.9).meter(22).seen, [22, 11.9]);
    const apart = new Start().at(8).reading(3).at(10.1).meter(22);
    assert.deepEqual(apart.seen, [22, 10.1]);
  });

  it("is held against the newest sample where the one of that moment would count as stale", () => {
    const start = new Start(3).at(7).meter(16).at(9).meter(17);
    assert.deepEqual(start.seen, [17, 9]);
  });

  for (const reportEveryS of [2, 4, 6]) {
    it(`hides no load over a limit from outside, with a charger that reports every ${reportEveryS} s`, () => {
      for (let second = 1; second <= 6; second++) {
        const building = new Building(treeOf([zone("main", { meters: [METER] })], [charger("CP1", "main")]));
        const car = building.cars.get("CP1/1")!;
        Object.assign(car, { state: "available", wantsA: 6, delayMs: 20_000, reportEveryS });
        building.houseA = [5, 5, 5];
        building.runtime.start();
        building.runtime.input({ topic: "limit/main", payload: { limitA: 24 } });
        building.run(30);
        car.state = "charging";
        for (let waited = 0; waited < 30 && building.limit("CP1/1") === 0; waited++) building.run(1);
        assert.equal(building.limit("CP1/1"), 6);
        building.run(second);
        building.houseA = [30, 30, 30];
        building.run(2);
        assert.equal(building.limit("CP1/1"), 0, `${second} s later`);
      }
    });
  }

  it("is not raised before its reading shows the start, and then like any other", () => {
    const start = new Start().at(8.5).reading(3);
    assert.equal(start.mayRise, false);
    assert.deepEqual(start.look().snapshot.connectors[0]!.ceilings, [{ limitA: 6, cause: "recentStart" }]);
    start.at(9.5).meter(22).reading(5.9);
    assert.equal(start.mayRise, true);
    start.at(10.5).meter(23);
    assert.deepEqual(start.seen, [23, 10.5]);
  });

  it("is young for a minute at most, and not after it was stopped", () => {
    assert.equal(new Start().at(66).meter(16).reading(0).mayRise, true);
    const stopped = new Start().at(8).meter(16).reading(0).decide(0).at(9).meter(16).reading(0);
    assert.equal(stopped.mayRise, true);
  });
});

describe("a car that is raised behind a meter", () => {
  for (const rampUpAps of [0.5, 5])
    for (const reportEveryS of [1, 2, 3, 5, 10, 30])
      for (const delayMs of [1000, 3000])
        it(`is not lowered for its own current: reports every ${reportEveryS} s, ${delayMs / 1000} s to follow, ${rampUpAps} A/s`, () => {
          const tree = treeOf([zone("main", { limitA: [20, 20, 20], meters: [METER] })], [charger("CP1", "main")]);
          const building = new Building(tree, { rampUpAps });
          const car = building.cars.get("CP1/1")!;
          Object.assign(car, { delayMs, reportEveryS, wantsA: 32, state: "available" });
          const random = seeded(1);
          building.runtime.start();
          building.run(12);
          car.state = "charging";
          let beforeA = 0;
          building.run(180, () => {
            building.houseA = [5, 5, 5].map((amps) => amps + 0.01 * (random() - 0.5)) as [number, number, number];
            const limitA = building.limit("CP1/1")!;
            assert.ok(limitA >= beforeA - 0.1, `${beforeA} A, then ${limitA} A`);
            beforeA = limitA;
          });
          assert.ok(beforeA >= 13.6, `${beforeA} A of 14.9 A`);
        });

  it("gives way at once where the house takes what the car does not", () => {
    const tree = treeOf([zone("main", { limitA: [20, 20, 20], meters: [METER] })], [charger("CP1", "main")]);
    for (let after = 1; after <= 8; after++) {
      const building = new Building(tree, { rampUpAps: 5 });
      const car = building.cars.get("CP1/1")!;
      Object.assign(car, { delayMs: 1000, reportEveryS: 2, wantsA: 32, state: "available" });
      building.houseA = [12, 12, 12];
      building.runtime.start();
      building.run(12);
      car.state = "charging";
      for (let waited = 0; waited < 60 && building.limit("CP1/1")! < 6; waited++) building.run(1);
      building.run(30);
      building.houseA = [5, 5, 5];
      for (let waited = 0; waited < 60 && building.limit("CP1/1")! < 8; waited++) building.run(1);
      building.run(after);
      building.houseA = [12, 12, 12];
      let overS = 0;
      building.run(30, () => {
        if (building.loadA[0] > 20) overS++;
      });
      assert.ok(overS <= 3, `${overS} s over the limit, ${after} s after the rise`);
    }
  });
});
