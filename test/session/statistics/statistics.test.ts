import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import Papa from "papaparse";
import { spanStart } from "../../../lib/session/statistics/periods.ts";
import { type Statistics, type StatisticsPlace, statisticsOf } from "../../../lib/session/statistics/statistics.ts";
import { statisticsCsv } from "../../../lib/session/statistics/statistics-csv.ts";
import { GROUPS, readStatisticsRequest } from "../../../lib/session/statistics/statistics-request.ts";
import type { NewSession, SessionBook } from "../../../lib/store/books/session-types.ts";
import { SESSION_SQL, sessionBook } from "../../../lib/store/books/sessions.ts";
import { UPSTREAM_SQL } from "../../../lib/store/books/upstreams.ts";
import { nativeDriver, type SqlDatabase, type SqlDriver, wasmDriver } from "../../../lib/store/disk/driver.ts";
import { migrate } from "../../../lib/store/disk/schema.ts";
import { cases } from "../../full.ts";
import { SessionBench } from "../bench.ts";

const BERLIN = "Europe/Berlin";
const at = (iso: string) => Date.parse(iso);
const NOW = at("2027-02-01T12:00:00Z");
const H = 3_600_000;

const ended = (
  id: number,
  start: string | number,
  end: string | number,
  more: Partial<NewSession> = {},
): NewSession => ({
  id: `s${id}`,
  ...{
    chargePoint: "CP1",
    connector: 1,
    zone: "Garage",
    transactionId: null,
    idTag: "04AB",
    user: null,
    comment: null,
  },
  startedWallMs: typeof start === "number" ? start : at(start),
  endedWallMs: typeof end === "number" ? end : at(end),
  seenWallMs: typeof end === "number" ? end : at(end),
  ...{ meterStartWh: null, meterStopWh: null, energyWh: 10_000, energySource: "register", meterKind: "charger" },
  ...{ pvShare: null, chargingS: 0, waitingS: 0, idleS: 0, limitedS: 0, chargeType: null, socketType: null },
  ...{ stopReason: null, flags: [] },
  ...more,
});

