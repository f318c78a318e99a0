import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import Papa from "papaparse";
import type { ConsumptionBook, ReportContent } from "../../lib/report/content.ts";
import { type DeliveryState, type ReportEvent, ReportSender } from "../../lib/report/report-sender.ts";
import type { Period } from "../../lib/report/schedule.ts";
import { sessionWithout } from "../../lib/session/sessions/session-begin.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { cases } from "../full.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BERLIN = "Europe/Berlin";

/** A desk on a fake clock and a real database. */
class Bench {
  readonly clock: FakeClock;
  readonly sent: { id: string; content: ReportContent }[] = [];
  readonly events: ReportEvent[] = [];
  period: Period = "daily";
  consumption: ConsumptionBook | null = null;
  deliver: () => DeliveryState | Error = () => "done";
  store!: Store;
  desk!: ReportSender;
  #folder = mkdtempSync(join(tmpdir(), "phasewise-reports-"));
  #sessions = 0;

  constructor(start = "2026-06-10T12:00:00Z") {
    this.clock = new FakeClock(start);
    this.open();
  }

  /** A process begins. */
  open(destination = "http http://127.0.0.1/"): void {
    this.store = openStore(join(this.#folder, "db.sqlite"), { clock: this.clock });
    this.desk = new ReportSender({
      reports: this.store.reports,
      sessions: this.store.sessions,
      clock: this.clock,
      destination,
      plan: () => ({ period: this.period, at: "00:01", timeZone: BERLIN }),
      style: () => ({
        table: { separator: ";", decimal: ",", columns: "evlink", timeZone: BERLIN },
        language: "en-US",
        subject: "",
        consumption: this.consumption,
      }),
      deliver: async (id, content) => {
        this.sent.push({ id, content });
        const outcome = this.deliver();
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
      tell: (event) => this.events.push(event),
      trouble: (error) => assert.fail(String(error)),
    });
    this.desk.start();
  }

  shut(): void {
    this.desk.close();
    this.store.close();
  }

  end(): void {
    this.shut();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Lets time pass in steps, and what it sets off be done. */
  async pass(ms: number, stepMs = HOUR_MS): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(stepMs, left));
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** A session ends now. */
  session(agoMs = 0): number {
    const { sessions } = this.store;
    const endedWallMs = this.clock.wallMs() - agoMs;
    this.#sessions += 1;
    const first = sessionWithout(`CP${this.#sessions}`, 1, { zone: null, socketType: null }, endedWallMs - HOUR_MS);
    const record = sessions.add({ ...first, energyWh: 1000 });
    return sessions.save([{ record: { ...record, endedWallMs }, memory: null }])[0]!.number;
  }

  /** The end of a session that had ended becomes known better. */
  correct(number: number, energyWh: number, agoMs = 0): void {
    const { sessions } = this.store;
    const record = this.page().find((one) => one.number === number)!;
    const endedWallMs = this.clock.wallMs() - agoMs;
    sessions.save([{ record: { ...record, endedWallMs, energyWh, flags: ["corrected"] }, memory: null }]);
  }

  page() {
    const all = { fromWallMs: null, toWallMs: null, chargePoint: null, connector: null, user: null, state: null };
    return this.store.sessions.page(all, null, 1000);
  }

  /** Number and energy of every row in each report that was sent. */
  get figures(): [number: number, kWh: number][][] {
    return this.sent.map(({ content }) =>
      Papa.parse<string[]>(content.csv, { delimiter: ";", skipEmptyLines: true })
        .data.slice(1)
        .map((row) => [Number(row[0]), Number(row[8]!.replace(",", "."))]),
    );
  }

  /** Numbers of the sessions in each report that was sent. */
  get rows(): number[][] {
    return this.sent.map(({ content }) =>
      Papa.parse<string[]>(content.csv, { delimiter: ";", skipEmptyLines: true })
        .data.slice(1)
        .map(([number]) => Number(number)),
    );
  }

  get told(): string[] {
    return this.events.map(({ event, period }) => `${event} ${period}`);
  }
}

describe("reports", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench();
    await bench.settle();
  });
  afterEach(() => bench.end());

  it("come at their time with the sessions that ended since the last one", async () => {
    const first = bench.session();
    await bench.pass(DAY_MS);
    assert.deepEqual(bench.rows, [[first]]);
    const [second, third] = [bench.session(), bench.session()];
    await bench.pass(DAY_MS);
    await bench.pass(DAY_MS);
    assert.deepEqual(bench.rows, [[first], [second, third], []]);
    assert.deepEqual(bench.told, [
      "created 2026-06-10",
      "sent 2026-06-10",
      "created 2026-06-11",
      "sent 2026-06-11",
      "created 2026-06-12",
      "sent 2026-06-12",
    ]);
  });

  describe("of a session that was put right", () => {
    it("take back what was reported and say what holds, so that the sum is what was charged", async () => {
      const [first, second] = [bench.session(), bench.session()];
      await bench.pass(DAY_MS);
      bench.correct(first, 2500, HOUR_MS);
      await bench.pass(DAY_MS);
      await bench.pass(DAY_MS);
      assert.deepEqual(bench.figures, [
        [
          [first, 1],
          [second, 1],
        ],
        [
          [first, -1],
          [first, 2.5],
        ],
        [],
      ]);
      const { csv, text, energyWh, sessions } = bench.sent[1]!.content;
      assert.deepEqual([energyWh, sessions], [1500, 0]);
      assert.match(text, /1 session of an earlier report was put right/);
      const [, back, anew] = Papa.parse<string[]>(csv, { delimiter: ";" }).data;
      assert.deepEqual([back![10], anew![10]], ["-1:00:00", "24:00:00"]);
    });

    it("hold it once, as it is, where it was not reported yet", async () => {
      const first = bench.session();
      bench.correct(first, 2500);
      await bench.pass(DAY_MS);
      await bench.pass(DAY_MS);
      assert.deepEqual(bench.figures, [[[first, 2.5]], []]);
    });

    it("say the same again in a later try, and put it right in the next report", async () => {
      bench.deliver = () => new Error("refused");
      const first = bench.session();
      await bench.pass(14 * HOUR_MS);
      bench.correct(first, 2500);
      bench.correct(first, 2600);
      bench.deliver = () => "done";
      await bench.pass(DAY_MS);
      const { figures } = bench;
      assert.deepEqual(figures.at(-2), [[first, 1]]);
      assert.deepEqual(figures.at(-1), [
        [first, -1],
        [first, 2.6],
      ]);
    });

    it("leave it alone when nothing that is charged for has changed", async () => {
      const first = bench.session();
      await bench.pass(DAY_MS);
      const record = bench.page()[0]!;
      bench.store.sessions.save([{ record: { ...record, flags: ["energyDoubtful"] }, memory: null }]);
      await bench.pass(DAY_MS);
      assert.deepEqual(bench.figures, [[[first, 1]], []]);
    });

    it("take nothing back at a destination that was never told of it", async () => {
      const first = bench.session();
      await bench.pass(DAY_MS);
      bench.shut();
      bench.open("http http://another/");
      await bench.settle();
      bench.correct(first, 2500);
      const second = bench.session();
      await bench.pass(DAY_MS);
      assert.deepEqual(bench.figures.at(-1), [[second, 1]]);
    });

    it("forget it with the session", async () => {
      const first = bench.session();
      await bench.pass(DAY_MS);
      bench.correct(first, 2500);
      bench.store.sessions.prune(bench.clock.wallMs() + 1);
      await bench.pass(DAY_MS);
      assert.deepEqual(bench.figures, [[[first, 1]], []]);
    });
  });

  it("say in words what they hold", async () => {
    bench.session();
    bench.session();
    await bench.pass(DAY_MS);
    const { content } = bench.sent[0]!;
    assert.deepEqual(
      [content.subject, content.filename, content.text],
      [
        "Charging sessions 2026-06-10",
        "sessions-2026-06-10.csv",
        "2 charging sessions, 2 kWh.\nThe table is attached: sessions-2026-06-10.csv",
      ],
    );
  });

  it("begin with the period that runs when they are set up", async () => {
    bench.shut();
    bench.period = "weekly";
    bench.open("http http://elsewhere/");
    const before = bench.session(5 * DAY_MS);
    const within = bench.session(DAY_MS);
    bench.shut();
    bench.open("http http://another/");
    await bench.settle();
    await bench.pass(5 * DAY_MS, 6 * HOUR_MS);
    assert.deepEqual(bench.rows, [[within]]);
    assert.ok(before < within);
  });

  it("that were missed while the machine was off are made up for, as one", async () => {
    const first = bench.session();
    bench.shut();
    bench.clock.advance(3 * DAY_MS);
    bench.open();
    await bench.settle();
    assert.deepEqual(bench.rows, [[first]]);
    assert.equal(bench.told.at(-1), "sent 2026-06-12");
    await bench.pass(DAY_MS);
    assert.deepEqual(bench.rows, [[first], []]);
  });

  it("are tried again every hour for seven days, with the same key, and then given up", async () => {
    bench.deliver = () => new Error("refused");
    bench.session();
    await bench.pass(12 * HOUR_MS, 600_000);
    const { id } = bench.sent[0]!;
    const created = bench.clock.wallMs();
    while (!bench.events.some(({ event }) => event === "givenUp")) await bench.pass(HOUR_MS, 600_000);
    const tries = bench.sent.filter((one) => one.id === id).length;
    assert.ok(tries >= 167 && tries <= 169, `${tries} tries`);
    assert.ok(Math.abs(bench.clock.wallMs() - created - 7 * DAY_MS) <= 4 * HOUR_MS);
    assert.match(bench.events.find(({ event }) => event === "failed")?.error ?? "", /refused/);
  });

  it("arrive once when the receiver is back", async () => {
    bench.deliver = () => new Error("refused");
    const first = bench.session();
    await bench.pass(14 * HOUR_MS);
    bench.deliver = () => "done";
    await bench.pass(2 * HOUR_MS);
    await bench.pass(5 * HOUR_MS);
    assert.equal(bench.told.filter((event) => event.startsWith("sent")).length, 1);
    assert.deepEqual(bench.rows.at(-1), [first]);
  });

  it("wait on disk over a restart, and are sent once", async () => {
    bench.deliver = () => new Error("refused");
    const first = bench.session();
    await bench.pass(12 * HOUR_MS);
    const tried = bench.sent.length;
    bench.shut();
    bench.deliver = () => "done";
    bench.clock.advance(2 * HOUR_MS);
    bench.open();
    await bench.pass(3 * HOUR_MS);
    bench.shut();
    bench.open();
    await bench.pass(3 * HOUR_MS);
    assert.equal(bench.sent.length, tried + 1);
    assert.deepEqual(bench.rows.at(-1), [first]);
  });

  it("are not sent twice at once after a crash in the middle", async () => {
    bench.session();
    let crash = () => {};
    bench.deliver = () => {
      crash();
      return "handedOver";
    };
    crash = () => bench.store.close();
    bench.clock.advance(12 * HOUR_MS);
    bench.desk.close();
    await bench.settle();
    crash = () => {};
    bench.open();
    await bench.settle();
    const sent = bench.sent.length;
    await bench.pass(HOUR_MS / 2, 60_000);
    assert.equal(bench.sent.length, sent);
  });

  describe("through a flow", () => {
    beforeEach(() => {
      bench.deliver = () => "handedOver";
    });

    it("are done when they are acknowledged", async () => {
      bench.session();
      await bench.pass(12 * HOUR_MS);
      const { id } = bench.sent[0]!;
      assert.equal(bench.desk.acknowledge(id, null), true);
      assert.equal(bench.told.at(-1), "sent 2026-06-10");
      await bench.pass(10 * HOUR_MS);
      assert.equal(bench.sent.length, 1);
    });

    it("are tried again after an hour when they failed", async () => {
      bench.session();
      await bench.pass(12 * HOUR_MS);
      bench.desk.acknowledge(bench.sent[0]!.id, "mailbox full");
      assert.equal(bench.events.at(-1)?.error, "mailbox full");
      await bench.pass(HOUR_MS + 60_000, 600_000);
      assert.equal(bench.sent.length, 2);
      assert.equal(bench.sent[1]?.id, bench.sent[0]?.id);
    });

    it("are tried again after an hour without a word, where words are known to come", async () => {
      bench.session();
      await bench.pass(12 * HOUR_MS);
      bench.desk.acknowledge(bench.sent[0]!.id, null);
      bench.session();
      await bench.pass(DAY_MS + 2 * HOUR_MS);
      const second = bench.sent.filter(({ id }) => id !== bench.sent[0]!.id);
      assert.ok(second.length > 1, `${second.length} tries`);
    });

    it("are repeated once a day only, where no word ever came", async () => {
      bench.session();
      await bench.pass(12 * HOUR_MS);
      const { id } = bench.sent[0]!;
      await bench.pass(3 * DAY_MS);
      assert.equal(bench.sent.filter((one) => one.id === id).length, 4);
    });

    it("take no acknowledgement that is not theirs", () => {
      assert.equal(bench.desk.acknowledge("unknown", null), false);
    });
  });

  it("can be tested: the last sessions, marked, and nothing is counted as sent", async () => {
    const numbers = Array.from({ length: 12 }, () => bench.session());
    await bench.desk.test();
    assert.deepEqual(bench.rows, [numbers.slice(2)]);
    assert.match(bench.sent[0]!.content.text, /^This is a test\./);
    assert.equal(bench.events.at(-1)?.event, "test");
    await bench.pass(DAY_MS);
    assert.deepEqual(bench.rows.at(-1), numbers);
  });

  it("say why a test failed, and try what waits", async () => {
    bench.deliver = () => new Error("refused");
    bench.session();
    await bench.pass(12 * HOUR_MS);
    const before = bench.sent.length;
    await assert.rejects(bench.desk.test(), /refused/);
    assert.equal(bench.sent.length, before + 2);
  });

  it("can be sent out of turn; the next one holds the rest", async () => {
    const first = bench.session();
    await bench.desk.sendNow();
    const second = bench.session();
    await bench.pass(DAY_MS);
    assert.deepEqual(bench.rows, [[first], [second]]);
  });

  it("go on after a clock that was years ahead is set right", async () => {
    bench.clock.jumpWall(10 * 365 * DAY_MS);
    await bench.pass(HOUR_MS);
    bench.clock.jumpWall(-10 * 365 * DAY_MS);
    const first = bench.session();
    await bench.pass(2 * DAY_MS);
    assert.ok(bench.rows.flat().includes(first));
  });

  it("hold each session once and leave none out, whatever fails and whenever the machine is off", async () => {
    const step = fc.constantFrom("session", "late", "pass", "off", "fail", "work", "now");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const one = new Bench();
        await one.settle();
        const all: number[] = [];
        const received: number[] = [];
        const failing = () => new Error("refused");
        const working = (): DeliveryState => {
          received.push(...one.rows.at(-1)!);
          return "done";
        };
        one.deliver = working;
        for (const what of steps) {
          if (what === "session") all.push(one.session());
          if (what === "late") all.push(one.session(2 * DAY_MS));
          if (what === "pass") await one.pass(10 * HOUR_MS, 2 * HOUR_MS);
          if (what === "fail") one.deliver = failing;
          if (what === "work") one.deliver = working;
          if (what === "now") await one.desk.sendNow();
          if (what !== "off") continue;
          one.shut();
          one.clock.advance(30 * HOUR_MS);
          one.open();
          await one.settle();
        }
        one.deliver = working;
        await one.pass(26 * HOUR_MS, 2 * HOUR_MS);
        one.end();
        assert.deepEqual(
          received.toSorted((a, b) => a - b),
          all,
        );
      }),
      { numRuns: cases(3, 8) },
    );
  });
});

