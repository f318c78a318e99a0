import { strict as assert } from "node:assert";
import {
  type AssumingZone,
  assumedLoads,
  hasSeenADay,
  highestSeenA,
  type SeenLoad,
  seeLoad,
  seenLoadFrom,
  withLastMinute,
} from "../../../../lib/dlm/controller/background/assumed-load.ts";
import type { JsonValue, Triple } from "../../../../lib/units.ts";

const same = (currentA: number): Triple => [currentA, currentA, currentA];

/** Sees a load for some minutes, looked at every five seconds. */
function see(loadA: number | Triple, minutes: number, before?: SeenLoad): SeenLoad {
  let seen = before;
  for (let tick = 0; tick < 12 * minutes; tick++)
    seen = seeLoad(seen, typeof loadA === "number" ? same(loadA) : loadA, 5);
  return seen!;
}

const house = (more: Partial<AssumingZone> = {}): AssumingZone => ({
  id: "house",
  parent: null,
  meters: [{ location: "including" }],
  ...more,
});

const load = (zone: AssumingZone, seen?: SeenLoad) =>
  assumedLoads([zone], new Map(seen ? [["house", seen]] : [])).get("house")!;

describe("the load that is assumed of a zone", () => {
  it("is the highest one-minute mean that was seen: a load of a few seconds counts with its share of the minute", () => {
    const quiet = see(10, 5);
    const kettle = see(10, 2, seeLoad(quiet, same(40), 30));
    assert.deepEqual(highestSeenA(quiet), same(10));
    assert.deepEqual(highestSeenA(kettle), same(25));
  });

  it("is kept in steps of 0.01 A and never less than it was", () => {
    assert.deepEqual(highestSeenA(see([10.001, 10.1, 0.004], 2)), [10.01, 10.1, 0.01]);
  });

  it("counts the minute in which the meter fell silent with its highest ten seconds", () => {
    const seen = seeLoad(see(10, 5), same(40), 5);
    assert.deepEqual(highestSeenA(seen), same(10));
    assert.deepEqual(highestSeenA(withLastMinute(seen)), same(40));
    assert.deepEqual(highestSeenA(withLastMinute(seeLoad(seen, same(10), 5))), same(25));
    assert.deepEqual(highestSeenA(withLastMinute(see(10, 2, seen))), same(10 + 30 / 12));
  });

  it("finds the highest minute wherever it begins, within ten seconds", () => {
    const beginning = seeLoad(see(10, 2), same(10), 25);
    assert.ok(highestSeenA(see(10, 2, see(40, 1, beginning)))[0] >= 35);
    assert.deepEqual(highestSeenA(see(10, 2, seeLoad(see(40, 1, beginning), same(40), 10))), same(40));
  });

  it("keeps a maximum for 24 hours in which the meter was heard, and then forgets it", () => {
    const evening = see(42, 5, see(10, 3 * 60));
    assert.deepEqual(highestSeenA(see(10, 24 * 60 - 60, evening)), same(42));
    assert.deepEqual(highestSeenA(see(10, 25 * 60, evening)), same(10));
  });

  it("counts each phase for itself", () => {
    const seen = see([5, 30, 0], 2, see([20, 1, 0], 2));
    assert.deepEqual(load(house({ assumedLoadA: [0, 0, 7] }), seen).loadA, [20, 30, 7]);
  });

  it("is known once a whole day was seen, and before only where somebody gave a value", () => {
    const almost = see(10, 24 * 60 - 1);
    assert.equal(hasSeenADay(almost), false);
    assert.deepEqual(load(house(), almost), { loadA: same(10), known: [false, false, false] });
    assert.deepEqual(load(house({ assumedLoadA: [16, 0, 0] }), almost).known, [true, false, false]);
    const day = see(10, 2, almost);
    assert.equal(hasSeenADay(day), true);
    assert.deepEqual(load(house(), day).known, [true, true, true]);
  });

  it("is at least the fallback load of its meter, which is given", () => {
    const meters = [{ location: "including", onStale: "fallbackLoad", fallbackA: 20 }] as const;
    assert.deepEqual(load(house({ meters })), { loadA: same(20), known: [true, true, true] });
    assert.deepEqual(load(house({ meters }), see(25, 2)).loadA, same(25));
  });

  it("is what was given of a zone without a meter, 0 A included", () => {
    assert.deepEqual(load(house({ meters: [] })), { loadA: same(0), known: [true, true, true] });
  });

  it("adds up with that of the zones below, and takes the load of a meter that is heard as it is", () => {
    const zones: AssumingZone[] = [
      house({ assumedLoadA: 10 }),
      { id: "garage", parent: "house", assumedLoadA: 5, meters: [{ location: "including" }] },
      { id: "yard", parent: "house", assumedLoadA: 2 },
    ];
    const silent = assumedLoads(zones, new Map());
    assert.deepEqual(silent.get("house")!.loadA, same(17));
    const garage = assumedLoads(zones, new Map(), new Map([["garage", { loadA: same(1), isWhole: true }]]));
    assert.deepEqual(garage.get("house")!.loadA, same(13));
    assert.deepEqual(garage.get("garage"), { loadA: same(1), known: [true, true, true] });
    const beside = assumedLoads(zones, new Map(), new Map([["house", { loadA: same(20), isWhole: false }]]));
    assert.deepEqual(beside.get("house")!.loadA, same(27));
  });

  it("is not known where a zone below is not", () => {
    const zones: AssumingZone[] = [
      house({ assumedLoadA: 10 }),
      { id: "garage", parent: "house", meters: [{ location: "including" }] },
    ];
    assert.deepEqual(assumedLoads(zones, new Map()).get("house")!.known, [false, false, false]);
  });

  it("does not take feeding in for a load", () => {
    assert.deepEqual(load(house(), see(-30, 24 * 60 + 1)), { loadA: same(0), known: [true, true, true] });
  });

  it("survives being saved, and what does not look like it is nothing", () => {
    const seen = see(12, 70);
    assert.deepEqual(seenLoadFrom(JSON.parse(JSON.stringify(seen)) as JsonValue), seen);
    for (const garbage of [
      null,
      1,
      [],
      {},
      { ...seen, hoursA: [[1, 2]] },
      { ...seen, hourS: -1 },
      { ...seen, parts: [{}] },
    ])
      assert.equal(seenLoadFrom(garbage as unknown as JsonValue), undefined);
  });
});