for (const driver of [nativeDriver()!, wasmDriver()])
  describe(`statistics of sessions, kept by ${driver.name}`, () => {
    let folder: string;
    let database: SqlDatabase;
    let book: SessionBook;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "phasewise-statistics-"));
      database = open(driver, join(folder, "db.sqlite"));
      book = bookOn(database);
    });
    afterEach(() => {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const keep = (...sessions: NewSession[]): void => {
      for (const session of sessions)
        book.save([{ record: { ...session, number: 0, closedNumber: null }, memory: null }]);
    };
    const ask = (payload: object, place: Partial<StatisticsPlace> = {}, owner: string | null = null) => {
      const timeZone = place.timeZone ?? BERLIN;
      const request = readStatisticsRequest(payload, timeZone, NOW, owner);
      return statisticsOf(book, request, { timeZone, tariff: null, ...place });
    };
    const energies = ({ rows }: Statistics) => Object.fromEntries(rows.map(({ key, energyWh }) => [key, energyWh]));

    it("come to the same by day, month, year, charge point, zone and holder, in every time zone", async () => {
      const DAY = 86_400_000;
      const one = fc.record({
        startMs: fc.integer({ min: at("2025-11-20T00:00:00Z"), max: at("2026-12-20T00:00:00Z") }),
        lengthMs: fc.oneof(fc.integer({ min: 0, max: DAY }), fc.integer({ min: 0, max: 20 * DAY })),
        energyWh: fc.option(fc.integer({ min: 0, max: 90_000 }), { freq: 6 }),
        pvShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        chargePoint: fc.constantFrom("CP1", "CP2"),
        zone: fc.constantFrom(null, "Garage"),
        user: fc.constantFrom(null, "Anna", ""),
        isOpen: fc.boolean(),
      });
      const property = fc.asyncProperty(
        fc.array(one, { maxLength: 12 }),
        fc.constantFrom(BERLIN, "America/New_York", "Asia/Kolkata"),
        async (sessions, timeZone) => {
          database.exec("DELETE FROM sessions");
          keep(
            ...sessions.map(({ startMs, lengthMs, isOpen, ...more }, index) => {
              const session = ended(index, startMs, startMs + lengthMs, more);
              return isOpen ? { ...session, endedWallMs: null } : session;
            }),
          );
          const span = { from: "2025-10-01", to: "2027-01-31" };
          const answers = await Promise.all(GROUPS.map((by) => ask({ ...span, by }, { timeZone })));
          for (const { by, rows, total } of answers) {
            for (const [name, value] of Object.entries(total)) {
              const first = (answers[0]!.total as unknown as Record<string, number | null>)[name] ?? null;
              const isSame = value === null || first === null ? value === first : Math.abs(value - first) < 1.1;
              assert.ok(isSame, `${name} ${by}: ${value} and ${first}`);
            }
            const sum = (name: "sessions" | "durationS" | "sunKnownWh") =>
              rows.reduce((all, row) => all + row[name], 0);
            assert.equal(sum("sessions"), sessions.length, by);
            assert.ok(Math.abs(sum("durationS") - total.durationS) <= rows.length, by);
            assert.ok(Math.abs(sum("sunKnownWh") - total.sunKnownWh) < rows.length * 0.06 + 1e-6, by);
            const energyWh = rows.reduce((all, row) => all + (row.energyWh ?? 0), 0);
            assert.ok(Math.abs(energyWh - (total.energyWh ?? 0)) < rows.length * 0.06 + 1e-6, by);
          }
          const energyWh = sessions.reduce((all, { energyWh: wh }) => all + (wh ?? 0), 0);
          const isMeasured = sessions.length === 0 || sessions.some(({ energyWh: wh }) => wh !== null);
          assert.equal(answers[0]!.total.energyWh, isMeasured ? energyWh : null);
        },
      );
      await fc.assert(property, { numRuns: cases(15, 150) });
    });

    it("give each day and month its part of a session that lasts over midnight, and of one over weeks", async () => {
      keep(
        ended(1, "2026-05-31T20:00:00Z", "2026-06-01T00:00:00Z"),
        ended(2, "2026-04-10T22:00:00Z", "2026-06-09T22:00:00Z", { energyWh: 60_000 }),
        ended(3, "2026-04-01T22:00:00Z", "2026-07-01T22:00:00Z", { endedWallMs: null, energyWh: null }),
      );
      const may = await ask({ month: "2026-05" });
      assert.equal(may.rows.length, 31);
      assert.deepEqual(
        [energies(may)["2026-05-30"], energies(may)["2026-05-31"], may.total.energyWh, may.total.sessions],
        [1000, 6000, 36_000, 1],
      );
      assert.deepEqual([may.total.unmeasured, may.rows[4]?.unmeasured], [1, 1]);
      assert.deepEqual(energies(await ask({ by: "month", from: "2026-04-01", to: "2026-06-30" })), {
        "2026-04": 20_000,
        "2026-05": 36_000,
        "2026-06": 14_000,
      });
    });

    it("say what is not known, and never 0", async () => {
      keep(
        ended(1, "2026-05-01T10:00:00Z", "2026-05-01T12:00:00Z", { energyWh: null }),
        ended(2, "2026-05-02T10:00:00Z", "2026-05-02T12:00:00Z"),
        ended(3, "2026-05-02T10:00:00Z", "2026-05-02T12:00:00Z", { pvShare: 0.25 }),
      );
      const tariff = { perKWh: 0.4, perHour: 0.5, currency: "EUR" };
      const { rows, total } = await ask({ month: "2026-05" }, { tariff });
      const [first, second, third] = rows;
      assert.deepEqual([first?.energyWh, first?.money, first?.unmeasured, first?.sunShare], [null, null, 1, null]);
      assert.deepEqual([second?.energyWh, second?.sunWh, second?.sunKnownWh], [20_000, 2500, 10_000]);
      assert.deepEqual([second?.money, second?.sunShare], [10, 0.25]);
      assert.deepEqual(
        [third?.energyWh, third?.money, third?.sunWh],
        [0, 0, null],
        "nothing was charged: that is known",
      );
      assert.deepEqual([total.energyWh, total.money, total.unmeasured], [20_000, 11, 1]);
      assert.equal("money" in (await ask({ month: "2026-05" })).total, false);
    });

    it("are asked for by charger, zone, holder and time, and a holder gets their own alone", async () => {
      const day = ["2026-05-02T10:00:00Z", "2026-05-02T12:00:00Z"] as const;
      keep(
        ended(1, ...day, { user: "Anna", energyWh: 1000 }),
        ended(2, ...day, { user: "Bob", comment: "Bob", chargePoint: "CP2", zone: null, energyWh: 2000 }),
        ended(3, ...day, { user: null, idTag: "ANNA", energyWh: 4000 }),
      );
      const may = { month: "2026-05" };
      assert.deepEqual(energies(await ask({ ...may, by: "holder" })), { ANNA: 4000, Bob: 2000, Anna: 1000 });
      assert.deepEqual(energies(await ask({ ...may, by: "zone" })), { Garage: 5000, null: 2000 });
      assert.equal((await ask({ ...may, user: "bob" })).total.energyWh, 2000);
      assert.equal((await ask({ ...may, zone: "Garage" })).total.energyWh, 5000);
      assert.equal((await ask({ ...may, chargePoint: "CP2" })).total.energyWh, 2000);
      assert.equal((await ask({ ...may }, {}, "anna")).total.energyWh, 1000, "a badge of that number is not a name");
      assert.equal((await ask({ ...may, user: "Bob" }, {}, "anna")).total.energyWh, 0);
      const { rows } = await ask({ ...may, by: "chargePoint" }, { nameOf: (id) => `Bay ${id}` });
      assert.deepEqual(
        rows.map(({ key, name }) => [key, name]),
        [
          ["CP1", "Bay CP1"],
          ["CP2", "Bay CP2"],
        ],
      );
    });

    it("make a table, with money where there is a tariff", async () => {
      keep(ended(1, "2026-05-02T10:00:00Z", "2026-05-02T12:00:00Z", { pvShare: 0.5, user: "=Anna" }));
      const tariff = { perKWh: 0.35, perHour: 0, currency: "CHF" };
      const answer = await ask({ month: "2026-05", by: "holder" }, { tariff });
      const text = statisticsCsv(answer, "CHF", { separator: ";", decimal: "," });
      const [head, line] = Papa.parse<string[]>(text, { delimiter: ";" }).data;
      assert.deepEqual(head?.slice(0, 3).concat(head.slice(-1)), ["User", "Sessions", "Energy (kWh)", "Amount (CHF)"]);
      assert.deepEqual(line, ["'=Anna", "1", "10", "2", "5", "10", "50", "0", "3,5"]);
    });
  });

