import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  BETWEEN_S,
  MOST_SWITCHES,
  type PhaseSwitchFacts,
  type PhaseSwitchMemory,
  phaseCapA,
  planPhases,
  reckonedTerminals,
  threePhases,
} from "../../lib/pv/phase-switch.ts";

const DELAYS = { enableDelayS: 60, disableDelayS: 180 };
const STEP_S = 10;
const SIGHT: PhaseSwitchFacts = {
  plugged: true,
  onSurplus: true,
  guaranteed: false,
  surplusW: 6000,
  minA: 6,
  minA3p: 6,
  voltageV: 230,
  threeForbidden: false,
  setpointA: 6,
  terminalsA: [6, 6, 6],
  sampleAgeS: 0,
  elapsedS: STEP_S,
};
const ON_ONE = [6, 0, 0];

/** Runs for so many seconds; the charger feeds what it is told, unless something else is said. */
function run(memory: PhaseSwitchMemory, seconds: number, more: Partial<PhaseSwitchFacts> = {}): PhaseSwitchMemory {
  let next = memory;
  for (let s = 0; s < seconds; s += STEP_S) {
    const setpointA = phaseCapA(next, 6) ?? 6;
    const terminalsA = next.phases === 1 ? [setpointA, 0, 0] : [setpointA, setpointA, setpointA];
    next = planPhases(next, { ...SIGHT, setpointA, terminalsA, ...more }, DELAYS);
  }
  return next;
}

const ONE: PhaseSwitchMemory = { ...threePhases(), phases: 1 };

describe("the choice between one phase and three", () => {
  it("goes down when the surplus was too little for three phases, just before the disable delay would stop the car", () => {
    assert.equal(run(threePhases(), 150, { surplusW: 4000 }).phases, 3);
    assert.equal(run(threePhases(), 170, { surplusW: 4000 }).phases, 1);
  });

  it("does not go down for a sun that is too weak for one phase, unless the minimum is given anyway", () => {
    assert.equal(run(threePhases(), 3600, { surplusW: 1300 }).phases, 3);
    assert.equal(run(threePhases(), 200, { surplusW: 1300, guaranteed: true }).phases, 1);
  });

  it("does not go down for a car that uses one phase anyway, nor for one that nobody measures", () => {
    assert.equal(run(threePhases(), 3600, { surplusW: 2000, terminalsA: ON_ONE }).phases, 3);
    assert.equal(run(threePhases(), 3600, { surplusW: 2000, terminalsA: [6, 6, null] }).phases, 3);
    assert.equal(run(threePhases(), 3600, { surplusW: 2000, terminalsA: null }).phases, 3);
  });

  it("goes up when the surplus was enough, and 200 W more, for 600 s", () => {
    assert.equal(run(ONE, 600, { surplusW: 4340 }).phases, 1);
    assert.equal(run(ONE, 630, { surplusW: 4340 }).phases, 3);
    assert.equal(run(ONE, 3600, { surplusW: 4339 }).phases, 1);
  });

  it("reckons with the larger minimum where three phases have one of their own", () => {
    assert.equal(run(ONE, 3600, { surplusW: 9800, minA: 8, minA3p: 14 }).phases, 1);
    assert.equal(run(ONE, 630, { surplusW: 9860, minA: 8, minA3p: 14 }).phases, 3);
  });

  it("does neither for a cloud or a gap", () => {
    const cloud = run(run(threePhases(), 140, { surplusW: 2000 }), 10, { surplusW: 6000 });
    assert.equal(run(cloud, 140, { surplusW: 2000 }).phases, 3);
    const gap = run(run(ONE, 590), 10, { surplusW: 1000 });
    assert.equal(run(gap, 590).phases, 1);
  });

  it("goes down at once where a limit forbids three phases, and not up again while it does", () => {
    assert.equal(run(threePhases(), 30, { threeForbidden: true }).phases, 1);
    assert.equal(run(ONE, 3600, { threeForbidden: true }).phases, 1);
  });

  it("first lowers to the minimum and waits until the car has followed", () => {
    const forced = { threeForbidden: true };
    assert.equal(run(threePhases(), 10, forced).stage, "preparing");
    assert.equal(run(threePhases(), 600, { ...forced, setpointA: 16 }).phases, 3);
    assert.equal(run(threePhases(), 600, { ...forced, terminalsA: [16, 16, 16] }).phases, 3);
    assert.equal(run(threePhases(), 30, { ...forced, terminalsA: [6.8, 6.8, 6.8] }).phases, 1);
  });

  it("pauses a charger that needs it, before it is told and for a while after", () => {
    const pausing = run(threePhases(true), 160, { surplusW: 2000 });
    assert.deepEqual([pausing.stage, pausing.phases, phaseCapA(pausing, 6)], ["preparing", 3, 0]);
    assert.equal(run(pausing, 600, { surplusW: 2000, terminalsA: [6, 6, 6] }).phases, 3, "not while current flows");
    const told = run(pausing, 10, { surplusW: 2000, setpointA: 0, terminalsA: [0, 0, 0] });
    assert.deepEqual([told.stage, told.phases, phaseCapA(told, 6)], ["resting", 1, 0]);
    assert.equal(run(told, 10, { surplusW: 2000, setpointA: 0, terminalsA: [0, 0, 0] }).stage, "steady");
  });

  it("gives all phases to a car that does not charge from surplus, and never takes any away", () => {
    assert.equal(run(ONE, 30, { onSurplus: false, surplusW: 0 }).phases, 3);
    assert.equal(run(threePhases(), 3600, { onSurplus: false, surplusW: 0 }).phases, 3);
    assert.equal(run(threePhases(), 3600, { onSurplus: false, threeForbidden: true }).phases, 3);
    assert.equal(run(ONE, 3600, { onSurplus: false, threeForbidden: true }).phases, 1, "no room for three");
  });

  it("switches at most five times a session and once more for a person, and begins anew with the next car", () => {
    let memory = threePhases();
    for (let i = 0; i < 20; i++) memory = run(run(memory, 900, { surplusW: 2000 }), 1200);
    assert.deepEqual([memory.switches, memory.phases], [MOST_SWITCHES, 1]);
    memory = run(memory, 600, { onSurplus: false });
    assert.deepEqual([memory.switches, memory.phases], [MOST_SWITCHES + 1, 3]);
    assert.deepEqual(run(memory, 10, { plugged: false }), threePhases());
  });
});

