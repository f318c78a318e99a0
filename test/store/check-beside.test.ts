import { strict as assert } from "node:assert";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { copiesFolder } from "../../lib/store/disk/copies.ts";
import { DailyCopy } from "../../lib/store/disk/daily-copy.ts";
import { lengthyThread } from "../../lib/store/disk/disk-thread.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store, TransactionStart } from "../../lib/store/types.ts";
import { until } from "../e2e/net.ts";
import { FakeClock } from "../fake-clock.ts";
import { starvedMs } from "../starvation.ts";

const PAGE_BYTES = 4096;
const RECORDS = 20_000;
const MANY_RECORDS = 600_000;
/** A timer is later than that as seldom as it is for reasons of the machine. */
const MOST_DRIFT_MS = 50;
const SELDOM = 0.02;
const TURN_MS = 5;
const LIMIT = {
  chargePoint: "CP1",
  connector: 1,
  acceptedA: 10,
  safeA: 6,
  leaseUntilWallMs: 1,
  baselineAccepted: true,
};

const startOf = (idTag: string): TransactionStart => ({
  chargePoint: "CP1",
  connector: 1,
  idTag,
  startedWallMs: 2,
  meterStartWh: 0,
  idTagStatus: "Accepted",
});

describe("a database too large to be checked before it is used", () => {
  let folder = "";
  let path: string;
  let clock: FakeClock;
  let store: Store | undefined;
  const { check, makeReady } = lengthyThread;

  beforeEach(function () {
    // On its only connection all of it is checked before it is used.
    if (sqlDriver().alone) this.skip();
    folder = mkdtempSync(join(tmpdir(), "phasewise-beside-"));
    path = join(folder, "site.sqlite");
    clock = new FakeClock();
    store = undefined;
  });
  afterEach(() => {
    store?.close();
    if (!folder) return;
    Object.assign(lengthyThread, { check, makeReady });
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the site goes on from is written first, so it lies at the beginning of the file; the rest of it is a book. */
  const filled = (records: number): void => {
    const empty = openStore(path, { clock });
    empty.saveDocument("state", "of the copy");
    empty.close();
    const database = new DatabaseSync(path);
    database.exec(`
      INSERT INTO authorizations (wall_ms, charge_point, connector, id_tag, reason, rule, status, text, took_ms)
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT ${records})
      SELECT i, 'CP1', 1, 'TAG' || i, 'start', 'list', 'Accepted', 'The badge is on the list.', 1 FROM n`);
    database.close();
  };
  const copied = async (): Promise<void> => {
    const sound = openStore(path, { clock });
    const copy = new DailyCopy({ path, clock, write: (to) => sound.copyTo(to) });
    await copy.look();
    assert.equal(copy.failure, null);
    copy.close();
    await sound.end();
  };
  const damaged = (): void => {
    const pages = statSync(path).size / PAGE_BYTES;
    const [from, to] = [Math.floor(pages / 3), Math.floor((2 * pages) / 3)];
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc((to - from) * PAGE_BYTES, 0xa5), 0, undefined, from * PAGE_BYTES);
    closeSync(file);
  };
  const ALL = { idTag: null, chargePoint: null, status: null, fromWallMs: 0, toWallMs: RECORDS, most: RECORDS };
  /** As if it had been opened by a site that started a while ago. */
  const opened = async (): Promise<Store> => {
    store = openStore(path, { clock });
    const { failure, recovery } = store;
    assert.deepEqual([failure, recovery], [null, null]);
    await new Promise((resolve) => setImmediate(resolve));
    return store;
  };
  /** The check of the database, not that of its copies, has not come to its end until it is told to. */
  const heldCheck = (): (() => void) => {
    let resolve = (): void => {};
    const promise = new Promise<void>((told) => {
      resolve = told;
    });
    lengthyThread.check = async (of, file) => {
      if (file === undefined) await promise;
      return check.call(lengthyThread, of, file);
    };
    return resolve;
  };

  it("is used at once, and the event loop does not stand still while it is checked", async () => {
    filled(MANY_RECORDS);
    let checked = false;
    let confirmed = 0;
    let toldConfirmed = (): void => {};
    const firstConfirmed = new Promise<void>((told) => {
      toldConfirmed = told;
    });
    // Its answer is held until something was confirmed: on a busy disk the check may be quicker.
    lengthyThread.check = async (...given) => {
      const answer = await check.apply(lengthyThread, given);
      checkedMs = performance.now() - beganMs;
      await firstConfirmed;
      checked = true;
      return answer;
    };
    const beganMs = performance.now();
    let checkedMs = 0;
    const used = await opened();
    const openedMs = performance.now() - beganMs;
    const driftsMs: number[] = [];
    let [turns, lastMs, lastStarvedMs] = [0, performance.now(), starvedMs()];
    while (!checked) {
      void used
        .durably(() => used.startTransaction(startOf(`DURING${turns}`)))
        .then(() => confirmed++)
        .then(toldConfirmed);
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
      const [nowMs, nowStarvedMs] = [performance.now(), starvedMs()];
      driftsMs.push(nowMs - lastMs - TURN_MS - (nowStarvedMs - lastStarvedMs));
      [turns, lastMs, lastStarvedMs] = [turns + 1, nowMs, nowStarvedMs];
    }
    assert.ok(turns > 3, `it was checked after ${turns} turns`);
    assert.ok(confirmed > 0);
    const late = driftsMs.filter((driftMs) => driftMs >= MOST_DRIFT_MS);
    assert.ok(late.length <= Math.max(1, turns * SELDOM), `of ${turns} timers these were late by, ms: ${late}`);
    assert.ok(Math.max(...driftsMs) < checkedMs / 2, `a timer was ${Math.max(...driftsMs)} ms late`);
    assert.ok(openedMs < checkedMs / 2, `opened after ${openedMs} ms, checked after ${checkedMs} ms`);
    assert.deepEqual([used.failure, used.recovery], [null, null]);
  });

  it("gives way to the newest copy when damage is found, and what was recorded since the start goes over", async () => {
    filled(RECORDS);
    await copied();
    damaged();
    const found = heldCheck();
    const used = await opened();
    const begun = await used.durably(() => used.startTransaction(startOf("SINCE")));
    await used.durably(() => used.stopTransaction({ ...begun, stoppedWallMs: 9, meterStopWh: 7, stopReason: "Local" }));
    used.saveLimit(LIMIT);
    used.saveDocument("state", "since the start");
    clock.advance(1000);
    found();
    await until("the copy is in its place", () => used.recovery !== null);
    const { damagedPath, copyWallMs } = used.recovery!;
    assert.ok(copyWallMs !== null && existsSync(damagedPath));
    const stopped = { stoppedWallMs: 9, meterStopWh: 7, stopReason: "Local" };
    assert.deepEqual(used.transaction("CP1", begun.transactionId), { ...begun, ...stopped });
    assert.deepEqual([used.limits(), used.document("state")], [[LIMIT], "since the start"]);
    assert.equal(used.authorizations.find(ALL).length, RECORDS);
    const next = await used.durably(() => used.startTransaction(startOf("NEXT")));
    assert.ok(Number(next.transactionId) > Number(begun.transactionId));
    assert.equal(used.failure, null);
  });

  it("says that it fails while a copy takes its place, and confirms nothing meanwhile", async () => {
    filled(RECORDS);
    await copied();
    damaged();
    const found = heldCheck();
    let go = (): void => {};
    const told = new Promise<void>((resolve) => {
      go = resolve;
    });
    lengthyThread.makeReady = (...given) => told.then(() => makeReady.apply(lengthyThread, given));
    const used = await opened();
    found();
    await until("the damage is found", () => used.failure !== null);
    assert.match(used.failure!.message, /the file is damaged/);
    await assert.rejects(used.durably(() => used.startTransaction(startOf("MEANWHILE"))));
    go();
    await until("the copy is in its place", () => used.recovery !== null);
    await used.durably(() => used.startTransaction(startOf("AFTER")));
    assert.equal(used.failure, null);
    assert.deepEqual(
      used.openTransactions("CP1").map(({ idTag }) => idTag),
      ["AFTER"],
    );
  });

  it("is read from the copy where the start of a site meets the damage itself", async () => {
    filled(RECORDS);
    await copied();
    damaged();
    heldCheck();
    store = openStore(path, { clock });
    store.saveLimit(LIMIT);
    assert.equal(store.authorizations.find(ALL).length, RECORDS);
    assert.ok(store.recovery !== null);
    assert.deepEqual([store.failure, store.limits()], [null, [LIMIT]]);
  });

  it("gives way to the copy, too, where a read meets the damage before the check does", async () => {
    filled(RECORDS);
    await copied();
    damaged();
    heldCheck();
    const used = await opened();
    assert.throws(() => used.authorizations.find(ALL), { code: "EV_STORE_OPEN" });
    await until("the copy is in its place", () => used.recovery !== null && used.failure === null);
    assert.equal(used.authorizations.find(ALL).length, RECORDS);
  });

  it("stays where it is when there is no copy of it, with what was recorded since the start", async () => {
    filled(RECORDS);
    damaged();
    const found = heldCheck();
    const used = await opened();
    const { transactionId } = await used.durably(() => used.startTransaction(startOf("SINCE")));
    found();
    await until("it is known that there is none", () => /cannot be opened/.test(used.failure?.message ?? ""));
    assert.throws(() => used.startTransaction(startOf("LATER")), { code: "EV_STORE_OPEN" });
    assert.ok(!existsSync(copiesFolder(path)));
    assert.ok(readdirSync(folder).every((name) => !name.includes("damaged")));
    used.close();
    const database = new DatabaseSync(path);
    const row = database.prepare("SELECT id_tag FROM transactions WHERE transaction_id = ?").get(transactionId);
    database.close();
    assert.equal(row?.["id_tag"], "SINCE");
  });

  for (const [when, isMade] of [
    ["a copy is about to be made ready for its place", false],
    ["a copy is ready for its place", true],
  ] as const)
    it(`is put back by the next start where it is closed while ${when}`, async () => {
      filled(RECORDS);
      await copied();
      damaged();
      const found = heldCheck();
      let isReady = !isMade;
      lengthyThread.makeReady = async (...given) => {
        if (isMade) await makeReady.apply(lengthyThread, given);
        isReady = true;
        // It is closed before this would end.
        await new Promise(() => {});
      };
      const used = await opened();
      const { transactionId } = await used.durably(() => used.startTransaction(startOf("SINCE")));
      found();
      await until("the copy is about to take its place", () => used.failure !== null && isReady);
      used.close();
      Object.assign(lengthyThread, { check, makeReady });
      store = openStore(path, { clock });
      // Nothing is written meanwhile: that the copy is in its place ends the failure by itself.
      await until("the copy is in its place", () => store!.recovery !== null && store!.failure === null);
      assert.equal(store.authorizations.find(ALL).length, RECORDS);
      assert.ok(Number(store.startTransaction(startOf("LATER")).transactionId) >= Number(transactionId));
    });
});
