import { strict as assert } from "node:assert";
import fc from "fast-check";
import { isTimeZone, localText, localTime, monthStart, wallOfLocal } from "../lib/local-time.ts";

const ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];

describe("local time", () => {
  it("is what the clock of that place shows", () => {
    assert.equal(localText(Date.parse("2026-06-01T12:00:00Z"), "Europe/Berlin"), "2026-06-01 14:00:00");
    assert.equal(localText(Date.parse("2026-01-01T00:00:00Z"), "America/New_York"), "2025-12-31 19:00:00");
  });

  it("skipped in spring is an hour later", () => {
    const wallMs = wallOfLocal({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, "Europe/Berlin");
    assert.equal(localText(wallMs, "Europe/Berlin"), "2026-03-29 03:30:00");
  });

  it("shown twice in autumn is the first of both", () => {
    const wallMs = wallOfLocal({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, "Europe/Berlin");
    assert.equal(new Date(wallMs).toISOString(), "2026-10-25T00:30:00.000Z");
  });

  it("goes there and back, in every zone", () => {
    const minutes = fc.integer({ min: Date.UTC(2015, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 });
    fc.assert(
      fc.property(minutes, fc.constantFrom(...ZONES), (minute, zone) => {
        const wallMs = minute * 60_000;
        const back = wallOfLocal(localTime(wallMs, zone), zone);
        assert.equal(localText(back, zone), localText(wallMs, zone));
        assert.ok(back <= wallMs);
      }),
      { numRuns: 300 },
    );
  });

  it("counts months", () => {
    const start = monthStart(Date.parse("2026-01-31T23:30:00Z"), "Europe/Berlin");
    assert.equal(new Date(start).toISOString(), "2026-01-31T23:00:00.000Z");
    assert.equal(localText(monthStart(start, "Europe/Berlin", -2), "Europe/Berlin"), "2025-12-01 00:00:00");
    assert.equal(localText(monthStart(start, "Europe/Berlin", 11), "Europe/Berlin"), "2027-01-01 00:00:00");
  });

  it("knows the names of time zones", () => {
    assert.deepEqual(["", "Europe/Berlin", "Mars/Base"].map(isTimeZone), [true, true, false]);
  });
});
