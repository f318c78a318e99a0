import { strict as assert } from "node:assert";
import fc from "fast-check";
import { periodsOf, SPANS, spanStart } from "../../../lib/session/statistics/periods.ts";
import { shareOut } from "../../../lib/session/statistics/share-out.ts";
import type { SessionMidnight } from "../../../lib/store/books/session-types.ts";
import { cases } from "../../full.ts";

const H = 3_600_000;
const ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"];
/** Around both changes of the clocks. */
const SPRING = Date.parse("2026-03-20T00:00:00Z");
const SPAN_MS = 240 * 86_400_000;

const at = (iso: string) => Date.parse(iso);

interface Shared {
  startedWallMs: number;
  lastWallMs: number;
  energyWh: number | null;
  pvShare: number | null;
  midnights: readonly SessionMidnight[];
}

const session = (start: string, end: string, more: Partial<Shared> = {}): Shared => ({
  ...{ startedWallMs: at(start), lastWallMs: at(end), energyWh: 10_000, pvShare: null, midnights: [] },
  ...more,
});

const days = (from: string, to: string, timeZone = "Europe/Berlin") =>
  periodsOf(at(from), at(to), "day", timeZone, 100);

const shared: fc.Arbitrary<Shared> = fc
  .record({
    startedWallMs: fc.integer({ min: SPRING, max: SPRING + SPAN_MS }),
    lengthMs: fc.oneof(fc.integer({ min: 0, max: 5 * H }), fc.integer({ min: 0, max: 90 * 24 * H })),
    energyWh: fc.option(fc.double({ min: 0, max: 200_000, noNaN: true }), { freq: 8 }),
    pvShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    marks: fc.array(
      fc.tuple(
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        fc.double({ min: 0, max: 300_000, noNaN: true }),
        fc.option(fc.double({ min: 0, max: 300_000, noNaN: true })),
      ),
      { maxLength: 6 },
    ),
  })
  .map(({ startedWallMs, lengthMs, energyWh, pvShare, marks }) => ({
    ...{ startedWallMs, lastWallMs: startedWallMs + lengthMs, energyWh, pvShare },
    midnights: marks.map(([part, wh, sunWh]) => [startedWallMs + part * lengthMs, wh, sunWh] as const),
  }));

describe("A session shared out among periods", () => {
  it("adds up to itself by day, by month and by year, in every time zone, whatever was kept of it", () => {
    fc.assert(
      fc.property(shared, fc.constantFrom(...ZONES), fc.constantFrom(...SPANS), (one, timeZone, span) => {
        const fromMs = spanStart(one.startedWallMs, span, timeZone);
        const { keys, boundsMs } = periodsOf(fromMs, one.lastWallMs + 1, span, timeZone, 1000);
        const parts = shareOut(one, boundsMs);
        const sum = (of: (part: (typeof parts)[number]) => number | null) =>
          parts.reduce((all, part) => all + (of(part) ?? 0), 0);
        assert.equal(new Set(keys).size, keys.length, "no period twice");
        assert.equal(
          sum(({ durationMs }) => durationMs),
          one.lastWallMs - one.startedWallMs,
        );
        assert.ok(Math.abs(sum(({ energyWh }) => energyWh) - (one.energyWh ?? 0)) < 1e-6);
        const sunWh = one.energyWh === null || one.pvShare === null ? null : one.energyWh * one.pvShare;
        assert.ok(Math.abs(sum((part) => part.sunWh) - (sunWh ?? 0)) < 1e-6);
        for (const { energyWh, sunWh: partWh } of parts) {
          assert.equal(energyWh === null, one.energyWh === null, "unknown stays unknown");
          assert.equal(partWh === null, sunWh === null);
          assert.ok((energyWh ?? 0) >= 0 && (partWh ?? 0) >= -1e-6 && (partWh ?? 0) <= (energyWh ?? 0) + 1e-6);
        }
      }),
      { numRuns: cases(300, 3000) },
    );
  });

  it("follows what was kept around midnight, else the time", () => {
    const { boundsMs } = days("2026-05-31T22:00:00Z", "2026-06-02T22:00:00Z");
    const night = session("2026-06-01T20:00:00Z", "2026-06-02T00:00:00Z", { pvShare: 0.2 });
    assert.deepEqual(
      shareOut(night, boundsMs).map(({ energyWh, sunWh }) => [energyWh, sunWh]),
      [
        [5000, 1000],
        [5000, 1000],
      ],
    );
    const midnights: SessionMidnight[] = [
      [at("2026-06-01T21:59:00Z"), 9000, 2000],
      [at("2026-06-01T22:01:00Z"), 9000, 2000],
    ];
    assert.deepEqual(
      shareOut({ ...night, midnights }, boundsMs).map(({ energyWh, sunWh }) => [energyWh, sunWh]),
      [
        [9000, 2000],
        [1000, 0],
      ],
    );
  });

  it("gives a day of 23 hours less and one of 25 hours more", () => {
    const hours = (from: string, to: string) => {
      const { boundsMs } = days(from, to);
      return shareOut(session(from, to), boundsMs).map(({ durationMs }) => durationMs / H);
    };
    assert.deepEqual(hours("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z"), [24, 23, 24]);
    assert.deepEqual(hours("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z"), [24, 25, 24]);
  });

  it("counts only what lies in the periods, and the whole of a session without length", () => {
    const { boundsMs } = days("2026-05-31T22:00:00Z", "2026-06-01T22:00:00Z");
    const long = session("2026-05-31T12:00:00Z", "2026-06-02T12:00:00Z", { energyWh: 48_000 });
    assert.deepEqual(
      shareOut(long, boundsMs).map(({ index, energyWh }) => [index, energyWh]),
      [[0, 24_000]],
    );
    const short = session("2026-05-31T22:00:00Z", "2026-05-31T22:00:00Z");
    assert.deepEqual(
      shareOut(short, boundsMs).map(({ energyWh }) => energyWh),
      [10_000],
    );
  });

  it("never falls when the clock of the machine went back, or the end was put right downwards", () => {
    const { boundsMs } = days("2026-05-31T22:00:00Z", "2026-06-02T22:00:00Z");
    const midnights: SessionMidnight[] = [
      [at("2026-06-01T21:00:00Z"), 20_000, null],
      [at("2026-06-01T20:30:00Z"), 1, null],
      [at("2036-01-01T00:00:00Z"), 5000, null],
    ];
    const parts = shareOut(session("2026-06-01T20:00:00Z", "2026-06-02T00:00:00Z", { midnights }), boundsMs);
    assert.deepEqual(
      parts.map(({ energyWh }) => energyWh),
      [10_000, 0],
    );
  });
});
