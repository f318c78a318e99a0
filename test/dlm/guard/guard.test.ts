import { strict as assert } from "node:assert";
import { createDlmGuard, type DlmGuard, type GuardResult } from "../../../lib/dlm/guard/guard.ts";
import type { Snapshot } from "../../../lib/dlm/types.ts";
import { car, root, withCommanded } from "../controller/bench.ts";

type Limits = Record<string, number>;

const commands = (limitsA: Limits) =>
  Object.fromEntries(Object.entries(limitsA).map(([id, limitA]) => [id, { limitA }]));

/** Asks a guard about one tick. */
function check(guard: DlmGuard, second: number, snapshot: Snapshot, before: Limits, after: Limits): GuardResult {
  return guard.check(second * 1000, withCommanded(snapshot, before), commands(after));
}

const kinds = ({ violations }: GuardResult) => [...new Set(violations.map(({ kind }) => kind))];
const safe = ({ safeA }: GuardResult) => Object.fromEntries(safeA);

/** A zone of 40 A with two three-phase cars that report what they draw. */
function garage(second: number, drawA: Limits, more: Partial<Snapshot["zones"][number]> = {}): Snapshot {
  const ids = ["a", "b"];
  const connectors = ids.map((id) => car(id, drawA[id] === undefined ? {} : reported(drawA[id], second)));
  return { zones: [root(40, more)], connectors };
}

function reported(drawA: number, second: number) {
  return { measuredA: [drawA, drawA, drawA], measuredTsMs: second * 1000 };
}

function meter(location: "including" | "excluding", currentA: number, second: number) {
  return { meters: [{ id: "m", location, currentA: [currentA, currentA, currentA], tsMs: second * 1000 }] };
}

/** A zone of 40 A with the two cars, and one below it, each with a meter, A, heard last at a second of its own. */
function wing(belowA: number, wholeA: number, belowS: number, wholeS: number): Snapshot {
  const { zones, connectors } = garage(wholeS, { a: 6, b: 0 }, meter("including", wholeA, wholeS));
  return {
    zones: [...zones, { ...root(40, meter("including", belowA, belowS)), id: "wing", parent: "z" }],
    connectors,
  };
}

