import { strict as assert } from "node:assert";
import { createDlmController } from "../../../lib/dlm/controller/controller.ts";
import { CommandedLimits } from "../../../lib/dlm/snapshot/commanded.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import { rootPlant } from "../../../lib/dlm/topology/root-plant.ts";
import type { Snapshot } from "../../../lib/dlm/types.ts";
import { Building } from "../../building/building.ts";
import { charger, factsOf, METER, measurement, treeOf, zone } from "../../building/plant.ts";

const IDS = ["A/1", "B/1", "C/1", "D/1"];

/** A building whose controller is restarted: chargers that are away go on at the limit they had. */
class RestartedBuilding extends Building {
  readonly away = new Map<string, number>();
  /** What those that are connected surely still allow, A; null = unknown. */
  heldA: number | null = null;
  /** Connected ones whose last limit was not answered. */
  readonly unanswered = new Set<string>();
  readonly #back = new Map<string, { limitA: number; atMs: number }>();

  override facts(): ConnectorFacts[] {
    return super.facts().map((facts) => {
      const disconnectedA = this.away.get(facts.id);
      const heldA = this.heldA !== null && { heldA: this.heldA };
      const reservedA = this.unanswered.has(facts.id) ? this.heldA : null;
      if (disconnectedA === undefined) return { ...facts, ...heldA, reservedA };
      return { ...facts, state: "offline", measuredA: null, measuredAtMs: null, disconnectedA };
    });
  }

  /** Who came back is told nothing that was decided before. */
  override limit(id: string): number | undefined {
    const back = this.#back.get(id);
    const told = back === undefined || (this.board.get(id)?.atMs ?? 0) > back.atMs;
    return this.away.get(id) ?? (told && !this.unanswered.has(id) ? super.limit(id) : back!.limitA);
  }

  comesBack(id: string): void {
    this.#back.set(id, { limitA: this.away.get(id)!, atMs: this.clock.nowMs() });
    this.away.delete(id);
  }

  /** The process ends and another one starts; all chargers have to connect again. */
  restart(): void {
    const saved = JSON.parse(JSON.stringify(this.runtime.state()));
    for (const id of this.cars.keys()) this.away.set(id, this.limit(id)!);
    this.runtime.close();
    this.runtime = this.create(saved);
    this.runtime.start();
  }

  get draws(): number[] {
    return [...this.cars.values()].map(({ drawA }) => drawA);
  }
}

/** Four cars that share 40 A. */
function busy(meters = [METER], more: ReturnType<typeof zone>[] = []): RestartedBuilding {
  const zones = [zone("main", { limitA: [40, 40, 40], meters }), ...more];
  const building = new RestartedBuilding(
    treeOf(
      zones,
      ["A", "B", "C", "D"].map((id) => charger(id, "main")),
    ),
  );
  building.runtime.start();
  building.run(90);
  return building;
}

