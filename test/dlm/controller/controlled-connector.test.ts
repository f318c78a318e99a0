import { strict as assert } from "node:assert";
import type { ControllerResult } from "../../../lib/dlm/types.ts";
import { Bench, car, limits, root } from "./bench.ts";

const code = (result: ControllerResult, id: string) => result.setpoints[id]!.reasons[0]?.code;

describe("the controller learns", () => {
  it("that a car never uses more than it draws, and gives the rest to others", () => {
    const bench = new Bench([root(40)], [car("a"), car("b", { arrivalS: 1 })], { rampUpAps: 5 });
    bench.until(10, { a: 20, b: 20 });
    const result = bench.until(80, { a: 9, b: 20 });
    assert.equal(limits(result).a, 12);
    bench.follow = true;
    assert.equal(limits(bench.until(100, { a: 9 })).b, 28);
  });

  it("that it wants more when it draws up to its cap", () => {
    const bench = new Bench([root(32)], [car("a")], { rampUpAps: 5 });
    bench.until(10, { a: 32 });
    assert.equal(limits(bench.until(80, { a: 9 })).a, 12);
    bench.follow = true;
    bench.measure("a", 12);
    assert.equal(limits(bench.until(120)).a, 32);
  });

  it("nothing from one old sample", () => {
    const bench = new Bench([root(32)], [car("a")], { rampUpAps: 5 });
    bench.until(10, { a: 32 });
    bench.at(11, { a: 9 });
    for (let second = 12; second < 100; second++) assert.equal(limits(bench.at(second)).a, 32);
  });

  it("afresh when the car is another", () => {
    const bench = new Bench([root(32)], [car("a")], { rampUpAps: 5 });
    bench.until(10, { a: 32 });
    bench.until(80, { a: 9 });
    bench.connector("a").state = "available";
    bench.until(90, { a: 0 });
    bench.connector("a").state = "charging";
    bench.follow = true;
    assert.equal(limits(bench.until(120)).a, 32);
  });

  it("which phases a car uses, and fills the others", () => {
    const bench = new Bench([root(32)], [car("a"), car("b", { phases: 1, rotation: "STR", arrivalS: 1 })]);
    bench.follow = true;
    bench.until(30);
    bench.follow = false;
    for (let second = 31; second < 180; second++) {
      const { a, b } = limits(bench.at(second));
      bench.measure("a", [a!, 0, 0]);
      bench.measure("b", b!);
    }
    assert.deepEqual(limits(bench.at(180)), { a: 32, b: 32 });
  });
});

describe("an idle car", () => {
  it("gives its current back and keeps its minimum only while there is room", () => {
    const bench = new Bench([root(40)], [car("a"), car("b", { arrivalS: 1 })], { rampUpAps: 5 });
    bench.follow = true;
    bench.until(20);
    bench.follow = false;
    for (let second = 21; second < 500; second++) bench.measure("b", limits(bench.at(second, { a: 0 })).b!);
    const spare = bench.at(500);
    assert.equal(limits(spare).a, 6);
    assert.equal(code(spare, "a"), "IDLE_MIN");
    assert.equal(limits(spare).b, 32);
    bench.zones = [root(10)];
    assert.equal(limits(bench.at(501, { a: 0, b: 32 })).a, 0);
  });

  it("counts as charging again as soon as it draws", () => {
    const bench = new Bench([root(32)], [car("a")], { rampUpAps: 5 });
    bench.follow = true;
    bench.until(20);
    bench.follow = false;
    bench.until(100, { a: 0 });
    bench.follow = true;
    bench.measure("a", 6);
    assert.equal(limits(bench.until(150)).a, 32);
  });

  it("is woken by switching it off for a moment, six times at most", () => {
    const bench = new Bench([root(32)], [car("a", { chargingS: 600 })]);
    const seen: number[] = [];
    for (let second = 0; second < 900; second++) seen.push(limits(bench.at(second, { a: 0 })).a!);
    const stops = seen.filter((limitA, i) => i > 0 && limitA === 0 && seen[i - 1]! > 0).length;
    assert.equal(stops, 6);
    assert.equal(seen.at(-1), 6);
  });

  it("is left alone when it never charged", () => {
    const bench = new Bench([root(32)], [car("a", { state: "idle" })]);
    for (let second = 0; second < 400; second++) assert.equal(limits(bench.at(second, { a: 0 })).a, 6);
  });
});

describe("rotation", () => {
  it("gives a waiting car its turn after rotationS, and not before", () => {
    const bench = new Bench([root(10)], [car("a"), car("b", { arrivalS: 1 })], { rotationS: 300, minOnS: 60 });
    bench.follow = true;
    bench.until(299);
    assert.deepEqual(limits(bench.at(300)), { a: 10, b: 0 });
    bench.until(310);
    const { a, b } = limits(bench.until(330));
    assert.equal(a, 0);
    assert.ok(b! >= 6, `${b}`);
    assert.equal(limits(bench.until(500)).a, 0);
    assert.ok(limits(bench.until(700)).a! >= 6);
  });
});