describe("the guard acts", () => {
  it("when the commanded setpoints do not fit, and names zone, phase and numbers", () => {
    const result = check(createDlmGuard(), 0, garage(0, { a: 20, b: 20 }), { a: 20, b: 20 }, { a: 30, b: 20 });
    assert.deepEqual(
      result.violations.filter(({ kind }) => kind === "commanded"),
      ([1, 2, 3] as const).map((phase) => ({ zone: "z", phase, limitA: 40, sumA: 50, kind: "commanded" })),
    );
  });

  it("when they do not fit beside background and headroom", () => {
    const snapshot = garage(0, { a: 10, b: 10 }, { headroomA: 5, ...meter("excluding", 20, 0) });
    assert.deepEqual(kinds(check(createDlmGuard(), 0, snapshot, { a: 10, b: 10 }, { a: 10, b: 10 })), ["commanded"]);
  });

  it("when something is raised while a meter is silent and it does not fit beside what the meter showed last", () => {
    const guard = createDlmGuard();
    const heard = garage(0, { a: 6, b: 0 }, meter("including", 36, 0));
    assert.deepEqual(check(guard, 0, heard, { a: 6, b: 0 }, { a: 6, b: 0 }).violations, []);
    const silent = garage(60, { a: 6, b: 0 }, meter("including", 36, 0));
    assert.deepEqual(check(guard, 60, silent, { a: 6, b: 0 }, { a: 6, b: 0 }).violations, []);
    const result = check(guard, 61, silent, { a: 6, b: 0 }, { a: 6, b: 6 });
    // Only one phase is sure of a car that has not been seen to draw yet.
    assert.deepEqual(result.violations, [{ zone: "z", phase: 1, limitA: 40, sumA: 42, kind: "increase" }]);
    assert.deepEqual(safe(result), { a: 6, b: 0 });
  });

  it("when something is raised while two meters are silent and it does not fit beside what either showed last", () => {
    const heard = (belowA: number, wholeA: number, second: number) => wing(belowA, wholeA, second, second);
    const raised = (guard: DlmGuard, snapshot: Snapshot) => {
      return check(guard, 61, snapshot, { a: 6, b: 0 }, { a: 6, b: 6 }).violations.map(({ zone, sumA }) => [
        zone,
        sumA,
      ]);
    };
    const together = createDlmGuard();
    check(together, 0, heard(15, 36, 0), { a: 6, b: 0 }, { a: 6, b: 0 });
    assert.deepEqual(raised(together, wing(15, 36, 0, 0)), [["z", 42]]);

    const oneAfterTheOther = createDlmGuard();
    check(oneAfterTheOther, 0, heard(15, 26, 0), { a: 6, b: 0 }, { a: 6, b: 0 });
    check(oneAfterTheOther, 40, wing(15, 36, 0, 40), { a: 6, b: 0 }, { a: 6, b: 0 });
    assert.deepEqual(raised(oneAfterTheOther, wing(15, 36, 0, 0)), [["z", 42]]);
    // The one below is heard again: what it shows now counts, and is not counted twice.
    assert.deepEqual(raised(oneAfterTheOther, wing(15, 36, 61, 0)), []);
  });

  it("when they would not fit beside a charger that does not fall back, if everything here were gone", () => {
    const snapshot = garage(0, { a: 10, b: 10 });
    Object.assign(snapshot.connectors[1]!, { aloneA: 32 });
    const result = check(createDlmGuard(), 0, snapshot, { a: 10, b: 10 }, { a: 10, b: 10 });
    assert.deepEqual(
      result.violations,
      ([1, 2, 3] as const).map((phase) => ({ zone: "z", phase, limitA: 40, sumA: 42, kind: "alone" })),
    );
    assert.equal(safe(result)["a"], 6);
    const paused = check(createDlmGuard(), 0, snapshot, { a: 0, b: 30 }, { a: 0, b: 30 });
    assert.deepEqual(paused.violations, [], "nobody is left to lower for it");
  });

  it("when they would not fit a power beside it, the zone's own or one from outside", () => {
    const limits: Partial<Snapshot["zones"][number]>[] = [
      { maxPowerW: 27_600 },
      { gridLimit: { powerW: 27_600, scope: "evse" } },
      { maxPowerW: 30_000, gridLimit: { powerW: 27_600, scope: "total" } },
    ];
    for (const limit of limits) {
      const told = (a: number) => {
        const snapshot = garage(0, { a, b: 10 }, { ...limit, limitA: 63 });
        Object.assign(snapshot.connectors[1]!, { aloneA: 32 });
        return check(createDlmGuard(), 0, snapshot, { a, b: 10 }, { a, b: 10 }).violations;
      };
      // 27,600 W are 120 A over all phases; 32 A and 10 A on three phases are 126 A.
      assert.deepEqual(told(10), [{ zone: "z", phase: null, limitA: 120, sumA: 126, kind: "alone" }]);
      assert.deepEqual(told(8), []);
    }
  });

  it("when they do not fit beside an offline charger", () => {
    const snapshot = garage(0, { a: 10 });
    Object.assign(snapshot.connectors[1]!, { state: "offline", disconnectedA: 32 });
    const result = check(createDlmGuard(), 0, snapshot, { a: 10, b: 0 }, { a: 10, b: 0 });
    assert.deepEqual(kinds(result), ["commanded"]);
    assert.deepEqual(safe(result), { a: 6 });
  });

  for (const limitA of [Number.NaN, Number.POSITIVE_INFINITY, -50]) {
    it(`when a setpoint is ${limitA}, and commands a current in its place`, () => {
      const result = check(createDlmGuard(), 0, garage(0, { a: 10, b: 10 }), { a: 10, b: 10 }, { a: limitA, b: 10 });
      assert.deepEqual(kinds(result), ["commanded", "increase"]);
      assert.deepEqual(safe(result), { a: 6, b: 6 });
    });
  }

  it("in the zone above, too", () => {
    const snapshot: Snapshot = {
      zones: [root(20), { id: "x", parent: "z", limitA: 40 }],
      connectors: [car("a", { zone: "x", ...reported(20, 0) })],
    };
    const { violations } = check(createDlmGuard(), 0, snapshot, { a: 20 }, { a: 32 });
    assert.ok(violations.length > 0 && violations.every(({ zone }) => zone === "z"));
  });

  it("when something is raised before a decrease is obeyed", () => {
    const guard = createDlmGuard();
    check(guard, 0, garage(0, { a: 30, b: 6 }), { a: 30, b: 6 }, { a: 20, b: 6 });
    const result = check(guard, 1, garage(1, { a: 30, b: 6 }), { a: 20, b: 6 }, { a: 20, b: 20 });
    assert.deepEqual(kinds(result), ["increase"]);
    assert.deepEqual(safe(result), { a: 6, b: 6 });
  });

  it("when something is raised before an unmeasured charger had time to obey", () => {
    const guard = createDlmGuard();
    const snapshot = garage(0, {});
    check(guard, 0, snapshot, { a: 30, b: 6 }, { a: 30, b: 6 });
    assert.deepEqual(kinds(check(guard, 1, snapshot, { a: 30, b: 6 }, { a: 20, b: 6 })), []);
    assert.deepEqual(kinds(check(guard, 5, snapshot, { a: 20, b: 6 }, { a: 20, b: 20 })), ["increase"]);
    assert.deepEqual(kinds(check(guard, 12, snapshot, { a: 20, b: 6 }, { a: 20, b: 20 })), []);
  });

  it("when the meter shows too much for 15 s and nothing is lowered", () => {
    const guard = createDlmGuard();
    for (let second = 0; second <= 15; second++) {
      const quiet = garage(second, { a: 45, b: 0 }, meter("including", 45, second));
      assert.deepEqual(kinds(check(guard, second, quiet, { a: 20, b: 6 }, { a: 20, b: 6 })), [], `at ${second} s`);
    }
    const result = check(
      guard,
      16,
      garage(16, { a: 45, b: 0 }, meter("including", 45, 16)),
      { a: 20, b: 6 },
      { a: 20, b: 6 },
    );
    assert.deepEqual(kinds(result), ["measured"]);
    assert.deepEqual(safe(result), { a: 0, b: 0 });
  });

  it("when a charger without a meter above it keeps drawing more than the breaker carries", () => {
    const guard = createDlmGuard();
    const last: GuardResult[] = [];
    for (let second = 0; second <= 40; second++) {
      last.push(check(guard, second, garage(second, { a: 45, b: 6 }), { a: 20, b: 6 }, { a: 20, b: 6 }));
    }
    assert.deepEqual(kinds(last.at(-1)!), ["measured"]);
  });
});