describe("after a restart", () => {
  it("cars behind a meter that shows them go on while their chargers come back one by one", () => {
    const building = busy();
    const before = building.draws;
    assert.ok(before.every((drawA) => drawA > 9));
    building.restart();
    let highestA = 0;
    let lowestA = Number.POSITIVE_INFINITY;
    for (let second = 1; second <= 60; second++) {
      if (second % 4 === 0) building.away.delete(IDS[second / 4 - 1]!);
      building.run(1, () => {
        highestA = Math.max(highestA, ...building.loadA);
        lowestA = Math.min(lowestA, ...building.draws);
      });
    }
    assert.ok(lowestA >= 9, `a car went down to ${lowestA} A`);
    assert.ok(highestA <= 40.1, `${highestA} A`);
  });

  it("nothing is decided as long as chargers that were given current are missing, at most 20 s", () => {
    const building = busy();
    building.restart();
    building.allocations.length = 0;
    building.run(19);
    assert.equal(building.allocations.length, 0);
    building.run(3);
    assert.equal(building.allocations.length, 4);
  });

  it("a load over the limit is answered at once all the same", () => {
    const building = busy();
    building.restart();
    building.run(3);
    building.away.delete("A/1");
    building.houseA = [15, 15, 15];
    building.allocations.length = 0;
    building.run(2);
    assert.ok(building.allocations.length > 0);
    assert.ok(building.limit("A/1")! < 9, `${building.limit("A/1")} A`);
  });

  it("a meter that is silent is answered by the fail-safe, not waited for", () => {
    const building = busy();
    building.meterAlive = false;
    building.restart();
    building.allocations.length = 0;
    building.run(12);
    assert.ok(building.allocations.length > 0);
  });

  it("chargers that no meter shows are not waited for", () => {
    const building = busy([]);
    building.restart();
    building.allocations.length = 0;
    building.run(1);
    assert.ok(building.allocations.length > 0);
  });

  it("cars whose leases have ended meanwhile begin at what they have left, whatever their last sample shows", () => {
    const building = new ForgottenBuilding(
      treeOf(
        [zone("main", { limitA: [40, 40, 40], meters: [METER] })],
        ["A", "B", "C"].map((id) => charger(id, "main")),
      ),
    );
    building.houseA = [4, 4, 4];
    building.runtime.start();
    building.run(120);
    const saved = JSON.parse(JSON.stringify(building.runtime.state()));
    building.runtime.close();
    for (const car of building.cars.values()) car.reportEveryS = 60;
    building.run(1);
    for (const id of building.cars.keys()) building.board.set(id, { limitA: 6, atMs: 0, cycleS: 5, zone: "main" });
    building.heldA = 6;
    building.houseA = [20, 20, 20];
    building.run(5);
    building.runtime = building.create(saved);
    building.runtime.start();
    building.run(90, () => assert.ok(Math.max(...building.loadA) <= 40.1, `${building.loadA} A`));
  });
});

