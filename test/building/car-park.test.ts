import { strict as assert } from "node:assert";
import fc from "fast-check";
import { createDlmGuard } from "../../lib/dlm/guard/guard.ts";
import type { ControllerResult } from "../../lib/dlm/types.ts";
import { withCommanded } from "../dlm/controller/bench.ts";
import { cases } from "../full.ts";
import { CarPark, type ParkCar, type ParkPlan, type ParkTick } from "./car-park.ts";
import { calmPlans, wildPlans } from "./car-park-plans.ts";

const PHASES = [0, 1, 2] as const;
/** What a charger may draw above its setpoint without being asked about it, A. */
const TOLERANCE_A = 1;
const SETTLE_S = 10;
/** A charger counts as not obeying after so long, s. */
const DISOBEYED_S = 32;

/** A car of which nobody can know what it draws. */
function isHidden({ reportS, offline, ignoresFromS, overdraw }: ParkCar, metered: boolean): boolean {
  if (ignoresFromS !== null && offline !== null) return true;
  return !metered && reportS === null && (ignoresFromS !== null || overdraw > 0);
}

/** How long the load of a zone may be over its limit: until the slowest charger has reported and followed. */
function answerS(plan: ParkPlan, below: readonly ParkCar[], metered: boolean): number {
  const followS = Math.max(...plan.cars.map(({ lagS, maxA, slewAps }) => lagS + maxA / slewAps));
  const reportS = Math.max(0, ...below.map(({ reportS }) => reportS ?? 0));
  const wrong = plan.cars.some(({ ignoresFromS, overdraw }) => ignoresFromS !== null || overdraw > 0);
  const noticedS = metered ? SETTLE_S + 2 : 2 * reportS + DISOBEYED_S;
  return followS + plan.cycleS + 2 + (reportS > 1 ? SETTLE_S + 1 : 0) + (wrong ? noticedS : 0);
}

/** S1 on what really flows: no phase is over its limit for longer than an answer takes, unless all is at 0. */
function watchFlow(park: CarPark): () => void {
  const overS = new Map<string, number>();
  return () => {
    park.plan.zones.forEach(({ limitA, meter }, z) => {
      const below = park.below(z);
      const plans = below.map(({ plan }) => plan);
      if (plans.some((car) => isHidden(car, meter === "including"))) return;
      const toleranceA = 0.2 + TOLERANCE_A * plans.filter(({ overdraw }) => overdraw > 0).length;
      for (const p of PHASES) {
        const lowerable = below.some((car) => park.phasesOf(car).includes(p) && park.setpoints.get(car.id)! > 0);
        const over = lowerable && park.flowA[z]![p] > limitA + toleranceA;
        const key = `L${p + 1} of z${z}`;
        overS.set(key, over ? (overS.get(key) ?? 0) + 1 : 0);
        const allowedS = answerS(park.plan, plans, meter === "including");
        assert.ok(overS.get(key)! <= allowedS, `${key}: ${park.flowA[z]![p]} A at ${park.second} s`);
      }
    });
  };
}

/** S1 and S3 on what is commanded. */
function checkTick(park: CarPark, { second, before, result }: ParkTick): void {
  for (const [id, { limitA }] of Object.entries(result.setpoints)) {
    assert.ok(limitA === 0 || limitA >= 6, `${id}: ${limitA} A at ${second} s`);
  }
  park.plan.zones.forEach(({ limitA, headroomA, meter }, z) => {
    const below = park.below(z);
    for (const p of PHASES) {
      const over = park.flowA[z]![p] > limitA - headroomA + TOLERANCE_A * below.length;
      if (meter !== "including" || !over) continue;
      for (const car of below) {
        const raised = result.setpoints[car.id]!.limitA > (before.get(car.id) ?? 0);
        assert.ok(!raised || !park.phasesOf(car).includes(p), `${car.id} raised at ${second} s while z${z} is over`);
      }
    }
  });
}

/** Runs a park with all checks; a second look at every tick is the caller's. */
function runPark(plan: ParkPlan, look: (tick: ParkTick) => void = () => {}): void {
  const park = new CarPark(plan);
  const guard = createDlmGuard();
  const checkFlow = watchFlow(park);
  park.run((tick) => {
    if (tick) {
      checkTick(park, tick);
      const { violations } = guard.check(tick.nowMs, withCommanded(tick.snapshot, tick.before), tick.result.setpoints);
      // Where the house alone is too much for a phase, cars on the others are tried: they might be on it.
      const unexpected = violations.filter(({ kind }) => kind !== "strayed");
      assert.deepEqual(unexpected, [], `at ${tick.second} s`);
      look(tick);
    }
    checkFlow();
  });
}

