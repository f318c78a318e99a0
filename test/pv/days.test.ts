import { strict as assert } from "node:assert";
import { sample } from "../full.ts";
import { pvDay, type Sky } from "./days.ts";
import { ourRule, PV_CAR, runDay, thresholdRule } from "./pv-home.ts";

const SEED = 2;

describe("a day of charging from PV surplus", () => {
  for (const sky of ["sunny", "cloudy", "flapping"] as Sky[]) {
    const day = pvDay(sky, SEED);
    for (const reportS of sample([30, 10, 60], 3)) {
      it(`buys at most 3 %, uses 90 % and starts at most 6 times: ${sky}, a charger that reports every ${reportS} s`, () => {
        const plan = { ...PV_CAR, reportS };
        const { boughtWh, chargedWh, usableWh, starts } = runDay(day, plan, ourRule(plan));
        assert.ok(boughtWh <= 0.03 * chargedWh, `bought ${boughtWh} of ${chargedWh} Wh`);
        assert.ok(chargedWh - boughtWh >= 0.9 * usableWh, `used ${chargedWh - boughtWh} of ${usableWh} Wh`);
        assert.ok(starts <= 6, `${starts} starts`);
      });
    }
  }

  for (const seed of [1, 7]) {
    it(`does so on a dim day with a charger that reports once a minute, too: cloudy ${seed}`, () => {
      const plan = { ...PV_CAR, reportS: 60 };
      const { boughtWh, chargedWh, usableWh, starts } = runDay(pvDay("cloudy", seed), plan, ourRule(plan));
      assert.ok(boughtWh <= 0.03 * chargedWh, `bought ${boughtWh} of ${chargedWh} Wh`);
      assert.ok(chargedWh - boughtWh >= 0.9 * usableWh, `used ${chargedWh - boughtWh} of ${usableWh} Wh`);
      assert.ok(starts <= 6, `${starts} starts`);
    });
  }

  it("sends far fewer limits and starts than a threshold does when the charger reports once a minute", () => {
    const plan = { ...PV_CAR, reportS: 60 };
    const day = pvDay("flapping", SEED);
    const ours = runDay(day, plan, ourRule(plan));
    const simple = runDay(day, plan, thresholdRule(plan));
    assert.ok(ours.starts * 10 < simple.starts, `${ours.starts} and ${simple.starts} starts`);
    assert.ok(ours.boughtWh / ours.chargedWh < simple.boughtWh / simple.chargedWh / 3);
  });

  it("keeps the minimum in mode minpv whatever the sun does", () => {
    const day = pvDay("cloudy", SEED);
    const { chargedWh, starts } = runDay(day, PV_CAR, ourRule(PV_CAR, 5, "minpv"));
    assert.equal(starts, 1);
    assert.ok(chargedWh > 13.9 * 6 * 230);
  });

  it("is the same day for the same seed", () => {
    assert.deepEqual(pvDay("flapping", 7), pvDay("flapping", 7));
    assert.notDeepEqual(pvDay("flapping", 7), pvDay("flapping", 8));
  });
});
