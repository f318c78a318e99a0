import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Papa from "papaparse";
import { exportSessions, listSessions, totalSessions } from "../../../lib/session/sessions/session-answer.ts";
import { sessionWithout } from "../../../lib/session/sessions/session-begin.ts";
import type { ReportChoice, SessionReports } from "../../../lib/session/sessions/session-reports.ts";
import { readSessionRequest } from "../../../lib/session/sessions/session-request.ts";
import { sessionRows } from "../../../lib/session/sessions/session-rows.ts";
import type { NewSession, SessionBook } from "../../../lib/store/books/session-types.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { ALL } from "../bench.ts";

const BERLIN = "Europe/Berlin";
const STYLE = { separator: ";", decimal: ",", columns: "all", timeZone: BERLIN } as const;

/** The headings that spreadsheets for EVlink stations know. */
const EVLINK = [
  "Charge number",
  "Charging station",
  "Socket ID",
  "Transaction ID",
  "UID",
  "Charge type",
  "Start",
  "End",
  "Energy (kWh)",
  "Socket type",
  "Duration",
  "Comment",
];

/** A site without back ends. */
const UNREPORTED: SessionReports = { backEnds: [], of: () => [] };

/** Two back ends: one refused the session CP1/1@2, the other may have it twice. */
const REPORTED: SessionReports = {
  backEnds: ["Operator", "=Scheme"],
  of: (session) =>
    session === "CP1/1@2"
      ? [
          { backEnd: "Operator", state: "refused", reason: "=unknown tag" },
          { backEnd: "=Scheme", state: "perhapsTwice", reason: null },
        ]
      : [],
};