describe("the proof of a change of phases", () => {
  const told = () => {
    let memory = threePhases();
    while (memory.phases === 3) memory = run(memory, STEP_S, { surplusW: 2000 });
    return memory;
  };

  it("is a sample from after it: until then all phases are reckoned with, then those it shows", () => {
    const memory = told();
    assert.deepEqual(reckonedTerminals(memory), [1, 2, 3]);
    const old = run(memory, 60, { surplusW: 2000, terminalsA: ON_ONE, sampleAgeS: 300 });
    assert.deepEqual(reckonedTerminals(old), [1, 2, 3]);
    const paused = run(memory, 600, { surplusW: 2000, terminalsA: [0, 0, 0] });
    assert.deepEqual(reckonedTerminals(paused), [1, 2, 3]);
    const half = run(memory, 600, { surplusW: 2000, terminalsA: [6, 0, null] });
    assert.deepEqual(reckonedTerminals(half), [1, 2, 3]);
    assert.deepEqual(reckonedTerminals(run(memory, 10, { surplusW: 2000 })), [1]);
  });

  it("is asked for on the way up, too", () => {
    const up = run(ONE, 620, { surplusW: 6000 });
    assert.deepEqual([up.phases, reckonedTerminals(up)], [3, [1, 2, 3]]);
    assert.equal(reckonedTerminals(run(up, 10)), undefined, "as its measurements show");
  });

  it("is reckoned with all phases before the charger is told to use them", () => {
    const preparing = run(ONE, 610, { surplusW: 6000 });
    assert.deepEqual([preparing.stage, preparing.phases], ["preparing", 1]);
    assert.deepEqual(reckonedTerminals(preparing), [1, 2, 3]);
  });

  it("lets the car run at its minimum meanwhile, as long as the sun is enough for one phase", () => {
    const memory = run(told(), 10, { surplusW: 2000, terminalsA: [0, 0, 0] });
    assert.deepEqual([memory.trial, phaseCapA(memory, 6)], [true, 6]);
    const dark = run(memory, 200, { surplusW: 500, terminalsA: [0, 0, 0], setpointA: 0 });
    assert.equal(dark.trial, false);
    assert.equal(run(dark, 50, { terminalsA: [0, 0, 0], setpointA: 0, surplusW: 1500 }).trial, false);
    assert.equal(run(dark, 80, { terminalsA: [0, 0, 0], setpointA: 0, surplusW: 1500 }).trial, true);
  });

  it("that fails leads to a pause and one more try, then to what it had, and nothing more until the car has gone", () => {
    const stays = { surplusW: 2000, terminalsA: [6, 6, 6] };
    const asked = run(told(), 100, stays);
    assert.deepEqual([asked.stage, asked.phases, asked.pauses, asked.failed], ["preparing", 1, true, false]);
    const again = run(asked, 30, { ...stays, terminalsA: [0, 0, 0], setpointA: 0 });
    assert.deepEqual([again.phases, again.switches], [1, 1]);
    const failed = run(again, 120, stays);
    assert.deepEqual([failed.phases, failed.failed], [3, true]);
    const later = run(failed, 3600, stays);
    assert.deepEqual([later.phases, later.failed, later.switches], [3, true, 1]);
    const next = run(later, 10, { plugged: false });
    assert.deepEqual([next.failed, next.switches, next.pauses], [false, 0, true]);
  });

  it("of a charger that was proven to change during a pause asks for one from then on", () => {
    const asked = run(told(), 100, { surplusW: 2000, terminalsA: [6, 6, 6] });
    const again = run(asked, 30, { surplusW: 2000, terminalsA: [0, 0, 0], setpointA: 0 });
    const proven = run(again, 60, { surplusW: 2000 });
    assert.deepEqual([proven.phases, proven.confirmed, proven.failed, proven.pauses], [1, true, false, true]);
  });

  it("that is lost later counts as not followed, and all its phases are reckoned with at once", () => {
    const proven = run(told(), 60, { surplusW: 2000 });
    const lost = run(proven, 10, { surplusW: 2000, terminalsA: [6, 6, 6] });
    assert.deepEqual(reckonedTerminals(lost), [1, 2, 3]);
  });
});

