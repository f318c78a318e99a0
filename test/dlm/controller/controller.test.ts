import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { ControllerConfig, ControllerResult } from "../../../lib/dlm/types.ts";
import { Bench, car, limits, root, type SnapshotConnector, type SnapshotZone } from "./bench.ts";

const code = (result: ControllerResult, id: string) => result.setpoints[id]!.reasons[0]?.code;

/** As the load management of a site asks for. */
const FEW_WRITES = { deadbandA: 0.5, calmS: 60 };

/** A building and what happens in it, worked out by hand: the controller is ticked at the listed seconds only. */
interface Timeline {
  title: string;
  controller: Partial<ControllerConfig>;
  zones: (SnapshotZone & { excludingMeter?: string })[];
  connectors: SnapshotConnector[];
  /** What the meters and chargers say at a moment, A on each phase, and the setpoints that follow. */
  steps: {
    atS: number;
    meters?: Record<string, number>;
    measuredA: Record<string, number>;
    setpointA: Record<string, number>;
  }[];
}

const TIMELINES = JSON.parse(
  readFileSync(new URL("worked-timelines.json", import.meta.url), "utf8"),
) as readonly Timeline[];

describe("worked timelines of the controller", () => {
  for (const { title, controller, zones, connectors, steps } of TIMELINES) {
    it(title, () => {
      const plain = zones.map(({ excludingMeter: _, ...zone }) => zone);
      const bench = new Bench(plain, structuredClone(connectors), controller);
      for (const { atS, meters, measuredA, setpointA } of steps) {
        bench.second = atS;
        for (const [id, currentA] of Object.entries(meters ?? {})) {
          const zone = zones.find(({ excludingMeter }) => excludingMeter === id)!;
          bench.meter(zone.id, currentA);
        }
        const result = bench.at(atS, measuredA);
        for (const [id, limitA] of Object.entries(setpointA)) {
          assert.ok(
            Math.abs(result.setpoints[id]!.limitA - limitA) < 0.001,
            `${id} at ${atS} s: ${limits(result)[id]}`,
          );
        }
      }
    });
  }
});

describe("the controller lowers", () => {
  it("at once, however young the setpoint is", () => {
    const bench = new Bench([root(32)], [car("a")]);
    bench.follow = true;
    bench.until(60);
    bench.zones = [root(10)];
    assert.equal(limits(bench.at(60.1)).a, 10);
  });

  it("to 0 what does not fit at its minimum any more", () => {
    const bench = new Bench([root(32)], [car("a"), car("b", { arrivalS: 1 })]);
    bench.follow = true;
    bench.until(60);
    bench.zones = [root(9)];
    assert.deepEqual(limits(bench.at(61)), { a: 9, b: 0 });
  });

  it("to the fail-safe current when the meter becomes stale, and raises nothing then", () => {
    const bench = new Bench([root(63)], [car("a")]);
    bench.follow = true;
    bench.second = 0;
    for (let second = 0; second < 60; second++) {
      bench.second = second;
      bench.meter("z", 10);
      bench.at(second);
    }
    const before = limits(bench.at(85)).a!;
    assert.ok(before > 20);
    const result = bench.at(90);
    assert.equal(limits(result).a, 6);
    assert.ok(result.setpoints["a"]!.reasons.some((reason) => reason.code === "FAILSAFE"));
  });
});

