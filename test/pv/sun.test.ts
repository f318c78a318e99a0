import { strict as assert } from "node:assert";
import type { Snapshot } from "../../lib/dlm/types.ts";
import { Sun } from "../../lib/pv/sun.ts";

type Connector = Snapshot["connectors"][number];

function car(drawA: number, sampledS: number, more: Partial<Connector> = {}): Connector {
  return {
    id: "CP1/1",
    zone: "house",
    phases: 1,
    minA: 6,
    mode: "pv",
    state: "charging",
    measuredA: [drawA],
    measuredTsMs: sampledS * 1000,
    ...more,
  };
}

/** The power for cars on surplus, W: what the controller comes to from the grid power that it is told. */
function poolW(sun: Sun, connector: Connector): number {
  return (connector.measuredA?.[0] ?? 0) * 230 - sun.gridW([connector], 230)!;
}

describe("the sun", () => {
  it("is not known before the first surplus", () => assert.equal(new Sun().gridW([], 230), null));

  it("falls at once and rises when more has been there for 15 s", () => {
    const sun = new Sun();
    const idle = car(0, 0, { state: "available" });
    const said = [3000, 2000, 2500, 4000].map((exportW, i) => {
      sun.add(exportW, [idle], 230, i * 5000);
      return poolW(sun, idle);
    });
    assert.deepEqual(said, [3000, 2000, 2000, 2000]);
    for (let s = 16; s <= 23; s++) sun.add(4000, [idle], 230, s * 1000);
    assert.equal(poolW(sun, idle), 2500);
    for (let s = 24; s <= 31; s++) sun.add(4000, [idle], 230, s * 1000);
    assert.equal(poolW(sun, idle), 4000);
  });

  it("does not rise for less than half an ampere", () => {
    const sun = new Sun();
    for (let s = 0; s <= 120; s++) sun.add(s === 0 ? 3000 : 3100, [], 230, s * 1000);
    assert.equal(sun.gridW([], 230), -3000);
  });

  it("gives a running car its minimum back at once after a dip", () => {
    const sun = new Sun();
    sun.commanded(new Map([["CP1/1", 6]]), 0);
    const running = (s: number) => car(6, s, { measuredTsMs: s * 1000 });
    for (const [s, exportW] of [
      [10, 600],
      [11, -800],
      [12, 300],
    ] as const)
      sun.add(exportW, [running(s)], 230, s * 1000);
    assert.equal(poolW(sun, running(12)), 1380);
  });

  it("takes no rise of a car that has not reported it for a cloud", () => {
    const sun = new Sun();
    sun.commanded(new Map([["CP1/1", 6]]), 0);
    sun.add(1000, [car(6, 10)], 230, 10_000);
    sun.commanded(new Map([["CP1/1", 10]]), 11_000);
    sun.add(1000 - 4 * 230, [car(6, 10)], 230, 15_000);
    assert.equal(poolW(sun, car(6, 10)), 6 * 230 + 1000);
    sun.add(1000 - 4 * 230, [car(10, 20)], 230, 20_000);
    assert.equal(poolW(sun, car(10, 20)), 6 * 230 + 1000);
  });

  it("sees a cloud that is larger than what a car could have risen by", () => {
    const sun = new Sun();
    sun.commanded(new Map([["CP1/1", 6]]), 0);
    sun.add(1000, [car(6, 10)], 230, 10_000);
    sun.commanded(new Map([["CP1/1", 10]]), 11_000);
    sun.add(-2000, [car(6, 10)], 230, 15_000);
    assert.equal(poolW(sun, car(6, 10)), 10 * 230 - 2000);
  });

  it("leaves cars in other modes alone: what they draw is load", () => {
    const sun = new Sun();
    const fast = car(16, 0, { mode: "fast" });
    sun.add(500, [fast], 230, 0);
    assert.equal(sun.gridW([fast], 230), -500);
  });
});
