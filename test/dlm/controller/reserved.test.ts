import { strict as assert } from "node:assert";
import { Bench, car, limits, root } from "./bench.ts";

describe("the controller, beside what a charger may still draw", () => {
  it("reserves the power of all wired phases of an offline charger, whatever its last car used", () => {
    const bench = new Bench([root(63, { maxPowerW: 13_800 })], [car("a"), car("b", { arrivalS: 1 })]);
    bench.follow = true;
    for (let second = 1; second <= 130; second++) {
      bench.at(second);
      bench.measure("a", [bench.at(second).setpoints["a"]!.limitA, 0, 0]);
    }
    const before = limits(bench.at(131));
    Object.assign(bench.connector("a"), { state: "offline", disconnectedA: 16 });
    // 60 A in sum over the phases, 3 × 16 A of them reserved: 12 A are left, 4 A per phase, which is no minimum.
    assert.ok(before["b"]! > 4);
    assert.equal(limits(bench.at(132))["b"], 0);
    assert.equal(limits(bench.until(300))["b"], 0);
  });

  it("goes on at 0 A for a charger that ignores it and overloads a power limit by itself", () => {
    const bench = new Bench([root(63, { maxPowerW: 6900 })], [car("a")]);
    bench.until(60, { a: 20 });
    assert.equal(limits(bench.until(120, { a: 20 }))["a"], 0);
  });

  it("does not stop a running car because another one has not reported yet that it was lowered", () => {
    const single = (id: string, more = {}) => car(id, { phases: 1, ...more });
    const bench = new Bench([root(63, { imbalanceA: 20 })], [single("a"), single("b", { arrivalS: 1 })]);
    bench.follow = true;
    bench.until(60);
    bench.follow = false;
    assert.deepEqual(limits(bench.at(61)), { a: 10, b: 10 });
    bench.zones = [root(63, { imbalanceA: 14 })];
    assert.deepEqual(limits(bench.at(62)), { a: 7, b: 7 });
    assert.deepEqual(limits(bench.at(63)), { a: 7, b: 7 });
  });

  it("keeps a car's place when one that starts elsewhere opens the way for another, too", () => {
    const at = (id: string, rotation: "RST" | "STR" | "TRS", more = {}) => car(id, { phases: 1, rotation, ...more });
    const bench = new Bench(
      [root(63, { imbalanceA: 10 })],
      [at("a", "RST"), at("b", "TRS"), at("c", "RST"), at("d", "RST", { state: "waiting" }), at("e", "STR")],
    );
    bench.follow = true;
    bench.until(200);
    const on = Object.entries(limits(bench.until(201))).flatMap(([id, limitA]) => (limitA > 0 ? [id] : []));
    for (let second = 202; second <= 800; second++) {
      const result = limits(bench.at(second));
      for (const id of on) assert.ok(result[id]! > 0, `${id} stopped at ${second} s`);
    }
  });
});

describe("what the controller reserves for a charger that is offline", () => {
  it("loads both lines between which its single-phase outlet lies, also once its car was seen", () => {
    const cars = [
      car("a", { phases: 1, maxA: 16 }),
      car("c", { phases: 1, rotation: "STR", maxA: 15 }),
      car("b", { phases: 1, rotation: "STR", state: "available" }),
    ];
    const bench = new Bench([root(31)], cars);
    bench.more = { config: { itNetwork: true } };
    bench.follow = true;
    assert.deepEqual(limits(bench.until(120)), { a: 16, c: 15, b: 0 });
    Object.assign(bench.connector("a"), { state: "offline", disconnectedA: 16 });
    bench.connector("b").state = "waiting";
    assert.equal(limits(bench.at(121))["b"], 0, "while c has not shown that it follows");
  });

  it("is never less than what is declared not to be controllable", () => {
    const cars = [car("a", { maxA: 8, state: "offline", reservedA: 19 }), car("c"), car("b", { state: "available" })];
    const bench = new Bench([root(39)], cars);
    bench.follow = true;
    assert.equal(limits(bench.until(120))["c"], 20);
    bench.connector("b").state = "waiting";
    assert.equal(limits(bench.at(121))["b"], 0, "while c has not shown that it follows");
  });
});
