import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EvError } from "../../lib/errors.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store, TransactionStart } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { peek } from "../peek.ts";

const START: TransactionStart = {
  chargePoint: "CP1",
  connector: 1,
  idTag: "04A1B2",
  startedWallMs: Date.parse("2026-06-01T11:59:00Z"),
  meterStartWh: 1000,
  idTagStatus: "Accepted",
};

const STOP = {
  chargePoint: "CP1",
  stoppedWallMs: START.startedWallMs + 3_600_000,
  meterStopWh: 8000,
  stopReason: "EVDisconnected",
};

describe("SQLite store", () => {
  let folder: string;
  let path: string;
  let clock: FakeClock;
  let store: Store;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ev-store-"));
    path = join(folder, "deep", "site.db");
    clock = new FakeClock();
    store = openStore(path, { clock });
  });

  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const reopen = (): Store => {
    store.close();
    store = openStore(path, { clock });
    return store;
  };

  it("creates the folder and the database and reports no failure", () => {
    assert.equal(store.failure, null);
  });

  it("keeps a started transaction over a restart", () => {
    const started = store.startTransaction(START);
    assert.deepEqual(started, {
      ...START,
      transactionId: started.transactionId,
      stoppedWallMs: null,
      meterStopWh: null,
      stopReason: null,
    });
    assert.deepEqual(reopen().openTransactions("CP1"), [started]);
    assert.deepEqual(store.transaction("CP1", started.transactionId), started);
  });

  it("gives the same start the same id and the same answer, also after a restart", () => {
    const first = store.startTransaction(START);
    assert.deepEqual(store.startTransaction(START), first);
    assert.deepEqual(reopen().startTransaction({ ...START, idTagStatus: "Invalid" }), first);
  });

  it("takes a start without a meter value for the same start, too", () => {
    const first = store.startTransaction({ ...START, meterStartWh: null });
    assert.equal(store.startTransaction({ ...START, meterStartWh: null }).transactionId, first.transactionId);
    assert.notEqual(store.startTransaction({ ...START, meterStartWh: 0 }).transactionId, first.transactionId);
  });

  it("tells starts apart that differ in any part of their content", () => {
    const differing = [
      { chargePoint: "CP2" },
      { connector: 2 },
      { idTag: "other" },
      { startedWallMs: 1 },
      { meterStartWh: 1 },
    ];
    const ids = [{}, ...differing].map((part) => store.startTransaction({ ...START, ...part }).transactionId);
    assert.equal(new Set(ids).size, 6);
  });

  it("numbers transactions upwards from the time of day in seconds", () => {
    const first = store.startTransaction(START).transactionId;
    assert.equal(first, String(Math.floor(clock.wallMs() / 1000) + 1));
    assert.equal(store.startTransaction({ ...START, connector: 2 }).transactionId, String(Number(first) + 1));
  });

  it("never numbers downwards when the clock goes back", () => {
    const first = store.startTransaction(START).transactionId;
    clock.jumpWall(-365 * 86_400_000);
    assert.equal(reopen().startTransaction({ ...START, connector: 2 }).transactionId, String(Number(first) + 1));
  });

  it("stays within 31 bits when the clock is past 2038", () => {
    clock.jumpWall(50 * 365 * 86_400_000);
    const { transactionId } = store.startTransaction(START);
    assert.ok(Number(transactionId) > 0 && Number(transactionId) < 2 ** 31, transactionId);
  });

  it("refuses a start when the ids are used up, rather than use one twice", () => {
    store.close();
    const database = new DatabaseSync(path);
    database.exec(`UPDATE counters SET last = ${2 ** 31 - 1}`);
    database.close();
    assert.throws(() => reopen().startTransaction(START), { code: "EV_STORE_WRITE" });
  });

  it("closes a transaction once; a second stop changes nothing", () => {
    const { transactionId } = store.startTransaction(START);
    const stopped = store.stopTransaction({ ...STOP, transactionId });
    assert.equal(stopped?.stopReason, "EVDisconnected");
    assert.deepEqual(store.stopTransaction({ ...STOP, transactionId, meterStopWh: 1, stopReason: "Local" }), stopped);
    assert.deepEqual(reopen().openTransactions("CP1"), []);
    assert.deepEqual(store.transaction("CP1", transactionId), stopped);
  });

  it("does not let another charge point close a transaction", () => {
    const { transactionId } = store.startTransaction(START);
    assert.equal(store.stopTransaction({ ...STOP, transactionId, chargePoint: "CP2" }), null);
    assert.equal(store.openTransactions("CP1").length, 1);
  });

  it("keeps the stop of a transaction it does not know", () => {
    assert.equal(store.stopTransaction({ ...STOP, transactionId: "-1" }), null);
    assert.equal(store.stopTransaction({ ...STOP, transactionId: "-1" }), null);
    store.close();
    const database = new DatabaseSync(path);
    assert.equal(database.prepare("SELECT count(*) AS n FROM stray_stops").get()?.["n"], 1);
    database.close();
  });

  it("lists the open transactions of a charge point, newest first", () => {
    const ids = [1, 2, 3].map((connector) => store.startTransaction({ ...START, connector }).transactionId);
    assert.deepEqual(
      store.openTransactions("CP1").map((open) => open.transactionId),
      ids.reverse(),
    );
  });

  it("keeps the last accepted limit of each connector over a restart", () => {
    const limit = {
      chargePoint: "CP1",
      connector: 1,
      acceptedA: 16,
      safeA: 6,
      leaseUntilWallMs: 1_780_000_000_000,
      baselineAccepted: true,
    };
    store.saveLimit(limit);
    store.saveLimit({ ...limit, connector: 2, leaseUntilWallMs: null, baselineAccepted: false });
    store.saveLimit({ ...limit, acceptedA: 10.5 });
    assert.deepEqual(reopen().limits(), [
      { ...limit, acceptedA: 10.5 },
      { ...limit, connector: 2, leaseUntilWallMs: null, baselineAccepted: false },
    ]);
  });

  it("shows a document at once and writes the newest of a burst within 250 ms", () => {
    store.saveDocument("dlm/garage", { seq: 1 });
    store.saveDocument("dlm/garage", { seq: 2 });
    assert.deepEqual(store.document("dlm/garage"), { seq: 2 });
    clock.advance(250);
    const written = peek(path, (it) =>
      it
        .prepare("SELECT * FROM documents")
        .all()
        .map((row) => ({ ...row })),
    );
    assert.deepEqual(written, [{ key: "dlm/garage", value: '{"seq":2}' }]);
    assert.equal(store.document("nothing"), undefined);
  });

  it("keeps a document as it was when it was saved", () => {
    const value = { seq: 1 };
    store.saveDocument("key", value);
    value.seq = 2;
    assert.deepEqual(store.document("key"), { seq: 1 });
  });

  it("writes waiting documents on close and leaves no timer behind", () => {
    store.saveDocument("key", [1, 2, 3]);
    store.close();
    assert.equal(clock.pending, 0);
    store.saveDocument("key", "after the end");
    assert.deepEqual(openStore(path, { clock }).document("key"), [1, 2, 3]);
  });

  it("refuses a database of a newer release and leaves it alone", () => {
    store.close();
    const database = new DatabaseSync(path);
    database.exec("UPDATE schema_version SET version = 99");
    database.close();
    assert.match(reopen().failure?.message ?? "", /schema version 99, written by a newer release/);
  });

  it("gives each process its own ids when two open the same file, or lets the second one not in", () => {
    const other = openStore(path, { clock });
    if (sqlDriver().alone) {
      assert.match(other.failure?.message ?? "", /database is locked by another connection/);
      return;
    }
    const ids = [store, other, store, other].map(
      (one, second) => one.startTransaction({ ...START, startedWallMs: second }).transactionId,
    );
    other.close();
    assert.equal(new Set(ids).size, 4);
  });

  describe("that cannot be opened", () => {
    beforeEach(() => {
      store.close();
      path = join(folder, "blocked");
      mkdirSync(path);
      store = openStore(path, { clock });
    });

    it("names the path and the cause", () => {
      assert.ok(store.failure instanceof EvError);
      assert.equal(store.failure.code, "EV_STORE_OPEN");
      assert.match(store.failure.message, /blocked cannot be opened: \S/);
    });

    it("gives up at once where no folder can be made", function () {
      if (process.platform !== "linux") this.skip();
      const nowhere = openStore("/proc/nope/deeper/ev-charging.sqlite", { clock });
      assert.equal((nowhere.failure as EvError | null)?.code, "EV_STORE_OPEN");
      nowhere.close();
    });

    it("throws from what must be durable, and from nothing else", () => {
      const record = {
        chargePoint: "CP1",
        connector: 1,
        acceptedA: 6,
        safeA: 6,
        leaseUntilWallMs: null,
        baselineAccepted: true,
      };
      assert.throws(() => store.startTransaction(START), { code: "EV_STORE_OPEN" });
      assert.throws(() => store.stopTransaction({ ...STOP, transactionId: "1" }), { code: "EV_STORE_OPEN" });
      assert.throws(() => store.saveLimit(record), { code: "EV_STORE_OPEN" });
      store.saveDocument("key", 1);
      clock.advance(60_000);
      assert.equal(store.document("key"), 1);
      assert.equal(store.document("other"), undefined);
    });

    it("is tried again on use, at most every 10 s, and works from then on", () => {
      store.saveDocument("key", 1);
      rmSync(path, { recursive: true });
      clock.advance(9_000);
      assert.throws(() => store.startTransaction(START), { code: "EV_STORE_OPEN" });
      clock.advance(1_000);
      assert.ok(Number(store.startTransaction(START).transactionId) > 0);
      assert.equal(store.failure, null);
    });
  });

  describe("that can be read only later than it was asked", () => {
    const KEPT = { zones: { main: [1, 2, 3] } };
    const hidden = (): string => `${path}.hidden`;

    beforeEach(() => {
      store.saveDocument("consumption", KEPT);
      store.close();
      renameSync(path, hidden());
      mkdirSync(path);
      store = openStore(path, { clock });
      assert.equal(store.document("consumption"), undefined);
      assert.equal(store.document("numbers"), undefined);
    });
    const appears = (): void => {
      rmSync(path, { recursive: true });
      renameSync(hidden(), path);
      clock.advance(10_000);
    };

    it("keeps what it had: nobody has seen it", () => {
      store.saveDocument("consumption", { zones: {} });
      store.saveDocument("numbers", 1);
      store.saveDocument("other", 2);
      appears();
      store.limits();
      clock.advance(10_000);
      assert.match(store.failure?.message ?? "", /1 of its documents stayed as before.*Restart Node-RED/);
      reopen();
      assert.deepEqual(store.document("consumption"), KEPT);
      assert.equal(store.document("numbers"), 1);
      assert.equal(store.document("other"), 2);
      assert.equal(store.failure, null);
    });

    it("takes a new one once the one before was read", () => {
      store.saveDocument("consumption", { zones: {} });
      appears();
      store.limits();
      clock.advance(10_000);
      assert.deepEqual(store.document("consumption"), KEPT);
      assert.equal(store.failure, null);
      store.saveDocument("consumption", "new");
      assert.equal(reopen().document("consumption"), "new");
    });

    it("says so to whoever must know, and takes what is always the newest", async () => {
      appears();
      const late = store.keepDocument("consumption", "new");
      await assert.rejects(late, { code: "EV_STORE_WRITE", message: /document consumption stayed as before/ });
      store.saveDocument("consumption", "newer", true);
      clock.advance(10_000);
      const there = peek(path, (database) =>
        database.prepare("SELECT value FROM documents WHERE key = 'consumption'").get(),
      );
      assert.equal(there?.["value"], '"newer"');
      await store.keepDocument("consumption", "newest", true);
      assert.equal(reopen().document("consumption"), "newest");
    });
  });

  it("takes a document in the place of a text that is no JSON", () => {
    store.saveDocument("key", 1);
    store.close();
    const other = new DatabaseSync(path);
    other.exec("UPDATE documents SET value = '{' WHERE key = 'key'");
    other.close();
    store = openStore(path, { clock });
    assert.equal(store.document("key"), undefined);
    store.saveDocument("key", 2);
    assert.equal(reopen().document("key"), 2);
  });

  it("reports a file that is no database", () => {
    store.close();
    path = join(folder, "text.db");
    writeFileSync(path, "not a database, but long enough to be looked at ".repeat(50));
    store = openStore(path, { clock });
    assert.match(store.failure?.message ?? "", /file is not a database/);
  });

  it("reports a write that fails, undoes it, and recovers by itself", function () {
    if (sqlDriver().alone) this.skip();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    assert.throws(() => store.startTransaction(START), { code: "EV_STORE_WRITE" });
    assert.equal((store.failure as EvError).code, "EV_STORE_WRITE");
    other.exec("COMMIT");
    other.close();
    assert.ok(Number(store.startTransaction(START).transactionId) > 0);
    assert.equal(store.failure, null);
    assert.equal(store.openTransactions("CP1").length, 1);
  });

  it("goes on reporting it while it can only be read", function () {
    if (sqlDriver().alone) this.skip();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    assert.throws(() => store.startTransaction(START), { code: "EV_STORE_WRITE" });
    assert.deepEqual(store.openTransactions("CP1"), []);
    assert.equal((store.failure as EvError).code, "EV_STORE_WRITE");
    other.exec("COMMIT");
    other.close();
    store.startTransaction(START);
    assert.equal(store.failure, null);
  });

  describe("asked for several transactions in one turn of the event loop", () => {
    const startOn = (connector: number) => store.durably(() => store.startTransaction({ ...START, connector }));

    it("confirms each with an id of its own", async () => {
      const records = await Promise.all([1, 2, 3].map(startOn));
      assert.equal(new Set(records.map(({ transactionId }) => transactionId)).size, 3);
      assert.deepEqual(reopen().openTransactions("CP1"), records.reverse());
    });

    it("gives the same start the same id", async () => {
      const [one, other] = await Promise.all([startOn(1), startOn(1)]);
      assert.deepEqual(one, other);
    });

    it("undoes all of the work that fails, and none of the other", async () => {
      const failing = store.durably(() => {
        store.startTransaction({ ...START, connector: 2 });
        throw new Error("changed its mind");
      });
      const [one, two, three] = await Promise.allSettled([startOn(1), failing, startOn(3)]);
      assert.deepEqual([one.status, two.status, three.status], ["fulfilled", "rejected", "fulfilled"]);
      const open = reopen().openTransactions("CP1");
      assert.deepEqual(
        open.map(({ connector }) => connector),
        [3, 1],
      );
    });

    it("rejects all while the database cannot be written, and recovers", async function () {
      if (sqlDriver().alone) this.skip();
      const other = new DatabaseSync(path);
      other.exec("BEGIN IMMEDIATE");
      const outcomes = await Promise.allSettled([startOn(1), startOn(2)]);
      for (const outcome of outcomes) {
        assert.equal(outcome.status === "rejected" && outcome.reason.code, "EV_STORE_WRITE");
      }
      other.exec("COMMIT");
      other.close();
      assert.ok(Number((await startOn(1)).transactionId) > 0);
      assert.equal(store.failure, null);
    });

    it("still makes them durable when it is closed before the turn ends", async () => {
      const started = startOn(1);
      store.close();
      const { transactionId } = await started;
      assert.equal(reopen().transaction("CP1", transactionId)?.connector, 1);
    });
  });

  for (const together of [1, 5]) {
    it(`loses no confirmed transaction and uses no id twice when it is killed with ${together} at a time`, async () => {
      const confirmed: string[] = [];
      store.close();
      for (const after of [1, 7, 40]) confirmed.push(...(await runUntilKilled(path, together, after)));
      const kept = reopen()
        .openTransactions("CP1")
        .map((open) => open.transactionId);
      assert.equal(new Set(confirmed).size, confirmed.length);
      for (const id of confirmed) assert.ok(kept.includes(id), `${id} is lost`);
    });
  }
});

/** Runs the child until it has confirmed so many starts, kills it with SIGKILL, and returns what it confirmed. */
async function runUntilKilled(path: string, together: number, after: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "crash-child.ts"), path, String(together)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
    if (text.split("\n").length > after) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  const complete = text.slice(0, text.lastIndexOf("\n"));
  return complete.split("\n");
}
