import { strict as assert } from "node:assert";
import type { PvDay } from "./days.ts";
import { foresight } from "./foresight.ts";
import { PV_CAR } from "./pv-home.ts";

const NEED_W = 1380;

/** Surplus by the quarter of an hour, W. */
function dayOf(...quartersW: number[]): PvDay {
  const pvW = Float64Array.from({ length: 900 * quartersW.length }, (_, s) => quartersW[Math.floor(s / 900)]!);
  return { name: "made", pvW, houseW: new Float64Array(pvW.length) };
}

describe("what one could charge who knows the day", () => {
  it("buys nothing and uses all where every stretch can have its start", () => {
    const { boughtWh, usedWh, starts } = foresight(dayOf(0, 2000, 0, 2000, 0), PV_CAR, 2, 1)!;
    assert.equal(boughtWh, 0);
    assert.ok(Math.abs(usedWh - 1000) < 1e-6);
    assert.equal(starts, 2);
  });

  it("bridges the cheapest gap where there are not enough starts", () => {
    const { boughtWh, starts } = foresight(dayOf(0, 2000, 0, 2000, 1000, 2000, 0), PV_CAR, 2, 1)!;
    assert.ok(Math.abs(boughtWh - (NEED_W - 1000) / 4) < 1e-6);
    assert.equal(starts, 2);
  });

  it("leaves out what need not be used", () => {
    assert.equal(foresight(dayOf(2000, 0, 2000), PV_CAR, 1, 0.5)!.boughtWh, 0);
  });
});
