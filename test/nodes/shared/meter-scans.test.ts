import { strict as assert } from "node:assert";
import { type MeterProfile, meterProfile } from "../../../lib/metering/profiles.ts";
import type { ModbusBus } from "../../../lib/modbus/bus.ts";
import { MeterScans } from "../../../nodes/admin/meter-scans.ts";
import { FakeClock } from "../../fake-clock.ts";

const profile = meterProfile("eastron-sdm630") as MeterProfile;

describe("MeterScans", () => {
  /** A line on which a request never ends. */
  const bus = { read: () => new Promise<number[]>(() => {}) } as unknown as ModbusBus;
  const wish = { bus, profile, from: 1, to: 9, over: () => {} };

  it("forgets a search that nobody asks about any more", () => {
    const clock = new FakeClock();
    const scans = new MeterScans(clock);
    const id = scans.begin(wish);
    clock.advance(14_000);
    assert.equal(scans.page(id).total, 9);
    clock.advance(14_000);
    assert.equal(scans.page(id).isOver, false);
    clock.advance(16_000);
    assert.throws(() => scans.page(id), { code: "EV_CONFIG_MISSING" });
  });

  it("runs four at once at most, and gives the line of a fifth back", () => {
    const scans = new MeterScans(new FakeClock());
    for (let turn = 0; turn < 4; turn++) scans.begin(wish);
    let over = 0;
    const fifth = { ...wish, over: () => over++ };
    assert.throws(() => scans.begin(fifth), { code: "EV_CONFIG_INVALID", message: /4 searches are running already/ });
    assert.equal(over, 1);
  });
});