describe("the consumption of zones in a report", () => {
  let bench: Bench;
  afterEach(() => bench.end());

  /** Tells for which days it was asked: each day is one kWh, 0.4 kWh of it by cars. */
  const book: ConsumptionBook = (fromDay, toDay) => {
    const rows = [];
    for (let ms = Date.parse(fromDay); ms < Date.parse(toDay); ms += DAY_MS)
      rows.push({
        ...{ zone: "main", period: new Date(ms).toISOString().slice(0, 10) },
        ...{ energyWh: 1000, carsWh: 400, othersWh: 600 },
      });
    return { rows, csv: rows.map(({ period }) => period).join(" ") };
  };
  const days = () => bench.sent.flatMap(({ content }) => content.consumption?.rows.map(({ period }) => period) ?? []);

  it("has each whole day once, over reports out of turn, outages and summer time", async () => {
    bench = new Bench("2026-03-26T12:00:00Z");
    bench.consumption = book;
    await bench.pass(DAY_MS);
    await bench.desk.sendNow();
    bench.shut();
    bench.clock.advance(3 * DAY_MS);
    bench.open();
    await bench.settle();
    await bench.pass(DAY_MS);
    assert.deepEqual(days(), ["2026-03-26", "2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"]);
    assert.equal(bench.sent.length, 4);
  });

  it("is told in words beside the table, and holds the days of the month", async () => {
    bench = new Bench("2026-05-29T12:00:00Z");
    bench.period = "monthly";
    bench.consumption = book;
    bench.shut();
    bench.open("http http://127.0.0.1/monthly");
    await bench.pass(3 * DAY_MS);
    const { text, consumption } = bench.sent.at(-1)!.content;
    assert.equal(consumption?.filename, "consumption-2026-05.csv");
    assert.deepEqual([consumption?.rows[0]?.period, consumption?.rows.at(-1)?.period], ["2026-05-01", "2026-05-31"]);
    assert.match(text, /Zone main: 31 kWh, of which cars took 12,4 kWh\./);
    assert.match(text, /attached: sessions-2026-05\.csv, consumption-2026-05\.csv/);
  });

  it("is missing where nothing is known, or where it is not wanted", async () => {
    bench = new Bench();
    bench.consumption = () => ({ rows: [], csv: "" });
    await bench.pass(DAY_MS);
    bench.consumption = null;
    await bench.pass(DAY_MS);
    assert.deepEqual(
      bench.sent.map(({ content }) => content.consumption),
      [null, null],
    );
  });
});