/** Holds setpoints for so many seconds; the last answer. */
function held(snapshot: (second: number) => Snapshot, limitsA: Limits, seconds: number): GuardResult {
  const guard = createDlmGuard();
  let result = check(guard, -1, { ...snapshot(-1), connectors: [] }, {}, {});
  for (let second = 0; second <= seconds; second++) result = check(guard, second, snapshot(second), limitsA, limitsA);
  return result;
}

describe("the guard acts on power, balance and minimums", () => {
  it("when setpoints exceed the power of a zone: the sum of what flows on all phases", () => {
    const snapshot = (second: number) => garage(second, { a: 12, b: 12 }, { maxPowerW: 13_800 });
    const { violations, safeA } = held(snapshot, { a: 12, b: 12 }, 0);
    assert.deepEqual(violations, [{ zone: "z", phase: null, limitA: 60, sumA: 72, kind: "commanded" }]);
    assert.deepEqual(Object.fromEntries(safeA), { a: 6, b: 6 });
  });

  it("when they exceed a power from outside, for the chargers alone or beside everything else", () => {
    const limited = (scope: "evse" | "total", powerW: number) => (second: number) =>
      garage(
        second,
        { a: 12, b: 12 },
        { ...meter("excluding", 5, second), gridLimit: { scope, powerW, creditW: 690 } },
      );
    const all = { a: 12, b: 12 };
    assert.deepEqual(kinds(held(limited("evse", 15_870), all, 0)), []);
    assert.deepEqual(kinds(held(limited("evse", 15_000), all, 0)), ["commanded"]);
    assert.deepEqual(kinds(held(limited("total", 19_320), all, 0)), []);
    assert.deepEqual(kinds(held(limited("total", 19_000), all, 0)), ["commanded"]);
  });

  it("counts a single-phase car once in the power", () => {
    const one = (second: number): Snapshot => ({
      zones: [root(40, { maxPowerW: 4600 })],
      connectors: [car("a", { phases: 1, measuredA: [20], measuredTsMs: second * 1000 })],
    });
    assert.deepEqual(kinds(held(one, { a: 20 }, 30)), []);
  });

  it("when single-phase cars load one phase too much for 15 s, and stops as many as it takes", () => {
    const lopsided = (second: number): Snapshot => ({
      zones: [root(63, { imbalanceA: 10 })],
      connectors: ["a", "b", "c"].map((id) =>
        car(id, { phases: 1, measuredA: [6], measuredTsMs: second * 1000, minA: 6 }),
      ),
    });
    const limitsA = { a: 6, b: 6, c: 6 };
    assert.deepEqual(kinds(held(lopsided, limitsA, 15)), []);
    const result = held(lopsided, limitsA, 16);
    assert.deepEqual(result.violations, [{ zone: "z", phase: 1, limitA: 10, sumA: 18, kind: "imbalance" }]);
    assert.deepEqual(safe(result), { a: 6, b: 0, c: 0 });
  });

  it("on both lines of a single-phase car in a network without neutral", () => {
    const unearthed = (second: number): Snapshot => ({
      config: { itNetwork: true },
      zones: [root(30)],
      connectors: (["RST", "STR"] as const).map((rotation, i) =>
        car(`c${i}`, { phases: 1, rotation, measuredA: [20], measuredTsMs: second * 1000 }),
      ),
    });
    const { violations } = held(unearthed, { c0: 20, c1: 20 }, 0);
    assert.deepEqual(violations, [{ zone: "z", phase: 2, limitA: 30, sumA: 40, kind: "commanded" }]);
  });

  it("knows both lines behind a meter, too", () => {
    const metered = (second: number): Snapshot => ({
      config: { itNetwork: true },
      zones: [root(30, { meters: [{ id: "m", location: "including", currentA: [25, 25, 5], tsMs: second * 1000 }] })],
      connectors: [car("a", { phases: 1, measuredA: [20], measuredTsMs: second * 1000 })],
    });
    assert.deepEqual(kinds(held(metered, { a: 25 }, 0)), []);
    assert.deepEqual(kinds(held(metered, { a: 26 }, 0)), ["commanded"]);
  });

  it("when a setpoint is above 0 and below the minimum, and stops that connector only", () => {
    const result = held((second) => garage(second, { a: 0, b: 10 }), { a: 4, b: 10 }, 0);
    assert.deepEqual(result.violations, [
      { zone: "z", phase: null, limitA: 6, sumA: 4, kind: "minimum", connector: "a" },
    ]);
    assert.deepEqual(safe(result), { a: 0 });
  });
});

