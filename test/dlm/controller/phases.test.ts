import { strict as assert } from "node:assert";
import {
  noPhases,
  type PhaseMemory,
  type PhaseSight,
  terminalsOf,
  watchPhases,
} from "../../../lib/dlm/controller/phases.ts";

const SIGHT: PhaseSight = {
  wired: 3,
  plugged: true,
  terminalsA: [10, 0, 0],
  fresh: true,
  setpointA: 10,
  minA: 6,
  elapsedS: 1,
};

/** Looks at the same sight for so many seconds. */
function watch(seconds: number, more: Partial<PhaseSight> = {}, from: PhaseMemory = noPhases()): PhaseMemory {
  let memory = from;
  for (let second = 0; second <= seconds; second++) memory = watchPhases(memory, { ...SIGHT, ...more });
  return memory;
}

const detected = ({ detected }: PhaseMemory) => (detected === null ? null : terminalsOf(detected));

describe("phase detection", () => {
  it("narrows after a minute of charging at the minimum or more", () => {
    assert.equal(detected(watch(60)), null);
    assert.deepEqual(detected(watch(62)), [1]);
  });

  it("does not narrow below the minimum, without current, or from one sample", () => {
    assert.equal(detected(watch(200, { setpointA: 0 })), null);
    assert.equal(detected(watch(200, { terminalsA: [0, 0, 0] })), null);
    assert.equal(detected(watch(200, { terminalsA: null })), null);
    assert.equal(detected(watch(200, { fresh: false }, watch(0))), null);
  });

  it("widens at the first sample that shows current on another terminal", () => {
    assert.deepEqual(detected(watch(0, { terminalsA: [10, 2, 0] }, watch(70))), [1, 2]);
  });

  it("does not call a terminal unused that has no reading", () => {
    assert.deepEqual(detected(watch(70, { terminalsA: [10, null, 0] })), [1, 2]);
  });

  it("takes 1 A for no current", () => {
    assert.deepEqual(detected(watch(70, { terminalsA: [10, 1, 0.9] })), [1]);
  });

  it("keeps what it knows while the car rests", () => {
    assert.deepEqual(detected(watch(600, { setpointA: 0, terminalsA: [0, 0, 0] }, watch(70))), [1]);
  });

  it("starts anew when the car leaves or the number of phases changes", () => {
    assert.equal(detected(watch(0, { plugged: false }, watch(70))), null);
    assert.equal(detected(watch(0, { wired: 1 }, watch(70))), null);
  });

  it("ignores terminals that are not wired", () => {
    assert.deepEqual(detected(watch(70, { wired: 1, terminalsA: [10, 10, 10] })), [1]);
  });
});