describe("a charger whose connection returns while its car charges", () => {
  /** A building that stands still, A's connection lost for a while. Sees the highest and lowest draws from then on. */
  function interrupted(awayS: number, heldA: number | null, prepare: (building: RestartedBuilding) => void = () => {}) {
    const building = busy([]);
    prepare(building);
    building.heldA = heldA;
    building.away.set("A/1", 10);
    const draws: number[] = [];
    const look = () => draws.push(...building.draws);
    building.run(awayS, look);
    building.comesBack("A/1");
    building.run(60, look);
    return { building, lowestA: Math.min(...draws), highestA: Math.max(...draws) };
  }

  it("goes on with its limit, and nobody else is raised", () => {
    const { lowestA, highestA } = interrupted(30, 10);
    assert.deepEqual([lowestA, highestA], [10, 10]);
  });

  it("goes on where it reports seldom, too", () => {
    const { lowestA, highestA } = interrupted(30, 10, (building) => {
      for (const car of building.cars.values()) car.reportEveryS = 60;
    });
    assert.deepEqual([lowestA, highestA], [10, 10]);
  });

  for (const reportEveryS of [1, 60])
    it(`goes on behind a meter that shows it, too, with reports every ${reportEveryS} s, and the others get back what they gave up`, () => {
      const building = busy();
      for (const car of building.cars.values()) car.reportEveryS = reportEveryS;
      building.run(60);
      building.heldA = building.board.get("A/1")!.limitA;
      building.away.set("A/1", building.heldA);
      building.run(30);
      assert.ok(building.board.get("B/1")!.limitA < 7);
      building.comesBack("A/1");
      building.run(300, () => {
        assert.ok(building.draws[0]! > 8, `${building.draws[0]} A`);
        assert.ok(Math.max(...building.loadA) <= 40.1, `${building.loadA} A`);
      });
      assert.ok(Math.min(...building.draws) >= 9.5, `${building.draws} A`);
      assert.deepEqual(building.alarms, []);
    });

  it("goes on where it was lowered before it was away", () => {
    const building = busy([]);
    building.runtime.input({ topic: "limit/main", payload: { limitA: 32, source: "facility" } });
    building.run(40);
    // Its last reading says nothing of the time since it was away.
    building.cars.get("A/1")!.reportEveryS = 600;
    building.heldA = 8;
    building.away.set("A/1", 8);
    building.run(30);
    building.comesBack("A/1");
    building.run(60, () => assert.deepEqual(building.draws, [8, 8, 8, 8]));
  });

  it("goes on while nobody may be raised because a meter is in doubt", () => {
    const building = busy();
    building.heldA = 10;
    building.away.set("A/1", 10);
    building.run(30);
    building.comesBack("A/1");
    building.meterAlive = false;
    for (let second = 0; second < 8; second++) {
      building.runtime.input(measurement(building.loadA, { quality: "bad" }));
      building.run(1);
      assert.ok(building.draws[0]! >= 6, `${building.draws[0]} A`);
    }
  });

  it("begins anew where nobody knows what it follows", () => {
    const { building } = interrupted(30, null);
    assert.ok(building.allocations.some(({ payload, topic }) => topic === "alloc/A/1" && payload.limitA === 6));
  });

  it("is lowered at once where its share is smaller by now", () => {
    const building = busy([]);
    building.away.set("A/1", 10);
    building.run(20);
    building.runtime.input({ topic: "limit/main", payload: { limitA: 28, source: "facility" } });
    building.run(20);
    building.heldA = 10;
    building.comesBack("A/1");
    building.run(6);
    assert.equal(building.limit("A/1"), 7);
    building.run(20, () => assert.ok(building.loadA[0] <= 28.1, `${building.loadA[0]} A`));
  });

  it("keeps its place before those that wait", () => {
    const { building } = interrupted(30, 6, (one) => {
      one.runtime.input({ topic: "limit/main", payload: { limitA: 18, source: "facility" } });
      one.run(60);
    });
    assert.equal(building.draws.filter((drawA) => drawA > 0).length, 3);
    assert.equal(building.limit("A/1"), 6);
  });
  it("goes on where it was away when the process ended, and is back before the first decision", () => {
    const { building, draws } = away();
    const saved = JSON.parse(JSON.stringify(building.runtime.state()));
    building.runtime.close();
    building.comesBack("A/1");
    building.runtime = building.create(saved);
    building.runtime.start();
    assert.deepEqual(spread(draws(60)), [10, 10]);
  });

  it("is remembered to go on, however soon the process ends", () => {
    const { building } = away(70);
    building.comesBack("A/1");
    building.run(20);
    const { setpoints } = building.saved as { setpoints: [string, number][] };
    assert.equal(new Map(setpoints).get("A/1"), 10);
  });

  it("goes on after cycles have failed meanwhile", () => {
    const { building, draws } = away();
    const facts = building.facts.bind(building);
    building.meterAlive = false;
    building.facts = () => {
      throw new Error("nothing is known");
    };
    building.run(20);
    building.facts = facts;
    building.comesBack("A/1");
    const drawn = draws(60);
    assert.ok(Math.min(...drawn.map(([first]) => first!)) >= 6, `${drawn.map(([first]) => first)}`);
  });

  it("goes on where the answer to a limit got lost with its connection", () => {
    const { building, draws } = away();
    building.unanswered.add("A/1");
    building.comesBack("A/1");
    const before = draws(7);
    building.unanswered.delete("A/1");
    building.away.set("A/1", 10);
    building.comesBack("A/1");
    assert.deepEqual(spread([...before, ...draws(60)]), [10, 10]);
  });

  it("begins anew where what it follows is below its minimum by now", () => {
    const { building } = away(30, 5);
    building.comesBack("A/1");
    const told = () => building.board.get("A/1")!.limitA;
    building.run(60, () => assert.ok(told() === 0 || told() >= 6, `${told()} A`));
    assert.equal(building.last("A/1").payload.limitA, 10);
    assert.deepEqual(building.alarms, []);
  });

  it("stays on the board, whatever other root zones there are", () => {
    const { building } = away(0, 10, [zone("other")]);
    const other = building.create(undefined, "other");
    other.start();
    building.run(30);
    building.comesBack("A/1");
    building.run(20, () => assert.notEqual(building.board.get("A/1"), undefined));
    other.close();
  });
});

it("what is reserved for one that is back is not given away before it was told a lower limit", () => {
  const controller = createDlmController();
  const other = (second: number, change: Partial<Snapshot["connectors"][number]>): number => {
    const connectors = [
      { id: "a", zone: "z", maxA: 12, ...change },
      { id: "b", zone: "z" },
    ];
    return controller.tick(second * 1000, { zones: [{ id: "z", parent: null, limitA: 24 }], connectors }).setpoints[
      "b"
    ]!.limitA;
  };
  for (let second = 0; second <= 60; second += 5) other(second, {});
  // Its lease ends, and a person limits it, while it is away: its limit from before still counts for a while.
  const limited = { externalLimitA: 6 };
  for (let second = 65; second < 120; second += 5) other(second, { ...limited, state: "offline", disconnectedA: 12 });
  assert.equal(other(120, { ...limited, commandedA: 6 }), 12);
});

