import { strict as assert } from "node:assert";
import { readDays, readTime, windowsAt } from "../../../../lib/dlm/inputs/outside/schedule.ts";
import type { ScheduleWindow } from "../../../../lib/dlm/inputs/outside/types.ts";
import { isTimeZone } from "../../../../lib/local-time.ts";

const window = (days: string, from: string, to: string): ScheduleWindow => ({
  days: readDays(days)!,
  fromMinute: readTime(from)!,
  toMinute: readTime(to)!,
  limitA: 10,
  powerW: null,
});
const holds = (one: ScheduleWindow, iso: string, timeZone = "Europe/Berlin") =>
  windowsAt([one], Date.parse(iso), timeZone).length === 1;

describe("days of a schedule", () => {
  const cases: [unknown, number[] | null][] = [
    ["mon-fri", [0, 1, 2, 3, 4]],
    ["sat, sun", [5, 6]],
    ["Fri-Mon", [0, 4, 5, 6]],
    ["daily", [0, 1, 2, 3, 4, 5, 6]],
    ["", [0, 1, 2, 3, 4, 5, 6]],
    [
      ["mon", "wed"],
      [0, 2],
    ],
    ["tuesday", [1]],
    ["someday", null],
    ["mon-fri-sun", null],
  ];
  for (const [given, days] of cases) {
    it(`${JSON.stringify(given)} are ${JSON.stringify(days)}`, () => assert.deepEqual(readDays(given), days));
  }
});

describe("times of a schedule", () => {
  it("are hours and minutes", () => {
    assert.deepEqual(["0:00", "06:30", "22:05", "24:00"].map(readTime), [0, 390, 1325, 1440]);
    assert.deepEqual(["24:01", "12:60", "noon", "", null].map(readTime), [null, null, null, null, null]);
  });

  it("are local to a zone that this machine knows", () => {
    assert.deepEqual(["", "Europe/Berlin", "Mars/Base"].map(isTimeZone), [true, true, false]);
  });
});

describe("a window of a schedule", () => {
  it("begins with its first minute and ends before its last", () => {
    const evening = window("mon-fri", "17:00", "20:00");
    assert.equal(holds(evening, "2026-06-01T14:59:59Z"), false);
    assert.equal(holds(evening, "2026-06-01T15:00:00Z"), true);
    assert.equal(holds(evening, "2026-06-01T17:59:59Z"), true);
    assert.equal(holds(evening, "2026-06-01T18:00:00Z"), false);
    assert.equal(holds(evening, "2026-06-06T16:00:00Z"), false, "a Saturday");
  });

  it("that ends before it begins ends on the next day", () => {
    const night = window("fri", "22:00", "06:00");
    assert.equal(holds(night, "2026-06-05T19:59:00Z"), false);
    assert.equal(holds(night, "2026-06-05T20:00:00Z"), true);
    assert.equal(holds(night, "2026-06-06T03:59:00Z"), true, "on Saturday morning");
    assert.equal(holds(night, "2026-06-06T04:00:00Z"), false);
    assert.equal(holds(night, "2026-06-05T02:00:00Z"), false, "on Friday morning");
  });

  it("lasts a whole day when it begins and ends at the same minute", () => {
    const day = window("sun", "06:00", "06:00");
    assert.equal(holds(day, "2026-06-07T04:00:00Z"), true);
    assert.equal(holds(day, "2026-06-08T03:59:00Z"), true);
    assert.equal(holds(day, "2026-06-08T04:00:00Z"), false);
  });

  it("keeps to the clock on the wall when summer time begins and ends", () => {
    const morning = window("daily", "06:00", "07:00");
    assert.equal(holds(morning, "2026-03-28T05:30:00Z"), true, "06:30 in winter");
    assert.equal(holds(morning, "2026-03-29T04:30:00Z"), true, "06:30 in summer");
    assert.equal(holds(morning, "2026-03-29T05:30:00Z"), false, "07:30 in summer");
    const twice = window("sun", "02:00", "03:00");
    for (const iso of ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]) assert.equal(holds(twice, iso), true, iso);
  });
});