describe("a question for statistics", () => {
  const read = (payload: object) => readStatisticsRequest(payload, BERLIN, NOW, null);

  it("is about what people look at first, and about no day to come", () => {
    const from = (payload: object) => read(payload).query.fromWallMs;
    assert.equal(from({}), spanStart(NOW, "month", BERLIN));
    assert.equal(from({ by: "month" }), spanStart(NOW, "year", BERLIN));
    assert.equal(from({ by: "year" }), null);
    assert.equal(from({ year: 2026, by: "month" }), at("2025-12-31T23:00:00Z"));
    assert.equal(read({ year: 2027 }).query.toWallMs, at("2027-02-01T23:00:00Z"));
  });

  it("that is wrong is refused with the name of the field", () => {
    for (const [payload, field] of [
      [{ by: "week" }, "payload.by"],
      [{ year: "26" }, "payload.year"],
      [{ month: "2026-13" }, "payload.month"],
      [{ from: "2026-05-02", to: "2026-05-01" }, "payload.to"],
      [{ format: "pdf" }, "payload.format"],
    ] as const)
      assert.throws(() => read(payload), { code: "EV_MESSAGE_INVALID", message: new RegExp(`^${field} is`) });
  });
});

describe("a session that lasts over midnight", () => {
  const dayEnd = (wallMs: number) => Math.ceil((wallMs + 1) / (24 * H)) * 24 * H;

  it("keeps what it had charged before and after, also when the process ends in between", async () => {
    const bench = new SessionBench();
    bench.dayEnd = dayEnd;
    try {
      const midnightMs = dayEnd(bench.clock.wallMs());
      bench.clock.advance(midnightMs - 2 * H - bench.clock.wallMs());
      const charger = bench.charger();
      await charger.start({ meterWh: 0 });
      charger.charge(60, 0);
      bench.clock.advance(30 * 60_000);
      bench.kill();
      bench.start();
      bench.clock.advance(10 * H);
      const again = bench.charger();
      again.charge(10, 6000);
      await charger.stop({ meterWh: 7000 });
      const [record] = bench.records();
      const [before, after] = record?.midnights ?? [];
      assert.equal(record?.energyWh, 7000);
      assert.equal(record?.midnights?.length, 2);
      assert.ok(before![0] < midnightMs && after![0] > midnightMs, `${record?.midnights}`);
      assert.ok(Math.abs(before![1] - 5900) <= 100 && Math.abs(after![1] - 6000) <= 100, `${record?.midnights}`);
    } finally {
      bench.close();
    }
  });
});

function open(driver: SqlDriver, path: string): SqlDatabase {
  const database = driver.open(path);
  database.exec("PRAGMA synchronous = OFF");
  database.function("folded", { deterministic: true }, (text) =>
    typeof text === "string" ? text.toLowerCase() : text,
  );
  migrate(database);
  return database;
}

function bookOn(database: SqlDatabase): SessionBook {
  const { pruneUpstreams, pruneUpstreamWhole } = UPSTREAM_SQL;
  const all = Object.entries({ ...SESSION_SQL, pruneUpstreams, pruneUpstreamWhole });
  const statements = Object.fromEntries(all.map(([name, sql]) => [name, database.prepare(sql)]));
  const access = {
    write: (_: string, body: (of: never) => unknown) => body(statements as never),
    read: () => statements,
  };
  return sessionBook({ ...access, settled: () => Promise.resolve() } as never, () => NOW);
}