describe("cars on surplus", () => {
  const sunny = (gridW: number) => ({ site: { gridW } });

  it("start after pvEnableDelayS of enough surplus", () => {
    const bench = new Bench([root(32)], [car("a", { mode: "pv" })]);
    bench.more = sunny(-5000);
    const waiting = bench.until(60, { a: 0 });
    assert.equal(limits(waiting).a, 0);
    assert.equal(code(waiting, "a"), "PV");
    assert.equal(limits(bench.until(61, { a: 0 })).a, 6);
  });

  it("do not start on a surplus that comes and goes", () => {
    const bench = new Bench([root(32)], [car("a", { mode: "pv" })]);
    for (let second = 0; second < 300; second++) {
      bench.more = sunny(second % 50 < 45 ? -5000 : 0);
      assert.equal(limits(bench.at(second, { a: 0 })).a, 0);
    }
  });

  it("hold their minimum for pvDisableDelayS without surplus, then stop", () => {
    const bench = new Bench([root(32)], [car("a", { mode: "pv" })]);
    bench.more = sunny(-5000);
    bench.until(70, { a: 0 });
    bench.more = sunny(4140);
    const held = bench.until(100, { a: 6 });
    assert.equal(limits(held).a, 6);
    assert.equal(code(held, "a"), "PV_HOLD");
    assert.equal(limits(bench.until(249)).a, 6);
    assert.equal(limits(bench.until(252)).a, 0);
  });

  it("share one pool: what one draws is not surplus for the next", () => {
    const bench = new Bench([root(63)], [car("a", { mode: "pv" }), car("b", { mode: "pv", arrivalS: 1 })]);
    bench.follow = true;
    for (let second = 0; second < 200; second++) {
      const drawnA = (bench.connector("a").measuredA?.[0] ?? 0) + (bench.connector("b").measuredA?.[0] ?? 0);
      bench.more = sunny(drawnA * 3 * 230 - 6000);
      const { a, b } = limits(bench.at(second));
      assert.ok(a! + b! <= 6000 / 690 + 1e-6, `${a} and ${b}`);
    }
    assert.ok(limits(bench.at(200)).a! > 8);
  });
});

describe("a charger that does not obey", () => {
  const bench = () => {
    const made = new Bench([root(40)], [car("a"), car("b", { arrivalS: 1 })], { rampUpAps: 5 });
    made.follow = true;
    made.until(20);
    made.follow = false;
    return made;
  };

  it("is reserved with what it draws after nonCompliantS where there is room", () => {
    const roomy = new Bench([root(60)], [car("a", { maxA: 16 }), car("b", { arrivalS: 1 })], { rampUpAps: 5 });
    roomy.follow = true;
    roomy.until(20);
    roomy.follow = false;
    roomy.until(45, { a: 20, b: 32 });
    assert.equal(limits(roomy.at(45.5)).b, 32);
    const late = roomy.until(60, { a: 20, b: 32 });
    assert.equal(limits(late).b, 32);
    assert.match(late.setpoints["a"]!.reasons[0]!.text ?? "", /does not obey/);
  });

  it("costs the others what it draws", () => {
    const full = bench();
    for (let second = 21; second < 60; second++) full.measure("b", limits(full.at(second, { a: 30 })).b!);
    const { b } = limits(full.at(60, { a: 30 }));
    assert.ok(b! <= 10 && b! >= 6, `${b}`);
  });

  it("is trusted again when it obeys", () => {
    const full = bench();
    for (let second = 21; second < 60; second++) full.measure("b", limits(full.at(second, { a: 30 })).b!);
    full.follow = true;
    full.measure("a", 6);
    assert.deepEqual(limits(full.until(120)), { a: 20, b: 20 });
  });

  it("is told 0 when the others at 0 do not cure the overload", () => {
    const full = bench();
    for (let second = 21; second < 60; second++) full.measure("b", limits(full.at(second, { a: 45 })).b!);
    assert.deepEqual(limits(full.at(60, { a: 45 })), { a: 0, b: 0 });
  });

  it("is not what a charger is called that reports once a minute and was caught on its way down", () => {
    const slow = bench();
    slow.zones = [root(20)];
    slow.at(21, { a: 20, b: 20 });
    slow.at(22, { a: 20 });
    for (let second = 23; second < 82; second++) {
      const result = slow.at(second, { b: 10 });
      assert.deepEqual(limits(result), { a: 10, b: 10 }, `at ${second} s`);
    }
  });

  it("may draw 8 % more than it is told", () => {
    const roomy = new Bench([root(63)], [car("a")], { rampUpAps: 5 });
    roomy.follow = true;
    roomy.until(20);
    roomy.follow = false;
    assert.equal(limits(roomy.until(120, { a: 34.5 })).a, 32);
  });
});

describe("what is reserved whatever is decided", () => {
  it("an offline charger with disconnectedA on all its phases", () => {
    const bench = new Bench([root(32)], [car("a", { state: "offline", disconnectedA: 20 }), car("b")]);
    bench.follow = true;
    const result = bench.until(60);
    assert.deepEqual(limits(result), { a: 0, b: 12 });
    assert.equal(code(result, "a"), "OFFLINE");
  });

  it("an offline charger without a word on it with its maximum", () => {
    const bench = new Bench([root(40)], [car("a", { state: "offline" }), car("b")]);
    bench.follow = true;
    assert.equal(limits(bench.until(60)).b, 8);
  });

  it("a charger that comes back with its old limit until it has shown that it obeys", () => {
    const bench = new Bench([root(32)], [car("a", { state: "offline", disconnectedA: 26 }), car("b", { arrivalS: 1 })]);
    bench.follow = true;
    assert.equal(limits(bench.until(60)).b, 6);
    bench.connector("a").state = "charging";
    bench.measure("a", 26);
    bench.follow = false;
    assert.equal(limits(bench.at(61, { a: 26, b: 6 })).b, 6);
  });

  it("reservedA of a charger that cannot be ruled", () => {
    const bench = new Bench([root(32)], [car("a", { reservedA: 16 }), car("b")]);
    bench.follow = true;
    assert.deepEqual(limits(bench.until(60)), { a: 0, b: 16 });
  });

  it("nothing above an external limit", () => {
    const bench = new Bench([root(32)], [car("a", { externalLimitA: 9 })]);
    bench.follow = true;
    assert.equal(limits(bench.until(60)).a, 9);
  });
});