describe("the guard's safe currents", () => {
  it("are never above what was commanded before or would be now", () => {
    const snapshot = garage(0, { a: 20, b: 20 });
    const { safeA } = check(createDlmGuard(), 0, snapshot, { a: 0, b: 20 }, { a: 30, b: 20 });
    assert.deepEqual(Object.fromEntries(safeA), { a: 0, b: 6 });
  });

  it("are the zone's fail-safe current, and 0 where that is below a minimum", () => {
    const snapshot = garage(0, { a: 20, b: 20 }, { failSafeA: 8 });
    snapshot.connectors[1]!.minA = 10;
    assert.deepEqual(safe(check(createDlmGuard(), 0, snapshot, { a: 20, b: 20 }, { a: 30, b: 20 })), { a: 8, b: 0 });
  });

  it("fit: who has no room at the minimum gets 0, by priority", () => {
    const snapshot = garage(0, { a: 6, b: 6 }, meter("excluding", 30, 0));
    snapshot.connectors[0]!.priorityClass = 2;
    assert.deepEqual(safe(check(createDlmGuard(), 0, snapshot, { a: 6, b: 6 }, { a: 6, b: 6 })), { a: 0, b: 6 });
  });

  it("leave the connectors of other zones alone", () => {
    const snapshot: Snapshot = {
      zones: [root(100), { id: "x", parent: "z", limitA: 20 }, { id: "y", parent: "z", limitA: 20 }],
      connectors: [car("a", { zone: "x", ...reported(20, 0) }), car("b", { zone: "y", ...reported(20, 0) })],
    };
    assert.deepEqual(safe(check(createDlmGuard(), 0, snapshot, { a: 20, b: 20 }, { a: 30, b: 20 })), { a: 6 });
  });

  it("exist for any id", () => {
    const snapshot: Snapshot = { zones: [root(20)], connectors: [car("__proto__", { commandedA: 10 })] };
    const after = commands(Object.fromEntries([["__proto__", 32]]));
    const result = createDlmGuard().check(0, snapshot, after);
    assert.deepEqual([...result.safeA], [["__proto__", 6]]);
  });
});

