import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PeakWindow } from "../../../lib/dlm/inputs/peak-window.ts";

const LIMIT = { limitW: 30_000, windowS: 900 };
const STEP_MS = 10_000;
const WINDOW_STEPS = 90;
const CARS_W = 44_000;

interface Run {
  /** Load of each step, W, and the part of the cars. */
  loads: number[];
  cars: number[];
  allowed: number[];
}

/** Cars that take what is allowed, two steps late; what the others draw changes whenever it likes. */
function drive(others: readonly number[], othersW: number, { pulses = false, restart = -1 } = {}): Run {
  let nowMs = 0;
  let window = new PeakWindow(LIMIT, nowMs);
  const run: Run = { loads: [], cars: [], allowed: [] };
  for (const [step, otherW] of others.entries()) {
    if (pulses && step % WINDOW_STEPS === 0) window.pulse(nowMs);
    if (step === restart) {
      const saved = window.save(nowMs, 0) as { [key: string]: never };
      nowMs += 1_000_000;
      window = new PeakWindow(LIMIT, nowMs, { ...saved, agoMs: 0 });
    }
    run.allowed.push(window.allowedW(nowMs, othersW, others[step - 1] ?? 0));
    const [asked = 0, before = 0] = [run.allowed.at(-3), others[step - 3]];
    const carsW = Math.max(0, Math.min(CARS_W, asked - before));
    run.cars.push(carsW);
    run.loads.push(otherW + carsW);
    window.read(otherW + carsW, nowMs);
    nowMs += STEP_MS;
    window.look(nowMs);
  }
  return run;
}

/** Mean of the window that ends with a step. */
function meanAt(loads: readonly number[], step: number): number {
  const within = loads.slice(Math.max(0, step + 1 - WINDOW_STEPS), step + 1);
  return within.reduce((sum, w) => sum + w, 0) / WINDOW_STEPS;
}

const history = (mostW: number) =>
  fc
    .array(fc.record({ steps: fc.integer({ min: 1, max: 60 }), w: fc.double({ min: 0, max: mostW, noNaN: true }) }), {
      minLength: 1,
      maxLength: 20,
    })
    .map((parts) => parts.flatMap(({ steps, w }) => new Array<number>(steps).fill(w)));

describe("a demand limit", () => {
  it("is kept in every sliding window, whatever the others draw up to what is expected of them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 29_000 }),
        history(1),
        fc.integer({ min: -1, max: 300 }),
        (mostW, shape, restart) => {
          const { loads } = drive(
            shape.map((part) => part * mostW),
            mostW,
            { restart },
          );
          for (const step of loads.keys()) assert.ok(meanAt(loads, step) <= LIMIT.limitW, `step ${step}`);
        },
      ),
    );
  });

  it("is kept in every window of the supplier's clock in the same way", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29_000 }), history(1), (mostW, shape) => {
        const { loads } = drive(
          shape.map((part) => part * mostW),
          mostW,
          { pulses: true },
        );
        for (let end = WINDOW_STEPS - 1; end < loads.length; end += WINDOW_STEPS)
          assert.ok(meanAt(loads, end) <= LIMIT.limitW, `window that ends with step ${end}`);
      }),
    );
  });

  it("is exceeded only once the cars have given all they have, whatever the others draw", () => {
    fc.assert(
      fc.property(history(90_000), (others) => {
        const { loads, cars } = drive(others, LIMIT.limitW);
        for (const step of loads.keys()) {
          // From the next decision that has come through on, no car draws.
          if (step > 2 && meanAt(loads, step - 3) > LIMIT.limitW) assert.equal(cars[step], 0, `step ${step}`);
        }
      }),
    );
  });

  it("lets cars draw more for a while after a quiet time, and settles just below the limit", () => {
    const { cars, loads } = drive(new Array<number>(1000).fill(2000), 2000);
    assert.ok(Math.max(...loads.slice(90)) > LIMIT.limitW);
    const mean = loads.slice(-WINDOW_STEPS * 4).reduce((sum, w) => sum + w, 0) / (WINDOW_STEPS * 4);
    assert.ok(mean > 0.9 * LIMIT.limitW && mean <= LIMIT.limitW, `${mean} W`);
    assert.ok(Math.min(...cars.slice(200)) > 5000, `${Math.min(...cars.slice(200))} W`);
  });

  it("counts what it does not know with the limit at least", () => {
    const window = new PeakWindow(LIMIT, 0);
    assert.ok(window.allowedW(0, 0) <= LIMIT.limitW);
    for (let ms = 0; ms < 900_000; ms += STEP_MS) window.read(1000, ms);
    assert.ok(window.meanW(900_000) < 1100);
    window.look(1_800_000 + 60_000);
    assert.ok(Math.abs(window.meanW(1_860_000) - LIMIT.limitW) < 100, `${window.meanW(1_860_000)} W`);
  });
});
