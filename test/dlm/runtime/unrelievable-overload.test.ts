import { strict as assert } from "node:assert";
import { bearsS } from "../../../lib/breaker-curve.ts";
import { createSetpointBoard } from "../../../lib/dlm/board.ts";
import { type BreakerOver, createDlmGuard } from "../../../lib/dlm/guard/guard.ts";
import { UnrelievableOverloads } from "../../../lib/dlm/runtime/unrelievable-overload.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import type { Snapshot } from "../../../lib/dlm/types.ts";
import { hintText } from "../../../lib/words/sentence.ts";
import { LANGUAGES } from "../../../lib/words/types.ts";
import { Building } from "../../building/building.ts";
import { charger, factsOf, METER, treeOf, zone } from "../../building/plant.ts";
import { car, root, withCommanded } from "../controller/bench.ts";

/** A zone of 40 A behind a meter, with two cars: one that does not obey draws 32 A, the other is commanded `otherA`. */
function garage(second: number, loadA: number, wildA: number): Snapshot {
  const report = (drawA: number) => ({ measuredA: [drawA, drawA, drawA], measuredTsMs: second * 1000 });
  const currentA = [loadA, loadA, loadA];
  return {
    zones: [root(40, { meters: [{ id: "m", location: "including", currentA, tsMs: second * 1000 }] })],
    connectors: [car("tame", report(0)), car("wild", { ...report(wildA), reservedA: 32 })],
  };
}

/** What the guard finds beyond lowering, second by second. */
function watch(seconds: number, loadA: number, tameA: number, wildA = 32): string[] {
  const guard = createDlmGuard();
  const found = new Set<string>();
  for (let second = 0; second <= seconds; second++) {
    const before = { tame: tameA, wild: 0 };
    const after = { tame: { limitA: tameA }, wild: { limitA: 0 } };
    const { beyond } = guard.check(second * 1000, withCommanded(garage(second, loadA, wildA), before), after);
    for (const { connectors } of beyond) for (const connector of connectors) found.add(connector);
  }
  return [...found];
}

describe("a breaker that lowering cannot relieve", () => {
  it("is one measured over its limit for 15 s with every other charger at 0 A: the one that draws too much is named", () => {
    assert.deepEqual(watch(14, 45, 0), []);
    assert.deepEqual(watch(17, 45, 0), ["wild"]);
  });

  it("is none while something is left to lower", () => {
    assert.deepEqual(watch(60, 45, 6), []);
  });

  it("is none while the breaker carries it", () => {
    assert.deepEqual(watch(60, 40, 0), []);
  });

  it("is none that stopping a charger would help where no charger draws", () => {
    assert.deepEqual(watch(60, 45, 0, 0.5), []);
  });

  it("is told to the board until it is relieved, and raises an alarm", () => {
    const zones = [zone("main", { limitA: [32, 32, 32], meters: [METER] })];
    const building = new Building(treeOf(zones, [charger("A", "main")]));
    building.runtime.start();
    building.run(60);
    building.cars.get("A/1")!.delayMs = 1e9;
    building.houseA = [20, 20, 20];
    building.run(90);
    assert.match(
      hintText("en-US", building.board.stop("A/1")?.text ?? ""),
      /^L\d of zone main: 5\d.* A measured, limit 32 A/,
    );
    assert.ok(building.alarms.some(({ topic }) => topic === "alarm/breakerOver/main/L1"));
    building.houseA = [0, 0, 0];
    building.run(10);
    assert.equal(building.board.stop("A/1"), undefined);
    assert.equal(building.alarms.at(-1)!.payload.state, "cleared");
  });

  it("of one root zone leaves those of another alone", () => {
    const board = createSetpointBoard();
    board.setStops("east", new Map([["A/1", { zone: "east", text: "L1 of zone east", atMs: 1000 }]]));
    board.setStops("west", new Map());
    assert.equal(board.stop("A/1")?.zone, "east");
    board.clear();
    assert.equal(board.stop("A/1"), undefined);
  });
});

