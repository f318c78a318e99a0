import { strict as assert } from "node:assert";
import { join } from "node:path";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store, TransactionStart } from "../../lib/store/types.ts";
import { SmallDisk } from "../drills/small-disk.ts";
import { FakeClock } from "../fake-clock.ts";

const START: TransactionStart = {
  chargePoint: "CP1",
  connector: 1,
  idTag: "04A1B2",
  startedWallMs: Date.parse("2026-06-01T11:59:00Z"),
  meterStartWh: 1000,
  idTagStatus: "Accepted",
};
const REOPEN_MS = 10_000;

describe("SQLite store on a disk that fails", () => {
  let disk: SmallDisk;
  let clock: FakeClock;
  let path: string;
  let store: Store;

  const start = (connector: number) => store.startTransaction({ ...START, connector }).transactionId;

  beforeEach(function () {
    if (SmallDisk.missing()) this.skip();
    disk = new SmallDisk();
    clock = new FakeClock();
    path = join(disk.data, "site.db");
    store = openStore(path, { clock });
  });

  afterEach(() => {
    store?.close();
    disk?.remove();
  });

  it("says why when it is read-only, confirms nothing, and goes on by itself when it can be written", () => {
    const known = start(1);
    store.close();
    disk.remount("ro");
    store = openStore(path, { clock });
    assert.match(store.failure?.message ?? "", /site\.db cannot be opened: .*read-only/);
    assert.throws(() => start(2), { code: "EV_STORE_OPEN" });
    store.saveDocument("key", 1);
    clock.advance(REOPEN_MS);
    assert.throws(() => start(2), { code: "EV_STORE_OPEN" });
    disk.remount("rw");
    clock.advance(REOPEN_MS);
    assert.ok(start(2) > known);
    assert.equal(store.failure, null);
    assert.equal(store.document("key"), 1);
    assert.equal(store.openTransactions("CP1").length, 2);
  });

  it("confirms nothing that is not on it when it is full, and loses nothing that was", () => {
    const confirmed = [start(1)];
    disk.fill();
    let refused = 0;
    for (let connector = 2; connector < 8; connector++) {
      try {
        confirmed.push(start(connector));
      } catch (error) {
        assert.equal((error as { code?: string }).code, "EV_STORE_WRITE");
        refused++;
      }
      clock.advance(REOPEN_MS);
    }
    assert.ok(refused > 0);
    disk.clean();
    confirmed.push(start(8));
    assert.equal(store.failure, null);
    store.close();
    store = openStore(path, { clock });
    const kept = store.openTransactions("CP1").map(({ transactionId }) => transactionId);
    assert.deepEqual(kept.sort(), confirmed.sort());
  });
});
