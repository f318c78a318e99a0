import { strict as assert } from "node:assert";
import { AlarmList } from "../../lib/alarm/alarm-list.ts";
import type { AlarmReport } from "../../lib/alarm-types.ts";
import type { AlarmBook, AlarmRecord } from "../../lib/store/books/alarms.ts";
import { FakeClock } from "../fake-clock.ts";

const REPORT: AlarmReport = {
  key: "meterStale/main",
  severity: "alarm",
  text: "meter main is silent",
  action: "Check it.",
};

/** A book in memory, which can be made to fail. */
function memoryBook() {
  const records = new Map<string, AlarmRecord>();
  const book: AlarmBook & { broken: boolean } = {
    broken: false,
    save(alarms) {
      if (book.broken) throw new Error("disk full");
      for (const alarm of alarms) records.set(alarm.id, structuredClone(alarm));
    },
    open: () =>
      [...records.values()].filter(({ clearedWallMs }) => clearedWallMs === null).map((one) => structuredClone(one)),
    find: () => [...records.values()].reverse(),
    prune: () => {},
  };
  return book;
}

function bench(book = memoryBook(), clock = new FakeClock()) {
  const list = new AlarmList(book, clock);
  const told: string[] = [];
  list.onChange((kind, { key }) => told.push(`${kind} ${key}`));
  return { list, told, book, clock, source: list.source("meters") };
}

describe("the list of alarms", () => {
  it("raises once and clears once, whatever its source repeats", () => {
    const { list, told, source } = bench();
    source.raise(REPORT);
    source.raise(REPORT);
    assert.deepEqual(
      list.list().map(({ key, text }) => [key, text]),
      [["meterStale/main", "meter main is silent"]],
    );
    source.clear(REPORT.key);
    source.clear(REPORT.key);
    assert.deepEqual(told, ["raised meterStale/main", "cleared meterStale/main"]);
    assert.deepEqual(list.list(), []);
  });

  it("lets nobody clear what another source raised", () => {
    const { list, source } = bench();
    source.raise(REPORT);
    list.source("other").clear(REPORT.key);
    list.source("other").replace([]);
    list.source("other").close();
    assert.equal(list.list().length, 1);
  });

  it("clears what a source no longer names among all that is wrong", () => {
    const { told, source } = bench();
    source.replace([REPORT, { ...REPORT, key: "meterStale/sub" }]);
    source.replace([{ ...REPORT, key: "meterStale/sub" }]);
    assert.deepEqual(told, ["raised meterStale/main", "raised meterStale/sub", "cleared meterStale/main"]);
  });

  it("tells other words as a change, and keeps since when it is wrong", () => {
    const { list, told, source, clock } = bench();
    source.raise(REPORT);
    const since = list.list()[0]?.sinceWallMs;
    clock.advance(60_000);
    source.raise({ ...REPORT, text: "meter main is silent for a minute" });
    assert.deepEqual(told, ["raised meterStale/main", "changed meterStale/main"]);
    assert.equal(list.list()[0]?.sinceWallMs, since);
  });

  it("keeps one that comes and goes until it has been quiet for five minutes", () => {
    const { list, told, source, clock } = bench();
    for (let round = 0; round < 10; round++) {
      source.raise(REPORT);
      clock.advance(5_000);
      source.clear(REPORT.key);
      clock.advance(5_000);
    }
    assert.equal(told.filter((one) => one.startsWith("raised")).length, 3);
    assert.equal(list.list()[0]?.flapping, true);
    assert.equal(list.list()[0]?.times, 8);
    clock.advance(310_000);
    assert.deepEqual(list.list(), []);
    assert.equal(told.at(-1), "cleared meterStale/main");
  });

  it("ends with its clearing what a person brings about, however often that is", () => {
    const { list, told, source, clock } = bench();
    for (let round = 0; round < 5; round++) {
      source.raise({ ...REPORT, isDeliberate: true });
      assert.equal(list.list()[0]?.flapping, false);
      clock.advance(5_000);
      source.clear(REPORT.key);
      assert.deepEqual(list.list(), []);
      clock.advance(5_000);
    }
    assert.equal(told.filter((one) => one.startsWith("raised")).length, 5);
  });

  it("survives a restart: what is still wrong is not raised a second time, and stays acknowledged", () => {
    const { source, list, book, clock } = bench();
    source.raise(REPORT);
    list.acknowledge(REPORT.key, "Ana", "electrician called");
    list.close();
    const later = bench(book, clock);
    later.source.raise(REPORT);
    assert.deepEqual(later.told, []);
    assert.equal(later.list.list()[0]?.acknowledged?.by, "Ana");
  });

  it("clears after a restart what nobody raised again", () => {
    const { source, list, book, clock } = bench();
    source.raise(REPORT);
    list.close();
    const later = bench(book, clock);
    clock.advance(200_000);
    assert.deepEqual(later.told, ["cleared meterStale/main"]);
  });

  it("clears at once after a restart what only told of something that was being done then", () => {
    const { source, list, book, clock } = bench();
    source.raise(REPORT);
    source.raise({ ...REPORT, key: "drill/site", severity: "info", isDeliberate: true });
    list.close();
    const later = bench(book, clock);
    clock.advance(11_000);
    assert.deepEqual(later.told, ["cleared drill/site"]);
    assert.deepEqual(
      later.list.list().map(({ key }) => key),
      [REPORT.key],
    );
  });

  it("goes on without a database, and writes what was missed when it is back", () => {
    const { source, list, book, clock } = bench();
    book.broken = true;
    source.raise(REPORT);
    clock.advance(1_000);
    assert.equal(list.list().length, 1);
    book.broken = false;
    source.clear(REPORT.key);
    assert.equal(list.history({ fromWallMs: 0, toWallMs: 9e15, most: 10 })[0]?.key, REPORT.key);
  });

  it("acknowledges only what is raised, and lets a listener's fault harm nobody", () => {
    const { list, source, told } = bench();
    assert.equal(list.acknowledge("meterStale/none", "Ana", ""), null);
    list.onChange(() => {
      throw new Error("listener");
    });
    source.raise(REPORT);
    assert.deepEqual(told, ["raised meterStale/main"]);
  });
});
