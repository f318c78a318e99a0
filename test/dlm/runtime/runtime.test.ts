import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { JsonValue } from "../../../lib/units.ts";
import { Building, OutletCar } from "../../building/building.ts";
import { charger, METER, measurement, treeOf, WIRING, zone } from "../../building/plant.ts";
import { cases } from "../../full.ts";

const oneCar = () => treeOf([zone("main", { limitA: [32, 32, 32], meters: [METER] })], [charger("A", "main")]);
const twoCars = () =>
  treeOf([zone("main", { limitA: [32, 32, 32], meters: [METER] })], [charger("A", "main"), charger("B", "main")]);
const fourCars = (limit: number) =>
  treeOf(
    [
      zone("main", { limitA: [200, 200, 200], meters: [METER] }),
      zone("garage", { parentNodeId: "main", limitA: [limit, limit, limit] }),
    ],
    ["A", "B", "C", "D"].map((identity) => charger(identity, "garage")),
  );

/** The last ampere is given so carefully that it may take long. */
function assertNearlyFull(building: Building): void {
  assert.ok(building.limit("A/1")! > 31, `${building.limit("A/1")} A`);
}

describe("the load management of a root zone", () => {
  it("gives the first setpoints once the meters have been heard", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.clock.advance(3000);
    assert.equal(building.allocations.length, 0);
    building.runtime.input(measurement([0, 0, 0]));
    building.clock.advance(100);
    assert.equal(building.limit("A/1"), 6);
    assert.equal(building.last("A/1").payload.limitA, 6);
  });

  it("leaves a charger without OCPP that falls silent its last limit until the lease of that has ended", () => {
    const building = new Building(twoCars());
    building.cars.delete("B/1");
    const limit = (id: string) => building.limit(id) ?? 0;
    const reports = () => {
      const limitA = limit("B/1");
      building.houseA = [limitA, limitA, limitA];
      const payload = { state: "charging", measuredA: building.houseA, selfFallback: true };
      building.runtime.input({ topic: "connector/B/1", payload });
    };
    building.runtime.start();
    building.run(180, reports);
    const heldA = limit("B/1");
    assert.ok(heldA >= 15 && limit("A/1") >= 15, `${heldA} A beside ${limit("A/1")} A`);
    building.houseA = [0, 0, 0];
    building.run(180, () => assert.ok(limit("A/1") + heldA <= 32.5, `${limit("A/1")} A`));
    building.run(300);
    assert.ok(limit("A/1") >= 25 && limit("A/1") <= 26, `${limit("A/1")} A`);
  });

  it("does nothing before it is started", () => {
    const building = new Building(oneCar());
    building.run(20);
    assert.equal(building.allocations.length, 0);
    assert.equal(building.clock.pending, 0);
  });

  it("raises step by step to what fits and says why", () => {
    const building = new Building(fourCars(40));
    building.runtime.start();
    building.run(60);
    for (const id of ["A/1", "B/1", "C/1", "D/1"]) assert.equal(building.limit(id), 10);
    const { topic, chargePoint, connector, zone: name, payload } = building.last("A/1");
    assert.deepEqual([topic, chargePoint, connector, name], ["alloc/A/1", "A", 1, "garage"]);
    assert.deepEqual([payload.limitA, payload.phasesA, payload.leaseS, payload.cycleS], [10, [10, 10, 10], 180, 5]);
    assert.match(payload.text, /^10 A: L[123] of zone garage is full \(40 A\), shared by 4 cars$/);
    assert.equal(payload.reasons[0]!.code, "ZONE");
  });

  it("answers a load over the limit within 100 ms of the sample, without waiting for its cycle", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(61);
    assertNearlyFull(building);
    building.clock.advance(1000);
    building.runtime.input(measurement([32, 52, 32]));
    building.clock.advance(100);
    const limitA = building.limit("A/1")!;
    assert.ok(limitA > 11 && limitA <= 12, `${limitA} A`);
    assert.match(building.last("A/1").payload.text, /A: L2 of zone main is full \(32 A\)$/);
  });

  for (const [kind, limited, input] of [
    ["from outside", {}, { topic: "limit/main", payload: { limitA: 46 } }],
    ["of power", { maxPowerW: 46 * 3 * 230 }, null],
    ["of a zone above without a meter", { limitA: [46, 46, 46] }, null],
  ] as const) {
    it(`answers a load over a limit ${kind} as soon, also one that grows while a car obeys`, () => {
      const main = zone("main", { limitA: [80, 80, 80], ...limited } as Parameters<typeof zone>[1]);
      const tree = treeOf([main, zone("hall", { parentNodeId: "main", meters: [METER] })], [charger("A", "hall")]);
      const building = new Building(tree, { cycleS: 10 });
      building.cars.get("A/1")!.wantsA = 20;
      building.runtime.start();
      if (input) building.runtime.input(input);
      building.run(61);
      building.houseA = [34, 34, 34];
      building.run(2);
      assert.equal(building.limit("A/1"), 12);
      building.houseA = [36, 36, 36];
      building.run(1);
      assert.equal(building.limit("A/1"), 10);
    });
  }

  it("repeats an unchanged allocation so often that it is never older than two cycles", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(61);
    const before = building.allocations.length;
    const times: number[] = [];
    let seen = before;
    building.run(60, () => {
      if (building.allocations.length > seen) times.push(building.clock.nowMs());
      seen = building.allocations.length;
    });
    assert.equal(building.allocations.length - before, 6);
    for (const [i, atMs] of times.entries()) if (i > 0) assert.ok(atMs - times[i - 1]! <= 10_000);
    const { seq } = building.last("A/1").payload;
    assert.equal(new Set(building.allocations.map(({ payload }) => payload.seq)).size, building.allocations.length);
    assert.equal(seq, building.allocations.length);
  });

  it("keeps the board fresh every cycle", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(30, () => {
      const setpoint = building.board.get("A/1");
      if (setpoint) assert.ok(building.clock.nowMs() - setpoint.atMs <= 5000);
    });
    assert.equal(building.board.get("A/1")!.zone, "main");
    assert.equal(building.board.get("A/1")!.cycleS, 5);
  });

  it("describes each zone every cycle", () => {
    const building = new Building(fourCars(40));
    building.runtime.start();
    building.houseA = [5, 6, 7];
    building.run(60);
    building.zones.length = 0;
    building.run(10);
    assert.deepEqual(
      building.zones.map(({ topic }) => topic),
      ["zone/main", "zone/garage", "zone/main", "zone/garage"],
    );
    const [main, garage] = building.zones;
    assert.deepEqual(main!.payload.limitA, [200, 200, 200]);
    assert.deepEqual(main!.payload.backgroundA, [5, 6, 7]);
    assert.deepEqual(main!.payload.measuredA, [45, 46, 47]);
    assert.deepEqual(garage!.payload.capacityA, [40, 40, 40]);
    assert.deepEqual(garage!.payload.loadA, [40, 40, 40]);
    assert.deepEqual(garage!.payload.measuredA, [40, 40, 40]);
    assert.equal(garage!.payload.connectors.length, 4);
    assert.deepEqual(
      { ...garage!.payload.connectors[0]!, text: "" },
      { chargePoint: "A", connector: 1, state: "charging", limitA: 10, measuredA: [10, 10, 10], text: "" },
    );
  });

  describe("with a meter that falls silent", () => {
    const silent = (tree = oneCar()) => {
      const building = new Building(tree);
      const second = building.cars.get("B/1");
      if (second) second.state = "available";
      building.runtime.start();
      building.run(61);
      building.meterAlive = false;
      return building;
    };

    it("goes to the fail-safe current when the meter is stale, not a cycle later, and says why", () => {
      const building = silent();
      building.run(9);
      assertNearlyFull(building);
      building.run(2);
      assert.equal(building.limit("A/1"), 6);
      assert.equal(
        building.last("A/1").payload.text,
        "6 A: fail-safe: a meter of zone main does not deliver; would be up to 32 A if meter grid were fresh",
      );
      assert.equal(building.status!.failSafe, "grid");
      assert.deepEqual(
        building.alarms.map(({ topic, payload }) => `${payload.state} ${topic}`),
        ["raised alarm/meterStale/grid", "raised alarm/failSafe/main"],
      );
      assert.equal(
        building.alarms.at(-1)!.payload.text,
        "zone main: fail-safe of 6 A per charger because of meter grid; no car starts, as no load is assumed of it and no whole day of it was seen",
      );
    });

    it("starts no car that arrives meanwhile, and says so", () => {
      const building = silent(twoCars());
      building.run(40);
      building.cars.get("B/1")!.state = "charging";
      building.run(300);
      assert.equal(building.limit("A/1"), 6);
      assert.equal(building.limit("B/1"), 0);
      assert.match(building.last("B/1").payload.text, /^0 A: a meter is silent; no car starts until it delivers again/);
    });

    it("starts no car after a restart either, when the meter says nothing from the beginning", () => {
      const building = silent(twoCars());
      building.run(40);
      building.cars.get("B/1")!.state = "charging";
      const saved = JSON.parse(JSON.stringify(building.runtime.state())) as JsonValue;
      building.runtime.close();
      const next = building.create(saved);
      next.start();
      for (let second = 0; second < 300; second++) {
        building.clock.advance(1000);
        assert.ok((building.limit("A/1") ?? 0) <= 6);
        assert.equal(building.limit("B/1") ?? 0, 0);
      }
      next.close();
    });

    it("restores after three good samples, step by step, and clears the alarms", () => {
      const building = silent();
      building.run(20);
      building.meterAlive = true;
      building.run(2);
      assert.equal(building.limit("A/1"), 6);
      building.run(8);
      assert.ok(building.limit("A/1")! > 6 && building.limit("A/1")! < 12);
      building.run(60);
      assertNearlyFull(building);
      assert.equal(building.status!.failSafe, null);
      assert.deepEqual(
        building.alarms.slice(2).map(({ topic, payload }) => `${payload.state} ${topic}`),
        ["cleared alarm/meterStale/grid", "cleared alarm/failSafe/main"],
      );
    });
  });

  it("does not raise while a meter says that its values are not good", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(11);
    const before = building.limit("A/1")!;
    building.meterAlive = false;
    for (let second = 0; second < 8; second++) {
      building.runtime.input(measurement([10, 10, 10], { quality: "bad" }));
      building.run(1);
    }
    assert.equal(building.limit("A/1"), before);
    assert.match(building.last("A/1").payload.text, /not raised until meter grid delivers good values again/);
  });

  it("obeys a limit from outside at once and lets go of it when it ends", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(61);
    building.runtime.input({ topic: "limit/main", payload: { limitA: 10, ttlS: 30, source: "relay" } });
    building.clock.advance(100);
    assert.equal(building.limit("A/1"), 10);
    assert.match(
      building.last("A/1").payload.text,
      /^10 A: the outside limit of zone main is reached \(10 A, relay\)$/,
    );
    building.run(90);
    assertNearlyFull(building);
  });

  it("answers a poke within 100 ms", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(61);
    building.cars.get("A/1")!.state = "available";
    building.runtime.poke();
    building.runtime.poke();
    building.clock.advance(100);
    assert.equal(building.limit("A/1"), 0);
    assert.equal(building.last("A/1").payload.text, "0 A: no car asks for current");
  });

  it("tells of a charger that stays away, and what stays reserved for it", () => {
    const building = new Building(fourCars(40));
    building.runtime.start();
    building.run(60);
    building.cars.get("A/1")!.state = "offline";
    building.run(50);
    assert.equal(building.alarms.length, 0);
    building.run(20);
    assert.equal(building.alarms[0]!.payload.text, "charger A/1 is not connected; 32 A stay reserved for it");
    assert.equal(building.last("A/1").payload.text, "0 A: not connected; 32 A stay reserved for it");
    building.runtime.input({ topic: "clear/A/1", by: "Ann", reason: "dismantled" });
    assert.match(building.logs[0]!, /A\/1 cleared by Ann: dismantled/);
    building.run(120);
    assert.equal(building.limit("B/1"), 13.4);
  });

  it("tells of a charger that draws more than it may", () => {
    const building = new Building(fourCars(40));
    building.runtime.start();
    building.run(60);
    Object.assign(building.cars.get("A/1")!, { ignoresLimits: true, wantsA: 16 });
    building.run(60);
    const alarm = building.alarms.find(({ topic }) => topic === "alarm/nonCompliant/A/1");
    assert.match(alarm?.payload.text ?? "", /^charger A\/1 draws 16 A at a limit of \d/);
  });

  describe("without a valid tree", () => {
    it("commands 0 A to every connector that is known", () => {
      const building = new Building(oneCar());
      building.tree = null;
      building.refusal = "L1 of zone garage: 12 × 6 A safe current = 72 A, limit 63 A";
      building.runtime.start();
      building.run(6);
      assert.equal(building.limit("A/1"), 0);
      assert.equal(building.last("A/1").payload.text, "0 A: no valid zone tree is known");
      assert.equal(building.status!.refused, building.refusal);
      assert.equal(building.alarms[0]!.payload.text, building.refusal);
    });

    it("begins at the minimum once there is one", () => {
      const tree = oneCar();
      const building = new Building(tree);
      building.tree = null;
      building.runtime.start();
      building.run(10);
      building.tree = tree;
      building.run(12);
      assert.ok(building.limit("A/1")! >= 6 && building.limit("A/1")! <= 12);
    });
  });

  it("goes on with the last valid tree while a new one is refused, and gives 0 A to what only that one has", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(61);
    building.refusal = "zone attic: the zone gone is missing";
    const idle = new OutletCar();
    idle.wantsA = 0;
    building.cars.set("NEW/1", idle);
    building.run(10);
    assertNearlyFull(building);
    assert.equal(building.limit("NEW/1"), 0);
    assert.equal(building.status!.refused, building.refusal);
    assert.equal(building.alarms.at(-1)!.topic, "alarm/zoneTree/main");
  });

  describe("over a deploy or restart (S11)", () => {
    it("takes limits from outside with zones that get each other's names", () => {
      const zones = (first: string, second: string) =>
        treeOf(
          [
            zone("main"),
            zone("g1", { parentNodeId: "main", name: first }),
            zone("g2", { parentNodeId: "main", name: second }),
          ],
          [charger("A", "g1"), charger("B", "g2")],
        );
      const building = new Building(zones("east", "west"));
      building.runtime.start();
      building.runtime.input({ topic: "limit/east", payload: { limitA: 8, source: "x" } });
      building.runtime.input({ topic: "limit/west", payload: { limitA: 12, source: "x" } });
      building.run(60);
      building.tree = zones("west", "east");
      building.run(60);
      assert.deepEqual(
        ["A/1", "B/1"].map((id) => building.limit(id)),
        [8, 12],
      );
      building.runtime.input({ topic: "limit/west", payload: { limitA: 10, source: "x" } });
      building.run(30);
      assert.equal(building.limit("A/1"), 10);
    });

    it("says nothing to a connector that was taken out of the flow, and gives its share to nobody", () => {
      const tree = fourCars(40);
      const building = new Building(tree);
      building.runtime.start();
      building.run(60);
      const connectors = tree.connectors.map((one) => (one.id === "A/1" ? { ...one, departed: true as const } : one));
      building.tree = { ...tree, connectors };
      building.cars.get("A/1")!.state = "offline";
      const { length } = building.allocations;
      building.run(30);
      assert.ok(building.allocations.slice(length).every(({ chargePoint }) => chargePoint !== "A"));
      assert.ok(building.allocations.length > length);
      assert.ok(["B/1", "C/1", "D/1"].every((id) => building.limit(id)! <= 10));
    });

    it("keeps by the minute that the house has drawn more than ever, because no less may be assumed after a crash (S4)", () => {
      const building = new Building(oneCar());
      building.runtime.start();
      const draw = (houseA: number, seconds: number): void => {
        building.houseA = [houseA, houseA, houseA];
        building.run(seconds);
      };
      draw(10, 300);
      const old = building.saved as Record<string, JsonValue>;
      draw(12, 180);
      draw(4, 300);
      const { setpoints, away, highest } = building.saved as Record<string, JsonValue>;
      assert.deepEqual(highest, [["main", [12, 12, 12]]]);
      // The state itself was written earlier.
      building.runtime.close();
      building.runtime = building.create({ ...old, setpoints, away, highest } as JsonValue);
      building.runtime.start();
      building.run(1);
      assert.deepEqual((building.runtime.state() as Record<string, JsonValue>)["highest"], highest);
    });

    it("raises nothing and forgets no setpoint", () => {
      const building = new Building(oneCar());
      building.runtime.start();
      building.run(31);
      const before = building.limit("A/1")!;
      const saved = JSON.parse(JSON.stringify(building.runtime.state()));
      building.runtime.close();
      assert.equal(building.clock.pending, 0);
      building.runtime = building.create(saved);
      building.runtime.start();
      building.run(1);
      const after = building.limit("A/1")!;
      assert.ok(after >= before - 0.1 && after <= before + 1, `${before} A became ${after} A`);
    });

    it("applies a changed plant at the next tick without raising anything", () => {
      const building = new Building(fourCars(40));
      building.runtime.start();
      building.run(60);
      building.tree = fourCars(30);
      building.runtime.poke();
      building.run(1);
      for (const id of ["A/1", "B/1", "C/1", "D/1"]) assert.ok(building.limit(id)! <= 7.5);
      building.tree = fourCars(60);
      building.runtime.poke();
      building.clock.advance(100);
      for (const id of ["A/1", "B/1", "C/1", "D/1"]) assert.ok(building.limit(id)! <= 8.1);
    });

    it("takes other settings over without forgetting", () => {
      const building = new Building(oneCar());
      building.runtime.start();
      building.run(31);
      const before = building.limit("A/1")!;
      building.runtime.configure({
        config: {
          cycleS: 2,
          shedding: "energy",
          priorityPolicy: "strict",
          idlePolicy: "zero",
          fairness: "power",
          rampUpAps: 1,
          rotationS: 600,
        },
      });
      building.run(1);
      assert.ok(building.limit("A/1")! >= before);
      building.run(5);
      assert.equal(building.board.get("A/1")!.cycleS, 2);
    });

    it("rules no connector any more that left the tree", () => {
      const building = new Building(fourCars(40));
      building.runtime.start();
      building.run(10);
      building.tree = oneCar();
      building.run(6);
      assert.equal(building.board.get("B/1"), undefined);
    });
  });

  describe("when a cycle fails", () => {
    const failing = () => {
      const building = new Building(oneCar());
      building.runtime.start();
      building.run(61);
      const tree = building.tree!;
      building.tree = { ...tree, voltageV: Number.NaN };
      return { building, tree };
    };

    it("keeps the last output, lowers to the fail-safe after three failures, raises an alarm, and throws nothing", () => {
      const { building } = failing();
      building.run(5);
      assertNearlyFull(building);
      assert.match(building.alarms.at(-1)!.payload.text, /voltageV/);
      assert.equal(building.alarms.at(-1)!.topic, "alarm/control/main");
      building.run(10);
      assert.equal(building.limit("A/1"), 6);
      assert.match(building.status!.failure!, /voltageV/);
    });

    it("recovers from the fail-safe step by step", () => {
      const { building, tree } = failing();
      building.run(20);
      building.tree = tree;
      building.run(5);
      assert.ok(building.limit("A/1")! <= 9);
      building.run(60);
      assertNearlyFull(building);
      assert.equal(building.alarms.at(-1)!.payload.state, "cleared");
    });

    it("bears outputs and facts that throw", () => {
      const building = new Building(oneCar());
      building.runtime.configure({
        output: {
          ...Object.fromEntries(
            ["allocation", "zone", "alarm", "state", "status", "log"].map((key) => [
              key,
              () => {
                throw new Error("listener");
              },
            ]),
          ),
        } as never,
      });
      building.runtime.start();
      building.run(20);
      assert.ok(building.limit("A/1")! > 6);
    });
  });

  it("refuses a message that is not one of its own and changes nothing", () => {
    const building = new Building(oneCar());
    assert.throws(() => building.runtime.input({ topic: "meter/grid", payload: { currentA: [1, null, "x"] } }), {
      code: "EV_MESSAGE_INVALID",
      message: /payload\.currentA\[2\]/,
    });
  });

  it("keeps what it remembers on a change and once a minute", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(70);
    building.saved = undefined;
    building.run(30);
    assert.equal(building.saved, undefined);
    building.run(35);
    assert.notEqual(building.saved, undefined);
  });

  it("stops its timers when it is closed", () => {
    const building = new Building(oneCar());
    building.runtime.start();
    building.run(3);
    building.runtime.poke();
    building.runtime.close();
    assert.equal(building.clock.pending, 0);
  });

  it("follows a surplus with a car in mode pv", () => {
    const tree = treeOf(
      [zone("main", { meters: [METER] })],
      [charger("A", "main", { connectors: [{ ...WIRING, mode: "pv" }] })],
    );
    const building = new Building(tree);
    building.runtime.start();
    const shine = (seconds: number, surplusW: number) => {
      for (let second = 0; second < seconds; second++) {
        const drawnW = (building.cars.get("A/1")?.drawA ?? 0) * 690;
        building.runtime.input({
          topic: "surplus",
          payload: { surplusW: surplusW - drawnW, enableDelayS: 30, disableDelayS: 60 },
        });
        building.run(1);
      }
    };
    shine(25, 6900);
    assert.equal(building.limit("A/1"), 0);
    shine(60, 6900);
    const limitA = building.limit("A/1")!;
    assert.ok(limitA > 9 && limitA <= 10, `${limitA} A`);
    shine(40, 0);
    assert.equal(building.limit("A/1"), 6);
    shine(60, 0);
    assert.equal(building.limit("A/1"), 0);
  });

  it("lowers a car on surplus within a second when the surplus falls, whenever in the cycle that is", () => {
    const tree = treeOf([zone("main")], [charger("A", "main", { connectors: [{ ...WIRING, mode: "pv" }] })]);
    const building = new Building(tree);
    building.runtime.start();
    const shine = (seconds: number, surplusW: number) => {
      for (let second = 0; second < seconds; second++) {
        const drawnW = (building.cars.get("A/1")?.drawA ?? 0) * 690;
        building.runtime.input({ topic: "surplus", payload: { surplusW: surplusW - drawnW } });
        building.run(1);
      }
    };
    shine(120, 6900);
    for (let offset = 0; offset < 5; offset++) {
      shine(40 + offset, 6900);
      assert.ok(building.limit("A/1")! > 9);
      shine(1, 5000);
      assert.ok(building.limit("A/1")! <= 5000 / 690, `${building.limit("A/1")} A`);
    }
  });

  for (const reportEveryS of [1, 30, 60]) {
    it(`ends an overload within 3 s, and gives out no more than what the true background leaves plus 1 A per charger, with chargers that report every ${reportEveryS} s`, () => {
      const step = fc.record({ seconds: fc.integer({ min: 3, max: 40 }), houseA: fc.integer({ min: 0, max: 38 }) });
      const identities = ["A", "B", "C", "D"];
      const tree = treeOf(
        [zone("main", { meters: [METER] })],
        identities.map((identity) => charger(identity, "main")),
      );
      const boundA = 63 + (reportEveryS === 1 ? 0.5 : identities.length);
      const property = fc.property(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) => {
        const building = new Building(tree);
        for (const car of building.cars.values()) car.reportEveryS = reportEveryS;
        building.runtime.start();
        let overS = 0;
        for (const { seconds, houseA } of steps) {
          building.houseA = [houseA, houseA / 2, 5];
          let steadyS = 0;
          building.run(seconds, () => {
            steadyS++;
            overS = Math.max(...building.loadA) > 63.5 ? overS + 1 : 0;
            assert.ok(overS <= 3, `${Math.max(...building.loadA)} A for ${overS} s`);
            const givenA = identities.reduce((sum, identity) => sum + (building.limit(`${identity}/1`) ?? 0), 0);
            if (steadyS > 2) assert.ok(givenA + houseA <= boundA, `${givenA} A given beside a load of ${houseA} A`);
          });
        }
        assert.deepEqual(building.alarms, []);
      });
      fc.assert(property, { seed: 5, numRuns: cases(20, 60) });
    });
  }
});
