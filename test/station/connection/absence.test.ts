import { strict as assert } from "node:assert";
import { type Departure, drewTooMuch } from "../../../lib/station/connection/absence.ts";

const HOUR_MS = 3_600_000;

/** 16 A for 3 min, then 6 A, on three phases. */
const departure: Departure = {
  energyWh: 1000,
  atMs: 0,
  phases: 3,
  maxA: 32,
  allowedA: (nowMs) => (nowMs < 180_000 ? 16 : 6),
};
const afterAnHour = (drawnWh: number) => drewTooMuch(departure, 1000 + drawnWh, HOUR_MS);

describe("What an outlet drew while its charge point was away", () => {
  it("is no more than its limits allowed, give or take", () => {
    assert.equal(afterAnHour(4485), null);
    assert.equal(afterAnHour(5600), null);
  });

  it("is more than they allowed, with both energies", () => {
    const drawn = afterAnHour(11_000);
    assert.equal(drawn?.drawnWh, 11_000);
    assert.ok(Math.abs(drawn!.allowedWh - 4485) < 10, `${drawn!.allowedWh} Wh`);
  });

  it("says nothing where the register began anew or jumped, or it was away for moments", () => {
    assert.equal(afterAnHour(-900), null);
    assert.equal(afterAnHour(4_000_000), null);
    assert.equal(drewTooMuch(departure, 1090, 5000), null);
  });
});
