import { strict as assert } from "node:assert";
import {
  type PhaseMemory,
  type PhaseSight,
  planPhases,
  reckonedTerminals,
  threePhases,
} from "../../lib/pv/phase-switch.ts";

const SIGHT: PhaseSight = {
  plugged: true,
  onSurplus: true,
  surplusW: 6000,
  minA: 6,
  voltageV: 230,
  threeForbidden: false,
  setpointA: 6,
  drawA: 6,
  elapsedS: 10,
};

/** Runs for so many seconds in steps of ten. */
function run(memory: PhaseMemory, seconds: number, more: Partial<PhaseSight> = {}): PhaseMemory {
  let next = memory;
  for (let s = 0; s < seconds; s += 10) next = planPhases(next, { ...SIGHT, ...more }, 180);
  return next;
}

const ONE: PhaseMemory = { ...threePhases(), phases: 1 };

describe("the choice between one phase and three", () => {
  it("goes down when the surplus was too little for three phases, just before the disable delay would stop the car", () => {
    assert.equal(run(threePhases(), 150, { surplusW: 4000 }).phases, 3);
    assert.equal(run(threePhases(), 170, { surplusW: 4000 }).phases, 1);
  });

  it("goes up when the surplus was enough, and 200 W more, for 600 s", () => {
    assert.equal(run(ONE, 600, { surplusW: 4340 }).phases, 1);
    assert.equal(run(ONE, 630, { surplusW: 4340 }).phases, 3);
    assert.equal(run(ONE, 3600, { surplusW: 4339 }).phases, 1);
  });

  it("does neither for a cloud or a gap", () => {
    const cloud = run(run(threePhases(), 140, { surplusW: 1000 }), 10, { surplusW: 6000 });
    assert.equal(run(cloud, 140, { surplusW: 1000 }).phases, 3);
    const gap = run(run(ONE, 590), 10, { surplusW: 1000 });
    assert.equal(run(gap, 590).phases, 1);
  });

  it("goes down at once where a limit forbids three phases, and not up again while it does", () => {
    assert.equal(run(threePhases(), 20, { threeForbidden: true }).phases, 1);
    assert.equal(run(ONE, 3600, { threeForbidden: true }).phases, 1);
  });

  it("first lowers to the minimum and waits until the car has followed", () => {
    const forced = { threeForbidden: true };
    assert.equal(run(threePhases(), 10, forced).preparingS, 0);
    assert.equal(run(threePhases(), 600, { ...forced, setpointA: 16 }).phases, 3);
    assert.equal(run(threePhases(), 600, { ...forced, drawA: 16 }).phases, 3);
    assert.equal(run(threePhases(), 600, { ...forced, drawA: 6.8 }).phases, 1);
    assert.equal(run(threePhases(), 10, { ...forced, drawA: null }).phases, 3);
    assert.equal(run(threePhases(), 30, { ...forced, drawA: null }).phases, 1);
  });

  it("gives all phases to a car that does not charge from surplus", () => {
    assert.equal(run(ONE, 20, { onSurplus: false, surplusW: 0 }).phases, 3);
    assert.equal(run(threePhases(), 3600, { onSurplus: false, surplusW: 0 }).phases, 3);
  });

  it("switches at most five times a session, and begins anew with the next car", () => {
    let memory = threePhases();
    for (let i = 0; i < 20; i++) memory = run(run(memory, 900, { surplusW: 2000 }), 1200);
    assert.deepEqual([memory.switches, memory.phases], [5, 1]);
    assert.deepEqual(run(memory, 10, { plugged: false }), threePhases());
  });

  it("trusts no measured phase for 60 s after a switch", () => {
    const up = run(ONE, 630);
    assert.deepEqual([up.phases, reckonedTerminals(up)], [3, [1, 2, 3]]);
    assert.equal(reckonedTerminals(run(up, 60)), undefined);
    assert.deepEqual(reckonedTerminals(ONE), [1]);
  });
});
