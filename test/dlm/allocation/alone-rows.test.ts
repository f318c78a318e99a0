import { strict as assert } from "node:assert";
import type { AloneRows } from "../../../lib/dlm/types.ts";
import { Bench, car, root, type SnapshotZone } from "../controller/bench.ts";

/** The rows after one decision about two cars on three phases and one on a single phase, behind a breaker of 63 A. */
function rowsOf(more: Partial<SnapshotZone>): AloneRows {
  const bench = new Bench([root(63, more)], [car("a"), car("b"), car("single", { phases: 1 })]);
  bench.at(1, { a: 6, b: 6, single: 6 });
  return bench.controller.aloneRows()!;
}

/** The most that car a may hold beside what b holds, A. */
function mostBeside(rows: AloneRows, otherA: number, when?: "now" | "afterwards"): number {
  let mostA = -1;
  while (mostA < 63 && rows.fits("a", mostA + 1, (id) => (id === "b" ? otherA : 0), when)) mostA++;
  return mostA;
}

describe("what chargers hold by themselves", () => {
  it("fits the breaker, and a current from outside that holds now", () => {
    assert.equal(mostBeside(rowsOf({}), 20), 43);
    assert.equal(mostBeside(rowsOf({ gridLimit: { currentA: 30, scope: "evse" } }), 20), 10);
  });

  it("fits a power from outside that holds now, for the chargers alone or beside the other load", () => {
    // 20,700 W are 90 A over all phases.
    assert.equal(mostBeside(rowsOf({ gridLimit: { powerW: 20_700, scope: "evse" } }), 20), 10);
    const loaded = { assumedLoadA: 5, gridLimit: { powerW: 20_700, scope: "total" } } as const;
    assert.equal(mostBeside(rowsOf(loaded), 20), 5);
    assert.equal(mostBeside(rowsOf({ ...loaded, gridLimit: { ...loaded.gridLimit, creditW: 3450 } }), 20), 10);
  });

  it("fits the lesser of the zone's own power and one from outside", () => {
    const outside = { powerW: 20_700, scope: "evse" } as const;
    assert.equal(mostBeside(rowsOf({ maxPowerW: 27_600, gridLimit: outside }), 20), 10);
    assert.equal(mostBeside(rowsOf({ maxPowerW: 17_250, gridLimit: outside }), 20), 5);
  });

  it("counts a car on one phase once in a power from outside", () => {
    const rows = rowsOf({ gridLimit: { powerW: 20_700, scope: "evse" } });
    assert.ok(rows.fits("single", 30, (id) => (id === "b" ? 20 : 0)));
    assert.ok(!rows.fits("single", 31, (id) => (id === "b" ? 20 : 0)));
  });

  it("is not held to a limit from outside after the last lease: safe currents are chosen for the breaker", () => {
    for (const gridLimit of [{ currentA: 10 }, { powerW: 4200 }])
      assert.equal(mostBeside(rowsOf({ gridLimit: { ...gridLimit, scope: "evse" } }), 20, "afterwards"), 43);
  });
});
