import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Car, CarState } from "../../../../lib/simulator/charger/car/car.ts";
import {
  demandA,
  pluggedIn,
  RAMP_DOWN_APS,
  RAMP_UP_APS,
  socPercent,
  stepCar,
} from "../../../../lib/simulator/charger/car/car.ts";

const CAR: Car = { phases: 3, wantA: 16, batteryWh: 60_000, wakeS: 3, overdraw: 1 };

/** Offers a constant current in steps of a quarter second. */
function offer(car: Car, state: CarState, offeredA: number, forS: number): CarState {
  let next = state;
  for (let elapsed = 0; elapsed < forS; elapsed += 0.25) next = stepCar(car, next, offeredA, 0.25, car.phases, 230);
  return next;
}

const fresh = pluggedIn(CAR, 20);
const charging = offer(CAR, fresh, 16, 20);

describe("the car", () => {
  it("sleeps until it has been offered current for its wake-up time", () => {
    assert.equal(offer(CAR, fresh, 16, 2.75).currentA, 0);
    assert.ok(offer(CAR, fresh, 16, 3.25).currentA > 0);
  });

  const settled: [string, Car, number, number][] = [
    ["takes all of an offer below its own maximum", CAR, 10.5, 10.5],
    ["takes its own maximum of a larger offer", CAR, 32, 16],
    ["takes 6 A", CAR, 6, 6],
    ["takes nothing of an offer below 6 A", CAR, 5.9, 0],
    ["takes nothing of nothing", CAR, 0, 0],
    ["takes nothing it does not want", { ...CAR, wantA: 0 }, 16, 0],
    ["takes less than 6 A when it wants less", { ...CAR, wantA: 4 }, 16, 4],
    ["exceeds the offer where it does not obey", { ...CAR, overdraw: 1.08 }, 10, 10.8],
  ];
  for (const [sentence, car, offeredA, expectedA] of settled) {
    it(sentence, () => assert.equal(Number(offer(car, fresh, offeredA, 30).currentA.toFixed(6)), expectedA));
  }

  it("ramps up and down at its rates", () => {
    assert.equal(stepCar(CAR, { ...charging, currentA: 6 }, 16, 0.5, 3, 230).currentA, 6 + RAMP_UP_APS / 2);
    assert.equal(stepCar(CAR, charging, 6, 0.5, 3, 230).currentA, 16 - RAMP_DOWN_APS / 2);
  });

  it("has ended any current within 4 s of a pause", () => {
    const strong = { ...CAR, wantA: 32 };
    assert.equal(offer(strong, offer(strong, fresh, 32, 30), 0, 4).currentA, 0);
  });

  it("needs its wake-up time again after a pause", () => {
    const paused = offer(CAR, charging, 0, 5);
    assert.equal(offer(CAR, paused, 16, 2.75).currentA, 0);
    assert.ok(offer(CAR, paused, 16, 4).currentA > 0);
  });

  it("stores nine tenths of what it draws", () => {
    const after = stepCar(CAR, charging, 16, 3600, 3, 230);
    assert.ok(Math.abs(after.storedWh - charging.storedWh - 16 * 3 * 230 * 0.9) < 1e-6);
  });

  it("tapers over the last twentieth of its battery and then stops for good", () => {
    const nearlyFull = { ...charging, storedWh: 0.975 * CAR.batteryWh };
    assert.equal(Number(demandA(CAR, nearlyFull).toFixed(6)), 8);
    const full = offer(CAR, { ...charging, storedWh: 0.9965 * CAR.batteryWh }, 16, 600);
    assert.equal(full.full, true);
    assert.equal(full.currentA, 0);
    assert.equal(demandA(CAR, { ...full, storedWh: 0 }), 0);
  });

  it("shows its state of charge in per cent", () => {
    assert.equal(socPercent(CAR, fresh), 20);
    assert.equal(socPercent({ ...CAR, batteryWh: 0 }, fresh), 100);
  });

  it("never draws more than the offer once it had 4 s to follow, nor ever less than nothing", () => {
    const offers = fc.array(
      fc.record({ offeredA: fc.double({ min: 0, max: 32, noNaN: true }), forS: fc.integer({ min: 4, max: 30 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        offers,
        fc.double({ min: 0, max: 32, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (steps, wantA, soc) => {
          const car = { ...CAR, wantA };
          let state = pluggedIn(car, soc);
          for (const { offeredA, forS } of steps) {
            state = offer(car, state, offeredA, forS);
            assert.ok(state.currentA >= 0 && state.currentA <= offeredA + 1e-9 && state.currentA <= wantA);
            assert.ok(state.storedWh <= car.batteryWh);
          }
        },
      ),
      { seed: 13 },
    );
  });
});
