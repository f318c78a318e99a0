import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionWithout } from "../../lib/session/sessions/session-begin.ts";
import { DailyPrune } from "../../lib/store/daily-prune.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store, TransactionStart } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { peek } from "../peek.ts";

const DAY_MS = 86_400_000;

describe("Old transactions", () => {
  let folder: string;
  let path: string;
  let clock: FakeClock;
  let store: Store;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-prune-"));
    path = join(folder, "site.sqlite");
    clock = new FakeClock();
    store = openStore(path, { clock });
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const startOf = (connector: number): TransactionStart => ({
    chargePoint: "CP1",
    connector,
    idTag: "A",
    startedWallMs: clock.wallMs(),
    meterStartWh: 0,
    idTagStatus: "Accepted",
  });
  const stopOf = (transactionId: string) => ({
    chargePoint: "CP1",
    transactionId,
    stoppedWallMs: clock.wallMs(),
    meterStopWh: 1000,
    stopReason: "Local",
  });
  /** One that began and ended now. */
  const charged = (connector = 1): string => {
    const { transactionId } = store.startTransaction(startOf(connector));
    store.stopTransaction(stopOf(transactionId));
    return transactionId;
  };
  const prune = async (): Promise<void> => {
    const daily = new DailyPrune(store, clock);
    await daily.look();
    daily.close();
  };
  /** So many newer ones: those that are kept whatever their age. */
  const newer = (): void => {
    for (let connector = 1; connector <= 1000; connector++) charged(connector);
  };
  const kept = (id: string): boolean => store.transaction("CP1", id) !== null;
  const withSession = (transactionId: string): void => {
    const wallMs = clock.wallMs() + Number(transactionId);
    const session = sessionWithout("CP1", 1, { zone: null, socketType: null }, wallMs);
    const record = store.sessions.add({ ...session, transactionId });
    store.sessions.save([{ record: { ...record, endedWallMs: wallMs }, memory: null }]);
  };

  it("are forgotten 400 days after their end, those that have not ended never", async () => {
    const [old, open] = [charged(), store.startTransaction(startOf(2)).transactionId];
    withSession(old);
    clock.advance(399 * DAY_MS);
    const young = charged(3);
    withSession(young);
    newer();
    await prune();
    assert.deepEqual([old, open, young].map(kept), [true, true, true]);
    clock.advance(2 * DAY_MS);
    await prune();
    assert.deepEqual([old, open, young].map(kept), [false, true, true]);
  });

  it("are forgotten after 40 days where their session was", async () => {
    const [without, with_] = [charged(), charged(2)];
    withSession(with_);
    clock.advance(39 * DAY_MS);
    newer();
    await prune();
    assert.deepEqual([without, with_].map(kept), [true, true]);
    clock.advance(2 * DAY_MS);
    await prune();
    assert.deepEqual([without, with_].map(kept), [false, true]);
  });

  it("keep the id of a start that is reported again, and the end that is, as long as they are kept", async () => {
    const start = startOf(1);
    const { transactionId } = store.startTransaction(start);
    withSession(transactionId);
    const stop = stopOf(transactionId);
    const stopped = store.stopTransaction(stop);
    clock.advance(200 * DAY_MS);
    newer();
    await prune();
    assert.equal(store.startTransaction(start).transactionId, transactionId);
    assert.deepEqual(store.stopTransaction({ ...stop, meterStopWh: 5 }), stopped);
  });

  it("are kept among the newest thousand, whatever a clock that was wrong says of their age", async () => {
    clock.jumpWall(-20_000 * DAY_MS);
    const early = charged();
    clock.jumpWall(20_000 * DAY_MS);
    await prune();
    assert.ok(kept(early));
  });

  it("of charge points whose clocks are wrong are as old as their number says", async () => {
    const { transactionId } = store.startTransaction({ ...startOf(1), startedWallMs: 1000 });
    store.stopTransaction({ ...stopOf(transactionId), stoppedWallMs: 2000 });
    newer();
    await prune();
    assert.ok(kept(transactionId));
  });

  it("go in slices, and the other work has its turn in between", async () => {
    for (let connector = 1; connector <= 2500; connector++) charged(connector);
    clock.advance(401 * DAY_MS);
    newer();
    let slices = 0;
    const one = new DailyPrune(
      counting(store, () => slices++),
      clock,
    );
    await one.look();
    one.close();
    assert.ok(slices >= 5, String(slices));
    assert.equal(count("transactions"), 1000);
  });

  it("unknown ones' stops go as well: the old ones, and the oldest of more than ten thousand", async () => {
    store.stopTransaction(stopOf("-7"));
    clock.advance(401 * DAY_MS);
    store.stopTransaction(stopOf("-8"));
    await prune();
    assert.equal(count("stray_stops"), 1);
    await store.durably(() => {
      for (let id = 0; id < 10_700; id++)
        store.stopTransaction({ ...stopOf(`${-100 - id}`), stoppedWallMs: clock.wallMs() + id });
    });
    clock.advance(DAY_MS);
    await prune();
    assert.equal(count("stray_stops"), 10_000);
  });

  const count = (table: string): number => {
    const { n } = peek(path, (it) => it.prepare(`SELECT count(*) AS n FROM ${table}`).get()) as { n: number };
    return n;
  };
});

function counting(store: Store, count: () => void): Pick<Store, "durably" | "pruneTransactions" | "pruneStrayStops"> {
  return {
    durably: (work) => store.durably(work),
    pruneTransactions: (cut, after) => {
      count();
      return store.pruneTransactions(cut, after);
    },
    pruneStrayStops: (cut) => store.pruneStrayStops(cut),
  };
}