describe("the guard keeps quiet", () => {
  it("about a load step that is answered in the same tick", () => {
    const guard = createDlmGuard();
    const step = garage(0, { a: 20, b: 20 }, meter("including", 60, 0));
    assert.deepEqual(kinds(check(guard, 0, step, { a: 20, b: 20 }, { a: 10, b: 10 })), []);
  });

  it("while cars are on their way down", () => {
    const guard = createDlmGuard();
    for (let second = 0; second < 12; second++) {
      const drawA = Math.max(10, 20 - second);
      const snapshot = garage(second, { a: drawA, b: drawA }, meter("including", 20 + 2 * drawA, second));
      const before = second === 0 ? { a: 20, b: 20 } : { a: 10, b: 10 };
      assert.deepEqual(kinds(check(guard, second, snapshot, before, { a: 10, b: 10 })), []);
    }
  });

  it("about an overload when everything is at 0 already", () => {
    const guard = createDlmGuard();
    for (let second = 0; second < 60; second++) {
      const snapshot = garage(second, { a: 0, b: 0 }, meter("including", 70, second));
      assert.deepEqual(kinds(check(guard, second, snapshot, { a: 0, b: 0 }, { a: 0, b: 0 })), []);
    }
  });

  it("about reservations that nobody can lower", () => {
    const snapshot = garage(0, {});
    Object.assign(snapshot.connectors[0]!, { state: "offline", disconnectedA: 32 });
    Object.assign(snapshot.connectors[1]!, { reservedA: 20 });
    assert.deepEqual(kinds(check(createDlmGuard(), 0, snapshot, { a: 0, b: 0 }, { a: 0, b: 0 })), []);
  });

  it("about chargers that report once a minute behind a meter that includes them", () => {
    const guard = createDlmGuard();
    let before = { a: 6, b: 6 };
    for (let second = 0; second < 60; second++) {
      const drawA = Math.min(18, 6 + second);
      const snapshot = garage(0, { a: 6, b: 6 }, meter("including", 2 * drawA, second));
      const after = { a: drawA, b: drawA };
      assert.deepEqual(kinds(check(guard, second, snapshot, before, after)), [], `at ${second} s`);
      before = after;
    }
  });

  it("about a stale meter, as long as what is commanded fits without it", () => {
    const guard = createDlmGuard();
    const snapshot = garage(0, { a: 6, b: 6 }, meter("including", 70, 0));
    assert.deepEqual(kinds(check(guard, 100, snapshot, { a: 6, b: 6 }, { a: 6, b: 6 })), []);
  });

  it("about single-phase cars on three-phase chargers, once they have shown it", () => {
    const guard = createDlmGuard();
    const single = (rotation: "RST" | "STR" | "TRS", id: string) =>
      car(id, { rotation, measuredA: [32, 0, 0], measuredTsMs: 0 });
    const connectors = [single("RST", "a"), single("STR", "b"), single("TRS", "c")];
    const all = { a: 32, b: 32, c: 32 };
    assert.deepEqual(kinds(check(guard, 0, { zones: [root(32)], connectors }, all, all)), []);
    const resting = connectors.map((one) => ({ ...one, measuredA: [0, 0, 0] }));
    assert.deepEqual(kinds(check(guard, 1, { zones: [root(32)], connectors: resting }, all, all)), []);
    const renewed = resting.map((one) => ({ ...one, state: "available" as const }));
    check(guard, 2, { zones: [root(32)], connectors: renewed }, { a: 0, b: 0, c: 0 }, { a: 0, b: 0, c: 0 });
    assert.deepEqual(kinds(check(guard, 3, { zones: [root(32)], connectors: resting }, all, all)), ["commanded"]);
  });

  it("and starts anew when time goes backwards", () => {
    const guard = createDlmGuard();
    check(guard, 1000, garage(1000, {}), { a: 30, b: 6 }, { a: 20, b: 6 });
    assert.deepEqual(kinds(check(guard, 5, garage(5, {}), { a: 20, b: 6 }, { a: 20, b: 20 })), []);
  });
});

