import { strict as assert } from "node:assert";
import { shareFeeds } from "../../../lib/dlm/snapshot/station-feed.ts";
import { rootPlant } from "../../../lib/dlm/topology/root-plant.ts";
import { Building } from "../../building/building.ts";
import { charger, factsOf, METER, treeOf, WIRING, zone } from "../../building/plant.ts";

const pair = (more: object = {}, second: object = {}) =>
  treeOf(
    [zone("main", { limitA: [80, 80, 80] })],
    [charger("A", "main", { connectors: [WIRING, { ...WIRING, number: 2, ...second }], safeA: 6, ...more })],
  );

/** Facts of both outlets of A. */
const outlets = (first: object, second: object, wiring: object = {}) => [
  factsOf("A", first),
  factsOf("A", { id: "A/2", connector: 2, ...second }, wiring),
];

describe("the reservation of a charge point that is away", () => {
  const away = { state: "offline" as const, disconnectedA: 32 };
  const reserved = (tree: ReturnType<typeof pair>, facts: ReturnType<typeof outlets>) =>
    shareFeeds(rootPlant(tree, "main"), facts).map(({ disconnectedA }) => disconnectedA);

  it("is no more than its feed carries", () => {
    assert.deepEqual(reserved(pair({ stationLimitA: 32 }), outlets(away, away)), [16, 16]);
    assert.deepEqual(reserved(pair({ stationLimitA: 32 }), outlets(away, { ...away, disconnectedA: 16 })), [
      (32 * 32) / 48,
      (16 * 32) / 48,
    ]);
  });

  it("is that of one outlet where only one may charge", () => {
    assert.deepEqual(reserved(pair({ exclusive: true }), outlets(away, { ...away, disconnectedA: 32 })), [16, 16]);
  });

  it("stays the sum without a feed of its own, where it fits, and for an outlet that is there", () => {
    assert.deepEqual(reserved(pair(), outlets(away, away)), [32, 32]);
    assert.deepEqual(reserved(pair({ stationLimitA: 70 }), outlets(away, away)), [32, 32]);
    assert.deepEqual(reserved(pair({ stationLimitA: 32 }), outlets(away, { disconnectedA: 32 })), [32, 32]);
  });

  it("stays the sum where the outlets hang on different phases: one may draw all on its own", () => {
    const tree = pair({ stationLimitA: 32 }, { phases: 1 });
    assert.deepEqual(reserved(tree, outlets(away, away, { phases: 1 })), [32, 32]);
  });
});

describe("a charge point of which only one outlet may charge", () => {
  const building = () => {
    const one = new Building(pair({ exclusive: true }));
    one.facts = () =>
      [...one.cars].map(([id, { state, drawA }], i) =>
        factsOf("A", {
          id,
          connector: i + 1,
          state,
          measuredA: [drawA, drawA, drawA],
          measuredAtMs: one.clock.nowMs(),
          pluggedAtMs: 1000 * i,
        }),
      );
    return one;
  };

  it("serves who came first, and tells the other what it waits for", () => {
    const one = building();
    one.runtime.start();
    one.run(120);
    assert.deepEqual([one.limit("A/1"), one.limit("A/2")], [32, 0]);
    assert.match(one.last("A/2").payload.text, /connector 1 of this charge point has the turn/);
  });

  it("gives the turn to the other when the car leaves or is full", () => {
    const one = building();
    one.runtime.start();
    one.run(120);
    one.cars.get("A/1")!.state = "idle";
    one.run(120);
    assert.deepEqual([one.limit("A/1"), one.limit("A/2")], [0, 32]);
    one.cars.get("A/1")!.state = "waiting";
    one.run(60);
    assert.deepEqual([one.limit("A/1"), one.limit("A/2")], [0, 32], "who charges keeps the turn");
    one.cars.get("A/2")!.state = "available";
    one.cars.get("A/1")!.state = "charging";
    one.run(120);
    assert.deepEqual([one.limit("A/1"), one.limit("A/2")], [32, 0]);
  });

  it("never has both drawing at once", () => {
    const one = building();
    one.runtime.start();
    let both = 0;
    for (const states of [
      ["charging", "charging"],
      ["idle", "charging"],
      ["charging", "idle"],
      ["available", "charging"],
      ["charging", "charging"],
    ] as const) {
      for (const [i, state] of states.entries()) one.cars.get(`A/${i + 1}`)!.state = state;
      one.run(90, () => {
        if ((one.limit("A/1") ?? 0) > 0 && (one.limit("A/2") ?? 0) > 0) both++;
      });
    }
    assert.equal(both, 0);
  });
});

