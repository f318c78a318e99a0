import { strict as assert } from "node:assert";
import fc from "fast-check";
import { memoryFromJson, memoryToJson, newConnector } from "../../../lib/dlm/controller/memory.ts";
import { boughtShare, noPv, type PvMemory } from "../../../lib/dlm/controller/pv-day.ts";
import { judgePv, type PvCar } from "../../../lib/dlm/controller/pv-hold.ts";
import { CONTROLLER_DEFAULTS } from "../../../lib/dlm/types.ts";

const NEED_W = 1380;
const { pvEnableDelayS, pvDisableDelayS } = CONTROLLER_DEFAULTS;

/** One car under a sky; tells how long it takes until it is switched. */
class Sky {
  memory: PvMemory = noPv();
  on = false;

  /** Seconds until the car is switched with so much surplus; null = not within an hour. */
  untilSwitched(surplusW: number): number | null {
    const before = this.on;
    for (let second = 0; second <= 3600; second++) {
      this.look(surplusW);
      if (this.on !== before) return second;
    }
    return null;
  }

  /** One second with so much surplus, all of which the car is given. */
  look(surplusW: number): void {
    const givenW = this.on ? Math.max(NEED_W, surplusW) : 0;
    const rest = { needW: NEED_W, givenW, priorityClass: 1, arrivalS: 0, id: "CP1/1" };
    const [judged] = judgePv([{ memory: this.memory, on: this.on, ...rest }], surplusW, 1, CONTROLLER_DEFAULTS);
    this.memory = judged!.memory;
    this.on = judged!.verdict !== "wait";
  }

  stay(seconds: number, surplusW: number): this {
    for (let second = 0; second < seconds; second++) this.look(surplusW);
    return this;
  }

  /** Sun, then a cloud that stops the car, so many times. */
  clouds(times: number): this {
    for (let i = 0; i < times; i++) {
      this.untilSwitched(3 * NEED_W);
      this.untilSwitched(0);
    }
    return this;
  }

  /** A car that waits, and was started so often today, below a calm sky. */
  static waiting(starts: number): Sky {
    const sky = new Sky();
    sky.memory = { ...noPv(), starts };
    return sky;
  }

  /** A car that runs, and was started so often today. */
  static running(starts: number): Sky {
    const sky = new Sky().clouds(starts - 1);
    sky.untilSwitched(3 * NEED_W);
    return sky.stay(600, 3 * NEED_W);
  }
}

describe("a car on surplus below clouds", () => {
  it("starts and stops after the delays the first time in a day, however small the shortage", () => {
    for (const shortW of [1, 50, NEED_W, 2 * NEED_W]) {
      const sky = new Sky();
      assert.equal(sky.untilSwitched(NEED_W), pvEnableDelayS);
      assert.equal(sky.untilSwitched(NEED_W - shortW), pvDisableDelayS);
    }
  });

  it("is not stopped by clouds that pass within the delay, the first time", () => {
    const sky = Sky.running(1);
    for (let cloud = 0; cloud < 20; cloud++) {
      sky.stay(pvDisableDelayS - 5, 0).stay(5, 2 * NEED_W);
      assert.ok(sky.on);
    }
  });

  it("waits for longer after each start of a day, but never for more than five times the delay", () => {
    const waits = [0, 1, 4, 16, 30].map((starts) => Sky.waiting(starts).untilSwitched(100 * NEED_W)!);
    assert.deepEqual(
      waits,
      [1, 1.25, 2, 5, 5].map((times) => times * pvEnableDelayS),
    );
  });

  it("asks for more than the bare minimum while the surplus swings", () => {
    const sky = new Sky().clouds(2);
    assert.equal(sky.untilSwitched(NEED_W + 10), null);
    const calm = new Sky();
    calm.untilSwitched(NEED_W - 50);
    assert.equal(calm.untilSwitched(NEED_W), pvEnableDelayS);
  });

  it("asks for more from the sixth start of a day on, and for much more from the seventh", () => {
    const asked = [4, 5, 6].map((starts) =>
      [0, 0.1, 0.2, 0.3, 0.4].find((share) => Sky.waiting(starts).stay(200, NEED_W * (1 + share)).on),
    );
    assert.deepEqual(asked, [0, 0.1, 0.4]);
  });

  it("starts at its minimum after half an hour of calm surplus, however often it was started", () => {
    for (const starts of [6, 9, 20]) assert.equal(Sky.waiting(starts).untilSwitched(NEED_W), 1800);
  });

  it("bears a small shortage for longer from the second start on, and a large one for less long", () => {
    assert.ok(Sky.running(2).untilSwitched(0)! < pvDisableDelayS);
    assert.ok(Sky.running(2).untilSwitched(NEED_W - 50)! > 3 * pvDisableDelayS);
  });

  it("bears the same cloud for longer the more often it was started, and where less was bought", () => {
    const borneS = [2, 3, 4, 5, 7].map((starts) => {
      const sky = Sky.running(starts);
      sky.memory = { ...sky.memory, starts, givenWh: 10_000, boughtWh: 0 };
      return sky.untilSwitched(0)!;
    });
    assert.ok(
      borneS.every((second, i) => i === 0 || second > borneS[i - 1]!),
      `${borneS}`,
    );
    const withBought = [0, 300, 600].map((boughtWh) => {
      const sky = Sky.running(3);
      sky.memory = { ...sky.memory, givenWh: 10_000, boughtWh };
      return sky.untilSwitched(0)!;
    });
    assert.ok(
      withBought.every((second, i) => i === 0 || second < withBought[i - 1]!),
      `${withBought}`,
    );
  });

  it("adds up shortages across gleams of sun from the second start on", () => {
    const sky = Sky.running(2);
    let darkS = 0;
    for (let gleam = 0; gleam < 100 && sky.on; gleam++) {
      for (let second = 0; second < 20 && sky.on; second++, darkS++) sky.look(0);
      sky.stay(sky.on ? 10 : 0, 3 * NEED_W);
    }
    assert.ok(!sky.on && darkS <= pvDisableDelayS, `${darkS} s`);
  });

  it("begins a new day after four hours without surplus", () => {
    const sky = new Sky().clouds(4).stay(4 * 3600, -300);
    assert.equal(sky.memory.starts, 0);
    sky.stay(3600, 0);
    assert.equal(sky.untilSwitched(2 * NEED_W), pvEnableDelayS);
    assert.equal(sky.untilSwitched(0), pvDisableDelayS);
  });

  it("counts a start once, however long it takes until the car is switched on", () => {
    const sky = new Sky();
    for (let second = 0; second < 300; second++) {
      sky.look(3 * NEED_W);
      sky.on = false;
    }
    assert.equal(sky.memory.starts, 0);
    sky.on = true;
    assert.equal(sky.stay(300, 3 * NEED_W).memory.starts, 1);
  });

  it("goes on with its day after a restart", () => {
    const { memory } = Sky.running(3);
    const connectors = new Map([["CP1/1", { ...newConnector(), setpointA: 6, pv: memory }]]);
    const saved = memoryToJson({
      clockMs: 0,
      waitS: null,
      connectors,
      backgroundA: new Map(),
      peaks: new Map(),
      seen: new Map(),
    });
    assert.deepEqual(memoryFromJson(saved).connectors.get("CP1/1")!.pv, memory);
  });
});