describe("the closed loop", () => {
  it("keeps every phase within its limit whatever cars do, and the guard has nothing to say", () => {
    fc.assert(
      fc.property(wildPlans, (plan) => runPark(plan)),
      { seed: 20260601, numRuns: cases(20, 80) },
    );
  });

  it("comes to rest: nobody is lowered or stopped any more when nothing changes", () => {
    const property = fc.property(calmPlans, (plan) => {
      runPark(plan, ({ second, before, result }) => {
        if (second <= 560) return;
        for (const [id, { limitA }] of Object.entries(result.setpoints)) {
          assert.ok(limitA >= before.get(id)!, `${id} from ${before.get(id)} to ${limitA} A at ${second} s`);
        }
      });
    });
    fc.assert(property, { seed: 20260602, numRuns: cases(15, 60) });
  });

  it("stands still when chargers report every second", () => {
    const property = fc.property(calmPlans, (plan) => {
      const prompt = { ...plan, cars: plan.cars.map((car) => ({ ...car, reportS: 1 })) };
      runPark(prompt, ({ second, before, result }) => {
        if (second <= 560) return;
        for (const [id, { limitA }] of Object.entries(result.setpoints)) {
          assert.equal(limitA, before.get(id), `${id} at ${second} s`);
        }
      });
    });
    fc.assert(property, { seed: 20260603, numRuns: cases(8, 30) });
  });
});

describe("the guard behind a controller gone wrong", () => {
  const obedient: ParkCar = {
    zone: 0,
    phases: 3,
    rotation: "RST",
    maxA: 32,
    wantsA: 32,
    carPhases: 3,
    fromS: 0,
    reportS: 1,
    lagS: 1,
    slewAps: 10,
    overdraw: 0,
    ignoresFromS: null,
    offline: null,
  };
  const plan: ParkPlan = {
    zones: [
      {
        parent: null,
        limitA: 63,
        headroomA: 0,
        meter: "including",
        house: [
          { fromS: 0, loadA: [10, 10, 10] },
          { fromS: 120, loadA: [35, 35, 35] },
        ],
      },
    ],
    cars: [obedient, obedient, obedient],
    cycleS: 5,
    durationS: 300,
  };

  /** First second and kinds of an objection, when setpoints are spoilt on their way; the guard's word is obeyed. */
  function objection(spoil: (limitA: number, second: number, beforeA: number) => number) {
    const guard = createDlmGuard();
    let found: { second: number; kinds: string[] } | null = null;
    const park = new CarPark(plan, (decide) => (nowMs, snapshot, before) => {
      const { setpoints, target } = decide(nowMs, snapshot, before);
      const spoilt: ControllerResult["setpoints"] = {};
      for (const [id, { limitA, reasons }] of Object.entries(setpoints)) {
        spoilt[id] = { limitA: spoil(limitA, nowMs / 1000, before.get(id) ?? 0), reasons };
      }
      const { violations, safeA } = guard.check(nowMs, withCommanded(snapshot, before), spoilt);
      if (violations.length > 0) found ??= { second: nowMs / 1000, kinds: violations.map(({ kind }) => kind) };
      for (const [id, limitA] of safeA) spoilt[id] = { limitA, reasons: [] };
      return { setpoints: spoilt, target };
    });
    let overS = 0;
    park.run(() => {
      overS = park.flowA[0]!.some((a) => a > 63.5) ? overS + 1 : 0;
      assert.ok(overS <= 25, `over the limit at ${park.second} s`);
    });
    return found as { second: number; kinds: string[] } | null;
  }

  it("is silent when nothing is wrong", () => {
    assert.equal(
      objection((limitA) => limitA),
      null,
    );
  });

  it("acts on setpoints half as high again", () => {
    const found = objection((limitA, second) => (second >= 100 ? limitA * 1.5 : limitA));
    assert.equal(found?.second, 100);
    assert.ok(found.kinds.includes("commanded"));
  });

  it("acts on an increase that nobody decided", () => {
    const found = objection((limitA, second) => (second === 100 ? limitA + 8 : limitA));
    assert.equal(found?.second, 100);
  });

  it("acts on setpoints that stay where they were when the load rises", () => {
    const found = objection((limitA, second, beforeA) => (second >= 118 ? beforeA : limitA));
    assert.ok(found && found.second >= 120 && found.second <= 140, JSON.stringify(found));
  });
});
