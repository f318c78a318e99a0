import { strict as assert } from "node:assert";
import fc from "fast-check";
import { localText } from "../../lib/local-time.ts";
import { isTimeOfDay, lastDue, nextDue, PERIODS, periodName, type ReportPlan } from "../../lib/report/schedule.ts";

const BERLIN = "Europe/Berlin";
const plan = (change: Partial<ReportPlan> = {}): ReportPlan => ({
  period: "daily",
  at: "00:01",
  timeZone: BERLIN,
  ...change,
});
const at = (text: string) => Date.parse(text);
const local = (wallMs: number) => localText(wallMs, BERLIN);

describe("the time of a report", () => {
  it("is each day, each Monday or each first of the month, by the clock of the place", () => {
    const now = at("2026-06-03T10:00:00Z");
    const due = (period: ReportPlan["period"]) => local(lastDue(plan({ period }), now));
    assert.deepEqual(PERIODS.map(due), ["2026-06-03 00:01:00", "2026-06-01 00:01:00", "2026-06-01 00:01:00"]);
    const next = (period: ReportPlan["period"]) => local(nextDue(plan({ period }), now));
    assert.deepEqual(PERIODS.map(next), ["2026-06-04 00:01:00", "2026-06-08 00:01:00", "2026-07-01 00:01:00"]);
  });

  it("has come at its very second, and not before", () => {
    const due = at("2026-06-02T22:01:00Z");
    assert.equal(lastDue(plan(), due), due);
    assert.equal(local(lastDue(plan(), due - 1)), "2026-06-02 00:01:00");
  });

  it("skipped by the clock in spring is when it goes on", () => {
    assert.equal(local(lastDue(plan({ at: "02:30" }), at("2026-03-29T12:00:00Z"))), "2026-03-29 03:00:00");
  });

  it("shown twice by the clock in autumn comes once", () => {
    const half = plan({ at: "02:30" });
    const first = at("2026-10-25T00:30:00Z");
    assert.equal(lastDue(half, at("2026-10-25T01:45:00Z")), first);
    assert.equal(local(nextDue(half, first)), "2026-10-26 02:30:00");
  });

  for (const [period, due, name] of [
    ["daily", "2026-06-01T00:01:00+02:00", "2026-05-31"],
    ["weekly", "2026-06-01T00:01:00+02:00", "2026-W22"],
    ["weekly", "2027-01-04T00:01:00+01:00", "2026-W53"],
    ["monthly", "2026-06-01T00:01:00+02:00", "2026-05"],
    ["monthly", "2026-01-01T00:01:00+01:00", "2025-12"],
  ] as const) {
    it(`names the ${period} one of ${due.slice(0, 10)} ${name}`, () => {
      assert.equal(periodName(plan({ period }), at(due)), name);
    });
  }

  it("never lies ahead, and the next one follows it, whatever the zone and the time", () => {
    const zones = fc.constantFrom(BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "");
    const times = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const moments = fc.integer({ min: at("2015-01-01T00:00:00Z"), max: at("2040-01-01T00:00:00Z") });
    fc.assert(
      fc.property(fc.constantFrom(...PERIODS), times, zones, moments, (period, [hour, minute], timeZone, wallMs) => {
        const one = { period, at: `${hour}:${String(minute).padStart(2, "0")}`, timeZone };
        const last = lastDue(one, wallMs);
        const next = nextDue(one, wallMs);
        assert.ok(last <= wallMs && wallMs < next, `${last} ${wallMs} ${next}`);
        assert.equal(nextDue(one, last), next, "none lies between");
        assert.equal(lastDue(one, next), next);
      }),
      { numRuns: 200 },
    );
  });

  it("is a time of day", () => {
    assert.deepEqual(["00:01", "7:30", "24:00", "12", "aa:bb"].map(isTimeOfDay), [true, true, false, false, false]);
  });
});