describe("who is stopped, and when", () => {
  const over = (measuredA: number, connectors = ["wild/1"], limitA = 63): BreakerOver => ({
    ...{ zone: "main", phase: 1, limitA, measuredA, connectors },
  });
  const draws = (id: string, drawA: number, atMs: number, more: Partial<ConnectorFacts> = {}): ConnectorFacts =>
    factsOf(id, { measuredA: [drawA, drawA, drawA], measuredAtMs: atMs, trouble: "nonCompliant", ...more });
  const byId = (facts: readonly ConnectorFacts[]) => new Map(facts.map((one) => [one.id, one]));
  /** Looks every 5 s until somebody is stopped. @returns who, and after how many seconds; null = nobody in so long */
  function firstStop(
    beyond: BreakerOver[],
    facts: (nowMs: number) => ConnectorFacts[],
    forS = 7200,
  ): [string, number] | null {
    const watch = new UnrelievableOverloads();
    for (let second = 0; second <= forS; second += 5) {
      const { stops } = watch.look(beyond, byId(facts(second * 1000)), () => 0, second * 1000);
      for (const id of stops.keys()) return [id, second];
    }
    return null;
  }

  it("follows the breaker: 64 A of 63 A for half an hour, 120 A for some seconds", () => {
    const wild = (nowMs: number) => [draws("wild", 32, nowMs)];
    const [, slowS] = firstStop([over(64)], wild)!;
    assert.ok(slowS > 1700 && slowS <= 1800, `${slowS} s`);
    const [, fasterS] = firstStop([over(80)], wild)!;
    assert.ok(fasterS > 30 && fasterS < bearsS(63, 80) / 2, `${fasterS} s of ${bearsS(63, 80)} s`);
    assert.equal(firstStop([over(120)], wild)?.[1], 0);
  });

  it("is nobody who keeps to his limit, however full the breaker is", () => {
    const waits = (nowMs: number) => [draws("tame", 0, nowMs, { trouble: null, heldA: 0 })];
    assert.equal(firstStop([over(100, ["tame/1"])], waits), null);
    const within = (nowMs: number) => [draws("tame", 16.5, nowMs, { trouble: null, heldA: 16 })];
    assert.equal(firstStop([over(100, ["tame/1"])], within), null);
    const away = (nowMs: number) => [draws("wild", 32, nowMs, { state: "offline" })];
    assert.equal(firstStop([over(100)], away), null);
  });

  it("is also one that refuses 0 A", () => {
    const refuses = (nowMs: number) => [draws("wild", 6, nowMs, { trouble: "zero", heldA: 6 })];
    assert.equal(firstStop([over(100)], refuses)?.[0], "wild/1");
  });

  it("is one at a time: the next one only once the meter has had its time to show that the first did not suffice", () => {
    const watch = new UnrelievableOverloads();
    const told: string[] = [];
    let stoppedAtS = Number.POSITIVE_INFINITY;
    for (let second = 0; second <= 60; second++) {
      const first = draws("wild", second > stoppedAtS + 5 ? 0 : 32, second * 1000);
      const facts = [first, draws("wilder", 20, second * 1000)];
      const { stops } = watch.look([over(120, ["wild/1", "wilder/1"])], byId(facts), () => 0, second * 1000);
      for (const id of stops.keys()) {
        if (id === "wild/1") stoppedAtS = Math.min(stoppedAtS, second);
        if (told.at(-1) !== id) told.push(id);
        assert.equal(stops.size, 1);
        if (id === "wilder/1") assert.ok(second >= stoppedAtS + 5 + 15, `${second} s`);
      }
    }
    assert.deepEqual(told, ["wild/1", "wilder/1"]);
  });

  it("is the next one where the first does not stop", () => {
    const watch = new UnrelievableOverloads();
    const told = new Set<string>();
    for (let second = 0; second <= 90; second++) {
      const facts = [draws("wild", 32, second * 1000), draws("wilder", 20, second * 1000)];
      for (const id of watch
        .look([over(120, ["wild/1", "wilder/1"])], byId(facts), () => 0, second * 1000)
        .stops.keys())
        told.add(id);
      assert.equal(told.has("wilder/1"), second >= 60);
    }
  });

  it("is nobody any more once the breaker is relieved", () => {
    const watch = new UnrelievableOverloads();
    const facts = [draws("wild", 32, 1000)];
    assert.equal(watch.look([over(120)], byId(facts), () => 0, 1000).stops.size, 1);
    assert.equal(watch.look([], byId(facts), () => 0, 2000).stops.size, 0);
  });

  it("can read why, in every language", () => {
    const watch = new UnrelievableOverloads();
    watch.look([over(120)], byId([draws("wild", 32, 1000)]), () => 0, 1000);
    watch.look([], byId([draws("wild", 0, 5000)]), () => 0, 5000);
    const before = new Map([["wild/1", { limitA: 0, reasons: [{ code: "NOT_REQUESTING" as const }], text: "0 A" }]]);
    for (const language of LANGUAGES) {
      const { text, reasons } = watch.explained(before, language).get("wild/1")!;
      assert.match(text, /^0 A: .*L1 .*main .*120/);
      assert.match(reasons[0]?.text ?? "", /63/);
      assert.equal(reasons[0]?.note, "stoppedForBreaker");
    }
  });

  it("is nobody in an hour at 64 of 63 A where one does not obey and another waits with 0 A and an old reading", () => {
    const zones = [zone("main", { meters: [METER] })];
    const building = new Building(treeOf(zones, [charger("A", "main"), charger("B", "main")]));
    building.cars.get("B/1")!.reportEveryS = 60;
    building.runtime.start();
    building.run(120);
    building.cars.get("A/1")!.delayMs = 1e9;
    const stopped = new Set<string>();
    const look = () => {
      for (const id of ["A/1", "B/1"]) if (building.board.stop(id)) stopped.add(id);
      building.houseA = building.houseA.map(() => 64 - building.cars.get("A/1")!.drawA) as [number, number, number];
    };
    look();
    building.run(600, look);
    assert.deepEqual([...stopped], []);
    building.run(1500, look);
    assert.deepEqual([...stopped], ["A/1"]);
  });
});

describe("what a breaker bears", () => {
  it("is what the standards ask of it", () => {
    assert.equal(bearsS(63, 63), Number.POSITIVE_INFINITY);
    assert.equal(bearsS(63, 71), 3600);
    assert.equal(bearsS(100, 112), 7200);
    assert.ok(bearsS(63, 1.45 * 63) < 3600 && bearsS(63, 1.45 * 63) > 30);
    assert.ok(bearsS(16, 2.55 * 16) > 1);
    assert.equal(bearsS(16, 3 * 16), 0);
    for (const ratedA of [16, 63, 125, 400])
      for (let factor = 1.01; factor < 3; factor += 0.01)
        assert.ok(bearsS(ratedA, factor * ratedA) >= bearsS(ratedA, (factor + 0.01) * ratedA));
  });
});
