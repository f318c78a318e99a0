import { strict as assert } from "node:assert";
import { stopsFor } from "../../lib/dlm/beyond.ts";
import { createSetpointBoard } from "../../lib/dlm/board.ts";
import { createDlmGuard } from "../../lib/dlm/guard.ts";
import type { Snapshot } from "../../lib/dlm/types.ts";
import { Building } from "./building.ts";
import { car, root } from "./controller-fixture.ts";
import { charger, METER, treeOf, zone } from "./plant-fixture.ts";

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
    const { beyond } = guard.check(second * 1000, garage(second, loadA, wildA), before, after);
    for (const { connector } of beyond) found.add(connector);
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
    assert.match(building.board.stop("A/1")?.text ?? "", /^L\d of zone main: 5\d.* A measured, limit 32 A/);
    assert.ok(building.alarms.some(({ topic }) => topic === "alarm/breakerOver/main/L1"));
    building.houseA = [0, 0, 0];
    building.run(10);
    assert.equal(building.board.stop("A/1"), undefined);
    assert.equal(building.alarms.at(-1)!.payload.state, "cleared");
  });

  it("of one root zone leaves those of another alone", () => {
    const board = createSetpointBoard();
    const over = { zone: "east", phase: 1 as const, limitA: 32, measuredA: 40, connector: "A/1" };
    board.setStops("east", stopsFor([over], 1000));
    board.setStops("west", stopsFor([], 1000));
    assert.equal(board.stop("A/1")?.zone, "east");
    board.clear();
    assert.equal(board.stop("A/1"), undefined);
  });
});
