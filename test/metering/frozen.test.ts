import { strict as assert } from "node:assert";
import { FrozenWatch } from "../../lib/metering/frozen.ts";
import type { MeterProfile } from "../../lib/metering/profiles.ts";
import { EMPTY_PROFILE, register } from "./random-profile.ts";

const profile: MeterProfile = {
  ...EMPTY_PROFILE,
  registers: {
    currentL1: register(0, "uint16"),
    frequency: register(10, "uint16"),
    energyImport: register(20, "uint32"),
  },
};
const current = (value: number) => ({ functionCode: 3, address: 0, registers: [value] });
const frequency = (value: number) => ({ functionCode: 3, address: 10, registers: [value] });
const energy = (value: number) => ({ functionCode: 3, address: 20, registers: [0, value] });

describe("FrozenWatch", () => {
  let watch: FrozenWatch;

  beforeEach(() => {
    watch = new FrozenWatch(profile);
  });

  /** Second from which the reads count as frozen, null when they never do within a minute. */
  function frozenAt(
    reads: (second: number) => Parameters<FrozenWatch["add"]>[0],
    flows = true,
    everyS = 1,
  ): number | null {
    for (let second = 0; second < 60; second += everyS) {
      if (watch.add(reads(second), flows, second * 1000) !== null) return second;
    }
    return null;
  }

  it("counts as frozen after ten seconds to the bit, since the first of them", () => {
    assert.equal(
      frozenAt(() => [current(7), frequency(50)]),
      10,
    );
    assert.equal(watch.add([current(7), frequency(50)], true, 11_000), 0);
  });

  it("needs five samples, however long they take", () => {
    assert.equal(
      frozenAt(() => [current(7), frequency(50)], true, 5),
      20,
    );
  });

  it("needs a voltage, frequency or energy among the registers: a current may stand still", () => {
    assert.equal(
      frozenAt(() => [current(7)]),
      null,
    );
  });

  it("never counts while no current flows", () => {
    assert.equal(
      frozenAt(() => [current(0), frequency(50)], false),
      null,
    );
  });

  it("is over with the first bit that changes", () => {
    assert.equal(
      frozenAt((second) => [current(7), frequency(second % 9)]),
      null,
    );
    assert.equal(
      frozenAt(() => [current(7), frequency(50)]),
      10,
    );
    assert.equal(watch.add([current(8), frequency(50)], true, 12_000), null);
  });

  it("waits until slow blocks that are read in turn have come again", () => {
    assert.equal(
      frozenAt((second) => (second % 15 === 0 ? [current(7), energy(1)] : [current(7)])),
      15,
    );
  });

  it("takes the change of one slow block for life", () => {
    assert.equal(
      frozenAt((second) => (second % 2 === 0 ? [current(7), energy(second)] : [current(7), frequency(50)])),
      null,
    );
  });

  it("starts over when the device is read in other blocks", () => {
    assert.equal(
      frozenAt(() => [current(7), frequency(50)]),
      10,
    );
    watch.reset();
    assert.equal(watch.add([current(7), frequency(50)], true, 11_000), null);
  });
});