describe("the guard follows what is deployed", () => {
  it("and forgets on which terminals a car drew when its connector gets another number of them", () => {
    const guard = createDlmGuard();
    const at = (second: number, phases: 1 | 3, measuredA: number[]): Snapshot => ({
      zones: [{ ...root(40), limitA: [40, 10, 40] }],
      connectors: [car("a", { phases, measuredA, measuredTsMs: second * 1000 })],
    });
    check(guard, 0, at(0, 3, [0, 0, 0]), {}, { a: 6 });
    check(guard, 5, at(5, 3, [0, 6, 6]), { a: 6 }, { a: 6 });
    assert.deepEqual(kinds(check(guard, 10, at(10, 1, [0]), { a: 6 }, { a: 20 })), []);
    assert.deepEqual(kinds(check(guard, 15, at(15, 3, [0, 0, 0]), { a: 20 }, { a: 20 })), ["commanded"]);
  });

  it("takes the least minimum where three phases need less than one", () => {
    const snapshot: Snapshot = { zones: [root(40)], connectors: [car("a", { minA: 10, minA3p: 8 })] };
    assert.deepEqual(kinds(check(createDlmGuard(), 0, snapshot, {}, { a: 9 })), []);
    assert.deepEqual(kinds(check(createDlmGuard(), 0, snapshot, {}, { a: 7 })), ["minimum"]);
  });

  it("counts a car of unknown rotation on all phases, but not three times in the power", () => {
    const guard = createDlmGuard();
    const at = (second: number): Snapshot => ({
      zones: [root(40, { maxPowerW: 2 * 10 * 230 })],
      connectors: [car("a", { phases: 2, rotation: "Unknown", measuredA: [10, 10], measuredTsMs: second * 1000 })],
    });
    for (let second = 0; second <= 60; second += 5) {
      assert.deepEqual(check(guard, second, at(second), { a: 10 }, { a: 10 }).violations, []);
    }
  });

  it("counts what a connector that cannot be controlled reserves, not what it was told before", () => {
    const guard = createDlmGuard();
    const at = (more: Partial<Snapshot["connectors"][number]>): Snapshot => ({
      zones: [root(20)],
      connectors: [car("a", more), car("b")],
    });
    check(guard, 0, at({}), { a: 12, b: 6 }, { a: 12, b: 6 });
    const result = check(guard, 5, at({ reservedA: 8 }), { a: 12, b: 6 }, { a: 0, b: 12 });
    assert.ok(!kinds(result).includes("commanded"));
  });
});