describe("whatever the sun and the charger do", () => {
  const sight = fc.record({
    onSurplus: fc.boolean(),
    guaranteed: fc.boolean(),
    surplusW: fc.integer({ min: -2000, max: 9000 }),
    threeForbidden: fc.boolean(),
    setpointA: fc.constantFrom(0, 6, 16),
    terminalsA: fc.constantFrom<(readonly (number | null)[] | null)[]>(
      [0, 0, 0],
      [6, 0, 0],
      [6, 6, 6],
      [16, 16, 16],
      [6, null, null],
      null,
    ),
    sampleAgeS: fc.constantFrom(0, 5, 60, 400),
    seconds: fc.integer({ min: 10, max: 900 }),
  });

  it("it tells no more changes than a session may have, never two within 300 s, and reckons with all phases until one is shown", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(sight, { maxLength: 40 }), (pauses, sights) => {
        let memory = threePhases(pauses);
        let sinceS = Number.POSITIVE_INFINITY;
        for (const { seconds, ...more } of sights) {
          for (let s = 0; s < seconds; s += STEP_S) {
            const before = memory;
            memory = planPhases(before, { ...SIGHT, ...more }, DELAYS);
            sinceS += STEP_S;
            if (memory.phases !== before.phases) {
              if (!memory.failed) assert.ok(sinceS >= BETWEEN_S, `again after ${sinceS} s`);
              sinceS = 0;
              assert.equal(memory.confirmed, false);
            }
            if (memory.confirmed && !before.confirmed)
              assert.ok(more.sampleAgeS < sinceS, "shown by a sample from before");
            if (memory.phases === 1 && reckonedTerminals(memory)?.length === 1) assert.ok(memory.confirmed);
            assert.ok(memory.switches <= MOST_SWITCHES + 1);
          }
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