describe("the controller raises", () => {
  it("from 0 straight to the minimum and no further", () => {
    const bench = new Bench([root(63)], [car("a")], { rampUpAps: 100 });
    assert.equal(limits(bench.at(0)).a, 6);
  });

  it("along the ramp afterwards", () => {
    const bench = new Bench([root(63)], [car("a")]);
    bench.at(0);
    assert.equal(limits(bench.at(10, { a: 6 })).a, 11);
  });

  it("as fast with ten ticks a second as with one: what is too little to be sent adds up", () => {
    const bench = new Bench([root(63)], [car("a")]);
    bench.follow = true;
    bench.at(0);
    const seen = new Set<number>();
    for (let tick = 1; tick <= 100; tick++) seen.add(limits(bench.at(tick / 10)).a!);
    assert.ok(Math.abs(limits(bench.at(10.1)).a! - 11) <= 0.31, `${limits(bench.at(10.1)).a}`);
    const steps = [...seen].sort((a, b) => a - b);
    for (let i = 1; i < steps.length; i++) assert.ok(steps[i]! - steps[i - 1]! > 0.29);
  });

  it("by less than the dead band when that completes the target", () => {
    const bench = new Bench([root(11.1)], [car("a")]);
    bench.at(0);
    bench.at(10, { a: 6 });
    assert.equal(limits(bench.at(20, { a: 11 })).a, 11.1);
  });

  it("not by less than the dead band after a decrease, so that it does not flutter", () => {
    const bench = new Bench([root(20)], [car("a")]);
    bench.follow = true;
    bench.until(60);
    bench.zones = [root(19.8)];
    assert.equal(limits(bench.until(70)).a, 19.8);
    bench.zones = [root(20)];
    assert.equal(limits(bench.until(90)).a, 19.8);
    bench.zones = [root(20.1)];
    assert.equal(limits(bench.until(92)).a, 20.1);
  });

  it("to complete its target, for few writes only where the charger can have no more", () => {
    const rise = (limitA: number, maxA: number) => {
      const bench = new Bench([root(limitA)], [car("a", { maxA })], FEW_WRITES);
      bench.at(0);
      bench.at(10, { a: 6 });
      return limits(bench.at(20, { a: 11 })).a;
    };
    assert.equal(rise(11.1, 32), 11);
    assert.equal(rise(32, 11.1), 11.1);
  });

  it("for few writes by twice the dead band soon after a decrease, and by half of it after a calm minute", () => {
    const bench = new Bench([root(20)], [car("a")], FEW_WRITES);
    bench.follow = true;
    bench.until(60);
    bench.zones = [root(19.6)];
    assert.equal(limits(bench.until(70)).a, 19.6);
    bench.zones = [root(20.5)];
    assert.equal(limits(bench.until(100)).a, 19.6);
    bench.zones = [root(20.6)];
    assert.equal(limits(bench.until(102)).a, 20.6);
    bench.zones = [root(20.5)];
    assert.equal(limits(bench.until(110)).a, 20.5);
    bench.zones = [root(20.8)];
    assert.equal(limits(bench.until(160)).a, 20.5);
    assert.equal(limits(bench.until(175)).a, 20.8);
  });

  it("only after the decreases it needs are measured", () => {
    const bench = new Bench([root(32)], [car("a"), car("b", { state: "available", arrivalS: 1 })]);
    bench.follow = true;
    bench.until(60);
    bench.follow = false;
    bench.connector("b").state = "charging";
    const first = bench.at(61, { a: 32, b: 0 });
    assert.deepEqual(limits(first), { a: 16, b: 0 });
    assert.equal(code(first, "b"), "SETTLING");
    assert.equal(limits(bench.at(65, { a: 32, b: 0 })).b, 0);
    assert.equal(limits(bench.at(66, { a: 16, b: 0 })).b, 6);
  });

  it("only after the settle time where nothing is measured", () => {
    const bench = new Bench([root(32)], [car("a"), car("b", { state: "available", arrivalS: 1 })]);
    bench.at(0);
    bench.until(60);
    bench.connector("b").state = "charging";
    assert.deepEqual(limits(bench.at(61)), { a: 16, b: 0 });
    assert.equal(limits(bench.at(70.5)).b, 0);
    assert.equal(limits(bench.at(71)).b, 6);
  });

  it("not before the oldest of several decreases is settled", () => {
    const bench = new Bench([root(32)], [car("a"), car("b", { state: "available", arrivalS: 1 })]);
    bench.until(60);
    bench.connector("a").externalLimitA = 16;
    bench.at(61);
    bench.connector("a").externalLimitA = 15;
    bench.at(62);
    bench.connector("b").state = "charging";
    assert.equal(limits(bench.at(63)).b, 0);
    assert.equal(limits(bench.at(73)).b, 6);
  });

  it("nothing while a car draws more than fits beside the others", () => {
    const bench = new Bench([root(40)], [car("a"), car("b", { arrivalS: 1, maxA: 10 })]);
    bench.follow = true;
    bench.until(20);
    bench.follow = false;
    const before = limits(bench.at(21)).a!;
    for (let second = 22; second < 30; second++) {
      assert.ok(limits(bench.at(second, { a: 35, b: 10 })).a! <= before);
    }
  });

  it("a single-phase car no further than the imbalance allows while another car is on its way", () => {
    const zone = root(63, { imbalanceA: 10 });
    const single = { phases: 1 as const, maxA: 32 };
    const bench = new Bench([zone], [car("a", single), car("b", { ...single, rotation: "STR", arrivalS: 1 })]);
    bench.follow = true;
    for (let second = 0; second < 90; second++) {
      const { a, b } = limits(bench.at(second));
      assert.ok(Math.max(a!, b!) <= 10 + 1e-6, `${a} and ${b} A with nothing on L3`);
    }
  });
});

describe("the controller keeps the rules of 0 and minimum", () => {
  it("never commands anything between them, whatever the limit", () => {
    const bench = new Bench([root(63)], [car("a"), car("b", { arrivalS: 1, minA: 8 })]);
    bench.follow = true;
    for (let second = 0; second < 200; second++) {
      bench.zones = [root(Math.round(20 + 20 * Math.sin(second / 9)))];
      const { a, b } = limits(bench.at(second));
      assert.ok(a === 0 || a! >= 6, `a ${a}`);
      assert.ok(b === 0 || b! >= 8, `b ${b}`);
    }
  });

  it("blocks a car that was stopped for minOffS", () => {
    const bench = new Bench([root(32)], [car("a")]);
    bench.follow = true;
    bench.until(20);
    bench.zones = [root(5)];
    assert.equal(limits(bench.at(21)).a, 0);
    bench.zones = [root(32)];
    const blocked = bench.at(80);
    assert.equal(limits(blocked).a, 0);
    assert.equal(code(blocked, "a"), "MIN_OFF");
    assert.equal(limits(bench.at(81)).a, 6);
  });

  it("keeps what it does not know of at 0: it is not asked for", () => {
    const bench = new Bench([root(32)], [car("a", { state: "available" }), car("b", { mode: "off" })]);
    const result = bench.at(0);
    assert.deepEqual(limits(result), { a: 0, b: 0 });
    assert.equal(code(result, "a"), "NOT_REQUESTING");
    assert.equal(code(result, "b"), "OFF");
  });
});