describe("a hold of starts", () => {
  it("keeps who has current going, and lets nobody else start", () => {
    const building = new Building(
      treeOf([zone("main", { limitA: [63, 63, 63] })], [charger("A", "main"), charger("B", "main")]),
    );
    building.cars.get("B/1")!.state = "available";
    building.runtime.start();
    building.run(60);
    building.runtime.input({ topic: "limit/main", payload: { holdStarts: true, source: "permit" } });
    building.cars.get("B/1")!.state = "waiting";
    building.run(60);
    assert.deepEqual([building.limit("A/1"), building.limit("B/1")], [32, 0]);
    assert.match(building.last("B/1").payload.text, /waits for the permission to start \(permit\)/);
    const restarted = building.create(building.saved);
    building.runtime.close();
    building.runtime = restarted;
    restarted.start();
    building.run(30);
    assert.deepEqual([building.limit("A/1"), building.limit("B/1")], [32, 0], "after a restart");
    restarted.input({ topic: "limit/main", payload: { limitA: null, source: "permit" } });
    building.run(30);
    assert.ok(building.limit("B/1")! > 0);
  });
});

describe("a minimum of its own for more than one phase (EV/ZE Ready)", () => {
  const readyCar = (limitA: number) => {
    const wiring = { ...WIRING, minA: 8, minA3p: 14, safeA: 0 };
    const tree = treeOf(
      [zone("main", { limitA: [limitA, limitA, limitA] })],
      [charger("A", "main", { connectors: [wiring], safeA: 0 })],
    );
    const building = new Building(tree);
    building.runtime.start();
    return building;
  };

  it("pauses a car on three phases below it", () => {
    const building = readyCar(13);
    building.run(60);
    assert.equal(building.limit("A/1"), 0);
    assert.match(building.last("A/1").payload.text, /14 A/);
  });

  it("starts a car on three phases at it", () => {
    const building = readyCar(20);
    building.run(5);
    const given = building.allocations.map(({ payload }) => payload.limitA).filter((limitA) => limitA > 0);
    assert.equal(given[0], 14);
  });

  it("lets a car that uses one phase go down to the other minimum", () => {
    const building = readyCar(20);
    building.facts = () => {
      const { drawA } = building.cars.get("A/1")!;
      const nowMs = building.clock.nowMs();
      return [factsOf("A", { measuredA: [drawA, 0, 0], measuredAtMs: nowMs })];
    };
    building.run(120);
    building.runtime.input({ topic: "limit/main", payload: { limitA: 9, source: "DSO" } });
    building.run(60);
    assert.equal(building.limit("A/1"), 9);
  });
});

describe("a network without neutral", () => {
  const tree = () =>
    treeOf(
      [zone("main", { limitA: [32, 32, 32], meters: [METER] })],
      ["A", "B", "C"].map((identity, i) =>
        charger(identity, "main", {
          connectors: [{ ...WIRING, phases: 1, rotation: (["RST", "STR", "TRS"] as const)[i]! }],
        }),
      ),
      { itNetwork: true },
    );

  it("counts a car on one phase on both lines it lies between", () => {
    const building = new Building(tree());
    building.facts = () =>
      ["A", "B", "C"].map((identity) => {
        const { drawA } = building.cars.get(`${identity}/1`)!;
        return factsOf(identity, { measuredA: [drawA], measuredAtMs: building.clock.nowMs() });
      });
    building.runtime.start();
    building.run(1);
    let most = 0;
    for (let second = 0; second < 240; second++) {
      building.run(1);
      const [a, b, c] = ["A/1", "B/1", "C/1"].map((id) => building.limit(id) ?? 0) as [number, number, number];
      most = Math.max(most, a + c, a + b, b + c);
    }
    assert.ok(most <= 32.05, `${most} A on a line`);
    assert.ok(most > 30, `${most} A on a line`);
  });

  it("is checked with its safe currents on both lines", () => {
    const small = (itNetwork: boolean) => () =>
      treeOf(
        [zone("main", { limitA: [10, 10, 10] })],
        ["A", "B"].map((identity, i) =>
          charger(identity, "main", {
            connectors: [{ ...WIRING, phases: 1, rotation: i ? "STR" : "RST" }],
          }),
        ),
        { itNetwork },
      );
    assert.doesNotThrow(small(false));
    assert.throws(small(true), /L2 of zone main: 2 × 6 A safe current = 12 A/);
  });
});
