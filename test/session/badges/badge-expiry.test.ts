import { strict as assert } from "node:assert";
import fc from "fast-check";
import { localText } from "../../../lib/local-time.ts";
import { expiryText, expiryWallMs, readExpiry } from "../../../lib/session/badges/badge-expiry.ts";

const DAY_MS = 86_400_000;
const dayOf = (wallMs: number, timeZone: string): string => localText(wallMs, timeZone).slice(0, 10);
const endOf = (day: string, timeZone: string): string => new Date(expiryWallMs(day, timeZone)!).toISOString();

describe("The last day of a badge", () => {
  const rows: [zone: string, day: string, ends: string, why: string][] = [
    ["UTC", "2026-12-31", "2027-01-01T00:00:00.000Z", "at midnight"],
    ["Europe/Berlin", "2026-12-31", "2026-12-31T23:00:00.000Z", "an hour before UTC's"],
    ["America/Los_Angeles", "2026-12-31", "2027-01-01T08:00:00.000Z", "eight hours after UTC's"],
    ["Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00.000Z", "which has 23 hours"],
    ["Europe/Berlin", "2026-03-28", "2026-03-28T23:00:00.000Z", "before the clocks go forward"],
    ["Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00.000Z", "which has 25 hours"],
    ["Asia/Kathmandu", "2026-02-28", "2026-02-28T18:15:00.000Z", "where the clock is a quarter of an hour aside"],
    ["Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00.000Z", "when midnight itself is skipped"],
    ["America/Havana", "2026-10-31", "2026-11-01T04:00:00.000Z", "when the hour after it comes twice"],
  ];
  for (const [zone, day, ends, why] of rows)
    it(`${day} ends at ${ends} in ${zone}: ${why}`, () => assert.equal(endOf(day, zone), ends));

  it("ends with its last millisecond on the clock of the site, wherever that is and whenever its clock changes", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const days = fc.integer({ min: Date.parse("2015-01-01") / DAY_MS, max: Date.parse("2037-12-31") / DAY_MS });
    fc.assert(
      fc.property(fc.constantFrom(...zones), days, (timeZone, number) => {
        // Every day on which the clock of the place changes, or the first one where it never does.
        for (const day of [number, ...changesAfter(number * DAY_MS, timeZone)].map(isoDay)) {
          const end = expiryWallMs(day, timeZone)!;
          assert.equal(dayOf(end - 1, timeZone), day);
          assert.ok(dayOf(end, timeZone) > day);
        }
      }),
      { numRuns: 60 },
    );
  });

  const isoDay = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

  /** The days around the next change of a clock, found by the hour at which noon in UTC is there; within a year. */
  function changesAfter(wallMs: number, timeZone: string): number[] {
    const hourAt = (number: number) => localText(number * DAY_MS + DAY_MS / 2, timeZone).slice(11);
    const first = wallMs / DAY_MS;
    for (let number = first; number < first + 366; number++)
      if (hourAt(number) !== hourAt(number + 1)) return [number - 1, number, number + 1, number + 2];
    return [];
  }
});

describe("Until when a badge is valid", () => {
  const zone = "Europe/Berlin";
  const read = (value: unknown): string => readExpiry(value, "payload.expiryDate", zone);

  it("stays exact where a time is given", () => {
    for (const [given, is] of [
      ["2027-12-31T18:00:00Z", "2027-12-31T18:00:00.000Z"],
      ["2027-12-31T18:00:00.123+02:00", "2027-12-31T16:00:00.123Z"],
      ["2027-12-31T18:00Z", "2027-12-31T18:00:00.000Z"],
    ] as const) {
      assert.equal(read(given), is);
      assert.equal(expiryWallMs(read(given), "America/New_York"), Date.parse(given));
    }
  });

  it("is read on the clock of the site where a time has no offset", () => {
    assert.equal(read("2027-12-31T18:00"), "2027-12-31T17:00:00.000Z");
    assert.equal(read("2027-07-31 18:00:30"), "2027-07-31T16:00:30.000Z");
  });

  it("is told as people of the site read it", () => {
    assert.equal(expiryText("2027-12-31", zone), "2027-12-31");
    assert.equal(expiryText("2027-12-31T18:00:00.000Z", zone), "2027-12-31 19:00");
  });

  for (const wrong of ["soon", "2026-02-30", "2026-13-01", "31.12.2026", "12/31/2026", "2026-12-31T25:00", 20261231])
    it(`is refused as ${wrong}`, () => {
      assert.throws(() => read(wrong), {
        code: "EV_MESSAGE_INVALID",
        message: /^payload.expiryDate is .* a day such as/,
      });
    });
});