describe("several cars on one surplus below clouds", () => {
  const memory = fc.record({
    aboveS: fc.option(fc.integer({ min: 0, max: 900 })),
    belowS: fc.option(fc.integer({ min: 0, max: 900 })),
    darkS: fc.option(fc.integer({ min: 0, max: 20_000 })),
    starts: fc.integer({ min: 0, max: 12 }),
    givenWh: fc.integer({ min: 0, max: 50_000 }),
    boughtWh: fc.integer({ min: 0, max: 5000 }),
    meanW: fc.option(fc.integer({ min: 0, max: 20_000 })),
    swingW: fc.integer({ min: 0, max: 10_000 }),
  });
  const cars = fc.uniqueArray(
    fc.record({
      memory,
      on: fc.boolean(),
      needW: fc.constantFrom(NEED_W, 3 * NEED_W),
      givenW: fc.integer({ min: 0, max: 22_000 }),
      priorityClass: fc.integer({ min: 0, max: 2 }),
      arrivalS: fc.integer({ min: 0, max: 9 }),
      id: fc.stringMatching(/^[a-z]{1,3}$/),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  );
  const poolW = fc.integer({ min: -5000, max: 30_000 });
  const elapsedS = fc.integer({ min: 0, max: 60 });
  const judge = (all: readonly PvCar[], surplusW: number, seconds: number) =>
    judgePv(all, surplusW, seconds, CONTROLLER_DEFAULTS);

  it("gives memories of sound numbers that survive a restart, whatever went before", () => {
    fc.assert(
      fc.property(cars, poolW, elapsedS, (all, surplusW, seconds) => {
        for (const { memory: after } of judge(all, surplusW, seconds)) {
          for (const value of Object.values(after)) assert.ok(value === null || (Number.isFinite(value) && value >= 0));
          assert.ok(boughtShare(after, NEED_W) >= 0);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("starts no car that the surplus does not suffice for, and stops none that it does", () => {
    fc.assert(
      fc.property(cars, poolW, elapsedS, (all, surplusW, seconds) => {
        const needW = all.reduce((sum, car) => sum + (car.on ? car.needW : 0), 0);
        judge(all, surplusW, seconds).forEach(({ verdict }, i) => {
          const car = all[i]!;
          if (!car.on && verdict === "run") assert.ok(surplusW >= car.needW);
          if (car.on && surplusW >= needW) assert.equal(verdict, "run");
        });
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it("says the same in whatever order the cars are given", () => {
    fc.assert(
      fc.property(cars, poolW, elapsedS, (all, surplusW, seconds) => {
        const forth = judge(all, surplusW, seconds);
        const back = judge(all.toReversed(), surplusW, seconds).toReversed();
        assert.deepEqual(back, forth);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("never stops a car sooner because there is more sun", () => {
    fc.assert(
      fc.property(cars, poolW, fc.nat(20_000), elapsedS, (all, surplusW, moreW, seconds) => {
        const less = judge(all, surplusW, seconds);
        const more = judge(all, surplusW + moreW, seconds);
        less.forEach(({ verdict }, i) => {
          if (all[i]!.on && verdict !== "wait") assert.notEqual(more[i]!.verdict, "wait");
        });
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
