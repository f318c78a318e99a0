import { strict as assert } from "node:assert";
import { WriteCount } from "../../../lib/station/limits/write-count.ts";
import { FakeClock } from "../../fake-clock.ts";

const HOUR_MS = 3_600_000;

describe("Written profiles", () => {
  it("count for a day, to the hour", () => {
    const clock = new FakeClock();
    const writes = new WriteCount(clock);
    for (let hour = 0; hour < 30; hour++) {
      for (let count = 0; count < 10; count++) writes.note();
      assert.equal(writes.lastDay, 10 * Math.min(24, hour + 1));
      clock.advance(HOUR_MS);
    }
    clock.advance(22 * HOUR_MS);
    assert.equal(writes.lastDay, 10);
    clock.advance(HOUR_MS);
    assert.equal(writes.lastDay, 0);
  });

  it("count for a day, too, where nobody asked or wrote for long", () => {
    const clock = new FakeClock();
    const writes = new WriteCount(clock);
    for (let hour = 0; hour < 1000; hour++) {
      writes.note();
      clock.advance(HOUR_MS);
    }
    assert.equal(writes.lastDay, 23);
    clock.advance(10 * HOUR_MS);
    writes.note();
    assert.equal(writes.lastDay, 14);
    clock.advance(10_000 * HOUR_MS);
    assert.equal(writes.lastDay, 0);
  });

  it("count on when the wall clock is set", () => {
    const clock = new FakeClock();
    const writes = new WriteCount(clock);
    writes.note();
    clock.jumpWall(48 * HOUR_MS);
    writes.note();
    assert.equal(writes.lastDay, 2);
  });
});