/** Four cars that share 40 A without a meter, one of them not connected for a while. */
function away(seconds = 30, heldA = 10, more: ReturnType<typeof zone>[] = []) {
  const building = busy([], more);
  building.heldA = heldA;
  building.away.set("A/1", heldA);
  building.run(seconds);
  const draws = (forS: number): number[][] => {
    const seen: number[][] = [];
    building.run(forS, () => seen.push(building.draws));
    return seen;
  };
  return { building, draws };
}

function spread(draws: readonly number[][]): [number, number] {
  return [Math.min(...draws.flat()), Math.max(...draws.flat())];
}

/** A building in which leases may have ended. */
class ForgottenBuilding extends Building {
  heldA: number | null = null;

  override facts(): ConnectorFacts[] {
    const { heldA } = this;
    return super.facts().map((facts) => (heldA === null ? facts : { ...facts, heldA }));
  }
}

describe("a limit that the guard lowered", () => {
  const zones = [{ id: "z", parent: null, limitA: 32 }];
  const tick = (controller: ReturnType<typeof createDlmController>, second: number, commandedA?: number) =>
    controller.tick(second * 1000, {
      zones,
      connectors: [{ id: "a", zone: "z", ...(commandedA !== undefined && { commandedA }) }],
    }).setpoints["a"]!.limitA;

  /** A controller that has given its one connector 32 A, and the second after. */
  function full() {
    const controller = createDlmController();
    for (let second = 0; second <= 100; second++) tick(controller, second);
    assert.equal(tick(controller, 101), 32);
    return controller;
  }

  it("is where the next decision begins, and it rises by the ramp", () => {
    const controller = full();
    assert.ok(tick(controller, 102, 6) <= 6.5);
  });

  it("is where the first decision after a restart begins, too", () => {
    const controller = createDlmController({}, full().state());
    assert.ok(tick(controller, 102, 6) <= 6.5);
  });

  it("pauses the car for as long as any other stop where it is 0 A", () => {
    const controller = full();
    for (let second = 102; second < 160; second++)
      assert.equal(tick(controller, second, second === 102 ? 0 : undefined), 0, `at ${second} s`);
    for (let second = 160; second < 180; second++) tick(controller, second);
    assert.ok(tick(controller, 180) >= 6);
  });
});

describe("what was commanded", () => {
  const plant = rootPlant(treeOf([zone("main")], [charger("A", "main"), charger("B", "main")]), "main");

  it("is taken over from what an earlier release saved, without what is none", () => {
    const commanded = new CommandedLimits([["A/1", 10], ["B/1", "?"], 7], ["B/1", null]);
    assert.deepEqual([...commanded.limitsA], [["A/1", 10]]);
    assert.deepEqual(commanded.save(), { setpoints: [["A/1", 10]], away: ["B/1"] });
  });

  it("is what the charger holds, where that is less before the first decision, and never later", () => {
    const commanded = new CommandedLimits([["A/1", 16]]);
    const facts = [factsOf("A", { heldA: 6 }), factsOf("B", { heldA: 6 })];
    assert.equal(commanded.reported(plant, facts), true);
    assert.deepEqual(commanded.of("A/1"), { commandedA: 6, leaseEnded: true });
    assert.deepEqual(commanded.of("B/1"), { commandedA: 0 });
    commanded.decided(new Map([["A/1", 16]]));
    assert.equal(commanded.reported(plant, facts), false);
    assert.deepEqual(commanded.of("A/1"), { commandedA: 16 });
  });

  it("is what the charger holds once its car charges behind a connection that is back", () => {
    const commanded = new CommandedLimits();
    commanded.reported(plant, [factsOf("A", { state: "offline" })]);
    commanded.decided(new Map([["A/1", 0]]));
    assert.equal(commanded.reported(plant, [factsOf("A", { heldA: 10, reservedA: 10 })]), false);
    assert.equal(commanded.reported(plant, [factsOf("A", { heldA: 10 })]), true);
    assert.deepEqual(commanded.of("A/1"), { commandedA: 10 });
  });
});