describe("answers about sessions", () => {
  let folder: string;
  let store: Store;
  let book: SessionBook;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-answers-"));
    store = openStore(join(folder, "db.sqlite"), { clock: new FakeClock() });
    book = store.sessions;
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const closed = (start: string, change: Partial<NewSession> = {}): void => {
    const startedWallMs = Date.parse(start);
    const first = sessionWithout("CP1", 1, { zone: "garage", socketType: "T2" }, startedWallMs);
    const record = book.add({ ...first, energyWh: 10_000, energySource: "register", ...change });
    book.save([{ record: { ...record, endedWallMs: startedWallMs + 3_600_000, ...change }, memory: null }]);
  };
  const csv = (style: object = {}, query: object = {}, report: ReportChoice = null, reports = UNREPORTED): string =>
    [
      ...exportSessions(
        book,
        { query: { ...ALL, ...query }, report, format: "csv", style: { ...STYLE, ...style }, bom: false },
        reports,
      ),
    ].join("");
  const ask = (topic: string, payload: unknown = {}) =>
    readSessionRequest({ topic, payload }, BERLIN, Date.parse("2026-06-01T22:30:00Z"));

  it("have columns for names and places behind all others, where there are any", () => {
    closed("2026-05-31T22:30:00Z");
    const names = (given: boolean) => ({ given, connector: () => "Bay 12", place: () => "level −1" });
    const read = (style: object) => Papa.parse<string[]>(csv(style), { delimiter: STYLE.separator }).data;
    const [head, row] = read({ names: names(true) }) as [string[], string[]];
    assert.deepEqual(
      [head.slice(-2), row.slice(-2)],
      [
        ["Name", "Place"],
        ["Bay 12", "level −1"],
      ],
    );
    const plain = read({});
    assert.deepEqual([head.slice(0, -2), read({ names: names(false) })], [plain[0], plain]);
    assert.deepEqual(read({ names: names(true), columns: "evlink" })[0], EVLINK);
  });

  for (const separator of [";", ",", "\t"] as const) {
    for (const decimal of [",", "."] as const) {
      it(`are a table with ${JSON.stringify(separator)} between fields and ${decimal} in numbers`, () => {
        closed("2026-05-31T22:30:00Z", {
          transactionId: "17",
          idTag: "04AB",
          energyWh: 15_500.4,
          chargeType: "3-phase",
          comment: 'Anna; "7", 1\tund\nMüller',
          pvShare: 0.625,
        });
        const { data, errors } = Papa.parse<string[]>(csv({ separator, decimal }), { delimiter: separator });
        assert.deepEqual(errors, []);
        const [head, row, end] = data as [string[], string[], string[]];
        assert.deepEqual([head.slice(0, 12), end], [EVLINK, [""]]);
        assert.equal(head.length, row.length);
        assert.deepEqual(row.slice(0, 12), [
          "1",
          "CP1",
          "1",
          "17",
          "04AB",
          "3-phase",
          "2026-06-01 00:30:00",
          "2026-06-01 01:30:00",
          `15${decimal}5`,
          "T2",
          "1:00:00",
          'Anna; "7", 1\tund\nMüller',
        ]);
        assert.equal(row[head.indexOf("PV share (%)")], `62${decimal}5`);
      });
    }
  }

  it("are the twelve columns alone when these are wanted", () => {
    const { data } = Papa.parse<string[]>(csv({ columns: "evlink" }), { delimiter: ";" });
    assert.deepEqual(data[0], EVLINK);
  });

  for (const text of ["=1+1", "+49 171", "-cmd", "@SUM(A1)", "\tx", "\rx"]) {
    it(`give a spreadsheet no formula in a comment ${JSON.stringify(text)}`, () => {
      closed("2026-05-01T12:00:00Z", { comment: text, transactionId: "-3" });
      const { data } = Papa.parse<string[]>(csv({ columns: "evlink" }), { delimiter: ";", newline: "\r\n" });
      assert.equal(data[1]?.[11], `'${text}`);
      assert.equal(data[1]?.[3], "-3", "a number stays a number");
    });
  }

  it("are 100,000 rows page by page, in little memory and without blocking", () => {
    store.close();
    const database = new DatabaseSync(join(folder, "db.sqlite"));
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO sessions (id, closed_number, charge_point, connector, started_wall_ms, ended_wall_ms, seen_wall_ms,
        energy_wh, charging_s, waiting_s, idle_s, limited_s, flags, comment)
      SELECT 'CP1-' || i, i, 'CP' || (i % 50), 1, 1780000000000 + (i % 1000) * 60000, 1780003600000 + (i % 1000) * 60000,
        0, i, 3600, 0, 0, 0, '', 'Anna' FROM n`);
    database.close();
    store = openStore(join(folder, "db.sqlite"), { clock: new FakeClock() });
    let rows = -1;
    const tookMs: number[] = [];
    let longestText = 0;
    const seen = new Set<string>();
    let atMs = performance.now();
    const order = { query: ALL, report: null, format: "csv" as const, style: STYLE, bom: false };
    for (const page of exportSessions(store.sessions, order, UNREPORTED)) {
      tookMs.push(performance.now() - atMs);
      longestText = Math.max(longestText, page.length);
      for (const row of Papa.parse<string[]>(page as string, { delimiter: ";", skipEmptyLines: true }).data) {
        rows += 1;
        seen.add(row[0]!);
      }
      atMs = performance.now();
    }
    assert.deepEqual([rows, seen.size], [100_000, 100_001]);
    assert.ok(longestText < 500 * 400, `${longestText} characters at once`);
    // Of the later pages as of the first ones: none is searched for from the beginning. One may be unlucky; half of them are not.
    const half = tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length / 2)]!;
    assert.ok(half < 100, `${half} ms at once`);
  });

  it("are a list that says whether there is more", () => {
    for (const hour of ["10", "11", "12"]) closed(`2026-05-01T${hour}:00:00Z`);
    const { payload, count, truncated } = listSessions(book, ALL, 2);
    assert.deepEqual([payload.map(({ number }) => number), count, truncated], [[1, 2], 2, true]);
    assert.deepEqual([payload[0]?.start, payload[0]?.durationS], ["2026-05-01T10:00:00.000Z", 3600]);
  });

  it("know the months of the place, and averages", () => {
    closed("2026-04-30T21:59:59Z", { energyWh: 1000 });
    closed("2026-04-30T22:00:00Z", { energyWh: 2000, pvShare: 0.5 });
    closed("2026-06-10T12:00:00Z", { energyWh: 6000 });
    closed("2026-06-11T12:00:00Z", { energyWh: null });
    const { months, ...totals } = totalSessions(book, ALL, "month", BERLIN, Date.parse("2026-06-20T00:00:00Z"));
    assert.deepEqual(totals, {
      sessions: 4,
      energyWh: 9000,
      durationS: 14_400,
      chargingS: 0,
      waitingS: 0,
      limitedS: 0,
      pvShare: 0.5,
      averageEnergyWh: 3000,
      averageDurationS: 3600,
    });
    assert.deepEqual(
      months?.map(({ month, sessions, energyWh }) => [month, sessions, energyWh]),
      [
        ["2026-04", 1, 1000],
        ["2026-05", 1, 2000],
        ["2026-06", 2, 6000],
      ],
    );
  });

  it("find a user in any letter case, umlauts as well", () => {
    closed("2026-05-01T10:00:00Z", { user: "Jürgen Müller", id: "CP1/1@7" });
    const find = (user: string): number => book.page({ ...ALL, user }, null, 10).length;
    assert.deepEqual(
      [find("jürgen müller"), find("JÜRGEN MÜLLER"), find("Ju\u0308rgen Müller"), find("jurgen muller")],
      [1, 1, 1, 0],
    );
  });

  it("know charge points and users", () => {
    closed("2026-05-01T10:00:00Z", { user: "Anna" });
    closed("2026-05-01T11:00:00Z", { user: "Anna", chargePoint: "CP2", id: "CP2/1@1" });
    closed("2026-05-01T12:00:00Z", { idTag: "04AB", energyWh: 500 });
    const now = Date.parse("2026-06-01T00:00:00Z");
    assert.deepEqual(
      totalSessions(book, ALL, "user", BERLIN, now).users?.map(({ user, sessions }) => [user, sessions]),
      [
        ["Anna", 2],
        ["04AB", 1],
      ],
    );
    assert.deepEqual(
      totalSessions(book, ALL, "chargePoint", BERLIN, now).chargePoints?.map(({ chargePoint }) => chargePoint),
      ["CP1", "CP2"],
    );
  });

  it("are about the sessions that were asked for", () => {
    closed("2026-05-01T10:00:00Z", { user: "Anna", idTag: "04AB" });
    closed("2026-05-02T10:00:00Z", { comment: "guest", chargePoint: "CP2", id: "CP2/1@1" });
    book.add(sessionWithout("CP3", 2, { zone: null, socketType: null }, Date.parse("2026-05-03T10:00:00Z")));
    const found = (payload: object) => {
      const request = ask("sessions/list", payload);
      return request.kind === "list"
        ? listSessions(book, request.query, request.most).payload.map((s) => s.number)
        : [];
    };
    assert.deepEqual(found({}), [1, 2, 3]);
    assert.deepEqual(found({ from: "2026-05-02" }), [2, 3]);
    assert.deepEqual(found({ to: "2026-05-02" }), [1, 2]);
    assert.deepEqual(found({ from: "2026-05-01T10:00:00Z", to: "2026-05-02T10:00:00Z" }), [1]);
    assert.deepEqual(found({ month: "2026-05" }), [1, 2, 3]);
    assert.deepEqual(found({ month: "2026-04" }), []);
    assert.deepEqual(found({ chargePoint: "CP2" }), [2]);
    assert.deepEqual(found({ connector: 2 }), [3]);
    assert.deepEqual([found({ user: "anna" }), found({ user: "04ab" }), found({ user: "guest" })], [[1], [1], [2]]);
    assert.deepEqual([found({ state: "open" }), found({ state: "closed" })], [[3], [1, 2]]);
  });

  for (const [payload, message] of [
    [{ month: "2026-13" }, /payload\.month is "2026-13"; it must be a month such as 2026-05/],
    [{ from: "yesterday" }, /payload\.from is "yesterday"; it must be today, a day such as/],
    [{ from: "2026-02-31x" }, /payload\.from/],
    [{ to: "2026-02-31" }, /payload\.to is "2026-02-31"; it must be a day of the calendar/],
    [{ most: 0 }, /payload\.most is 0; it must be a whole number from 1 to 10000/],
    [{ state: "lost" }, /payload\.state/],
    [{ chargePoint: {} }, /payload\.chargePoint/],
  ] as const) {
    it(`refuse ${JSON.stringify(payload)}`, () => {
      assert.throws(() => ask("sessions/list", payload), { code: "EV_MESSAGE_INVALID", message });
    });
  }

  it("are about today where today is asked for: the day of the place", () => {
    closed("2026-06-01T21:00:00Z");
    closed("2026-06-01T22:15:00Z", { id: "CP1/1@2" });
    const request = ask("sessions/list", { from: "today" });
    assert.ok(request.kind === "list");
    const found = listSessions(book, request.query, request.most).payload;
    assert.deepEqual(
      found.map(({ start }) => start),
      ["2026-06-01T22:15:00.000Z"],
    );
  });

  describe("as rows for a table", () => {
    const NOW = Date.parse("2026-06-02T10:00:00Z");
    const rows = (payload: object = {}, most = 1000, reports = UNREPORTED) => {
      const request = readSessionRequest({ topic: "sessions/rows", payload: { most, ...payload } }, BERLIN, NOW);
      assert.ok(request.kind === "rows");
      const { report } = request;
      return sessionRows(book, request, { timeZone: BERLIN, language: "de" }, NOW, { reports, report });
    };

    it("have those that began yesterday and still run, where they are asked for", () => {
      closed("2026-06-01T08:00:00Z");
      book.add(sessionWithout("CP3", 2, { zone: null, socketType: null }, Date.parse("2026-06-01T20:00:00Z")));
      closed("2026-06-02T08:00:00Z", { id: "CP1/1@2", energyWh: 2_345 });
      const told = (payload: object) => rows({ from: "today", ...payload });
      assert.deepEqual(
        told({}).payload.map(({ chargePoint }) => chargePoint),
        ["CP1"],
      );
      const { payload, totals } = told({ running: true });
      assert.deepEqual(
        payload.map(({ chargePoint, from, to }) => [chargePoint, from, to]),
        [
          ["CP1", "10:00", "11:00"],
          ["CP3", "2026-06-01 22:00", ""],
        ],
      );
      assert.deepEqual([totals.sessions, totals.open, totals.energyKWh], [1, 1, 2.3]);
      assert.equal(told({ running: true, state: "closed" }).payload.length, 1);
    });

    it("come newest first, with names, times of the place and kWh, and with figures over all", () => {
      closed("2026-06-01T08:00:00Z", { user: "Anna", idTag: "04AB", energyWh: 10_000, pvShare: 0.5 });
      closed("2026-06-02T08:00:00Z", { id: "CP1/1@2", idTag: "04CD", energyWh: 2_345, pvShare: null });
      book.add(sessionWithout("CP3", 2, { zone: null, socketType: null }, Date.parse("2026-06-02T09:30:00Z")));
      const { payload, totals, count, truncated } = rows();
      assert.deepEqual(
        payload.map(({ chargePoint, who, from, to, energyKWh, sunPercent }) => [
          chargePoint,
          who,
          from,
          to,
          energyKWh,
          sunPercent,
        ]),
        [
          ["CP3", "", "11:30", "", null, null],
          ["CP1", "04CD", "10:00", "11:00", 2.35, null],
          ["CP1", "Anna", "2026-06-01 10:00", "2026-06-01 11:00", 10, 50],
        ],
      );
      assert.deepEqual(totals, { sessions: 3, open: 1, energyKWh: 12.3, sunPercent: 50 });
      assert.deepEqual([count, truncated], [3, false]);
      assert.equal(payload[1]!.duration, "1:00");
    });

    it("are the newest where there are more than were asked for; the figures are over all of them", () => {
      for (let day = 1; day <= 9; day++) closed(`2026-05-2${day}T08:00:00Z`, { id: `CP1/1@${day}` });
      const { payload, totals, truncated } = rows({}, 2);
      assert.deepEqual(
        payload.map(({ start }) => start.slice(0, 10)),
        ["2026-05-29", "2026-05-28"],
      );
      assert.deepEqual([totals.sessions, truncated], [9, true]);
    });

    it("say in the words of the site why a session ended, and nothing of one that goes on", () => {
      closed("2026-06-02T08:00:00Z", { stopReason: "EVDisconnected" });
      closed("2026-06-02T08:30:00Z", { id: "CP1/1@2", stopReason: "MakersOwn" });
      book.add(sessionWithout("CP3", 2, { zone: null, socketType: null }, Date.parse("2026-06-02T09:30:00Z")));
      assert.deepEqual(
        rows().payload.map(({ stopReason, ended }) => [stopReason, ended]),
        [
          ["", ""],
          ["MakersOwn", "MakersOwn"],
          ["EVDisconnected", "ausgesteckt"],
        ],
      );
    });

    it("say what each back end has of them, and can be those with one answer alone", () => {
      closed("2026-06-02T08:00:00Z", { id: "CP1/1@1" });
      closed("2026-06-02T08:30:00Z", { id: "CP1/1@2" });
      const all = rows({}, 1000, REPORTED);
      assert.deepEqual(all.backEnds, ["Operator", "=Scheme"]);
      assert.deepEqual(
        all.payload.map(({ reports }) => reports.map(({ backEnd, text }) => `${backEnd}: ${text}`)),
        [["Operator: abgelehnt: =unknown tag", "=Scheme: gemeldet, vielleicht doppelt"], []],
      );
      const ids = (report: string) => rows({ report }, 1000, REPORTED).payload.map(({ id }) => id);
      assert.deepEqual(["refused", "perhapsTwice", "waiting", "none"].map(ids), [
        ["CP1/1@2"],
        ["CP1/1@2"],
        [],
        ["CP1/1@1"],
      ]);
      assert.equal(rows({ report: "none" }, 1000, REPORTED).totals.sessions, 1);
      assert.throws(() => rows({ report: "lost" }), { code: "EV_MESSAGE_INVALID", field: "report" });
    });

    it("go back 31 days where nothing is said of the time", () => {
      closed("2026-05-01T08:00:00Z");
      assert.equal(rows().count, 0);
      assert.equal(rows({ from: "2026-05-01" }).count, 1);
    });
  });

  it("have a column for each back end in the table, without formulas of others", () => {
    closed("2026-05-31T22:30:00Z", { id: "CP1/1@1" });
    closed("2026-05-31T23:30:00Z", { id: "CP1/1@2" });
    const table = Papa.parse<string[]>(csv({}, {}, null, REPORTED).trim(), { delimiter: ";" }).data;
    assert.deepEqual(
      table.map((line) => line.slice(-2)),
      [
        ["Reported to Operator", "Reported to =Scheme"],
        ["", ""],
        ["refused: =unknown tag", "perhapsTwice"],
      ],
    );
    assert.equal(csv({}, {}, "waiting", REPORTED).trim().split("\r\n").length, 1);
    assert.doesNotMatch(csv({ columns: "evlink" }, {}, null, REPORTED), /Reported/);
  });

  it("refuse a topic that is none", () => {
    assert.throws(() => ask("sessions/delete"), { code: "EV_MESSAGE_INVALID", message: /topic is "sessions\/delete"/ });
  });
});
