import { strict as assert } from "node:assert";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { COPIES_KEPT, copiesFolder, listCopies } from "../../lib/store/disk/copies.ts";
import { DailyCopy } from "../../lib/store/disk/daily-copy.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { WriteAheadLog } from "../../lib/store/disk/write-ahead-log.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { until } from "../e2e/net.ts";
import { FakeClock } from "../fake-clock.ts";

const DAY_MS = 86_400_000;
const LIMIT = {
  chargePoint: "CP1",
  connector: 1,
  acceptedA: 10,
  safeA: 6,
  leaseUntilWallMs: null,
  baselineAccepted: true,
};

describe("daily copies of the database", () => {
  let folder: string;
  let path: string;
  let clock: FakeClock;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-copies-"));
    path = join(folder, "site.sqlite");
    clock = new FakeClock();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A store with one transaction and one limit, and a copy of it. */
  const copied = async (): Promise<string> => {
    const store = openStore(path, { clock });
    const start = {
      chargePoint: "CP1",
      connector: 1,
      idTag: "A",
      startedWallMs: 1,
      meterStartWh: 0,
      idTagStatus: "Accepted",
    };
    const { transactionId } = store.startTransaction(start);
    store.saveLimit(LIMIT);
    const copy = new DailyCopy({ path, clock, write: (to) => store.copyTo(to) });
    await copy.look();
    assert.equal(copy.failure, null);
    copy.close();
    store.close();
    return transactionId;
  };

  it("are made once a day, and the newest fourteen are kept", async () => {
    const store = openStore(path, { clock });
    const copy = new DailyCopy({ path, clock, write: (to) => store.copyTo(to) });
    for (let day = 0; day < 20; day++) {
      await copy.look();
      await copy.look();
      clock.advance(DAY_MS);
    }
    const copies = listCopies(path);
    assert.equal(copies.length, COPIES_KEPT);
    assert.equal(copies[0]!.wallMs, clock.wallMs() - DAY_MS);
    copy.close();
    store.close();
  });

  it("take the place of a damaged database, whose file is kept", async () => {
    const transactionId = await copied();
    writeFileSync(path, "this is no database, and long enough not to be taken for an empty one".repeat(20));
    clock.advance(DAY_MS / 2);
    const store = openStore(path, { clock });
    assert.equal(store.failure, null);
    assert.equal(store.transaction("CP1", transactionId)?.idTag, "A");
    assert.ok(existsSync(store.recovery!.damagedPath));
    store.close();
  });

  const PAGE_BYTES = 4096;
  const damages: Record<string, () => void> = {
    "overwritten in its middle": () => {
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 2 * PAGE_BYTES, bytes.length - 2 * PAGE_BYTES);
      writeFileSync(path, bytes);
    },
    "overwritten at its beginning": () => {
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 0, PAGE_BYTES);
      writeFileSync(path, bytes);
    },
    "cut off": () => truncateSync(path, Math.floor(statSync(path).size / PAGE_BYTES / 2) * PAGE_BYTES),
    "without content": () => truncateSync(path, 0),
  };
  for (const [how, damage] of Object.entries(damages)) {
    it(`take the place of one ${how}, which is kept as it was`, async () => {
      const transactionId = await copied();
      damage();
      const remains = readFileSync(path);
      const store = openStore(path, { clock });
      assert.deepEqual([store.failure, store.transaction("CP1", transactionId)?.idTag], [null, "A"]);
      assert.deepEqual(readFileSync(store.recovery!.damagedPath), remains);
      assert.equal(store.recovery!.copyWallMs, clock.wallMs());
      store.close();
    });

    it(`take the place of one ${how} also where a killed process left its log beside it`, async () => {
      const transactionId = await copied();
      const used = openStore(path, { clock });
      used.saveLimit(LIMIT);
      const log = readFileSync(`${path}-wal`);
      used.close();
      damage();
      writeFileSync(`${path}-wal`, log);
      const store = openStore(path, { clock });
      assert.deepEqual([store.failure, store.transaction("CP1", transactionId)?.idTag], [null, "A"]);
      store.close();
    });
  }

  it("take the place of one that was damaged while it was used: it is looked at beside everything else when it is opened again", async function () {
    if (sqlDriver().alone) this.skip();
    const transactionId = await copied();
    const store = openStore(path, { clock });
    store.saveLimit(LIMIT);
    await store.settled();
    const other = new DatabaseSync(path);
    other.exec("PRAGMA wal_checkpoint(PASSIVE)");
    other.close();
    const { run } = WriteAheadLog.prototype;
    WriteAheadLog.prototype.run = () => {
      throw Object.assign(new Error("disk I/O error"), { errcode: 10 });
    };
    assert.throws(() => store.saveLimit(LIMIT), { code: "EV_STORE_WRITE" });
    WriteAheadLog.prototype.run = run;
    rmSync(`${path}-wal`);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, 3 * PAGE_BYTES));
    await until("the copy is in its place", () => {
      try {
        store.saveLimit(LIMIT);
      } catch {
        // It is noticed.
      }
      return store.recovery !== null;
    });
    assert.equal(store.transaction("CP1", transactionId)?.idTag, "A");
    store.close();
  });

  it("are not needed where the file is sound, and then nothing is told", async () => {
    await copied();
    const store = openStore(path, { clock });
    assert.equal(store.recovery, null);
    store.close();
  });

  it("arrive whole although the process ends on the way, and the damaged file is still told of", async () => {
    const transactionId = await copied();
    const ready = `${path}.recovering`;
    const ends: Record<string, () => void> = {
      "while the copy is made": () => {
        truncateSync(path, 5000);
        writeFileSync(ready, "half a copy");
      },
      "when the damaged file was moved, and the copy not yet": () => {
        renameSync(path, `${path}.damaged-2026-06-01T00-00-00`);
        writeFileSync(ready, "as good as a copy");
      },
    };
    for (const [when, end] of Object.entries(ends)) {
      end();
      const store = openStore(path, { clock });
      assert.deepEqual([store.failure, store.transaction("CP1", transactionId)?.idTag], [null, "A"], when);
      assert.ok(existsSync(store.recovery!.damagedPath), when);
      assert.ok(!existsSync(ready), when);
      store.close();
      rmSync(store.recovery!.damagedPath);
    }
  });

  it("are missed where the file has lost its content: records begin anew, and that is told", () => {
    writeFileSync(path, "");
    const store = openStore(path, { clock });
    assert.deepEqual([store.failure, store.recovery?.copyWallMs], [null, null]);
    store.saveLimit(LIMIT);
    assert.equal(store.limits().length, 1);
    store.close();
  });

  it("are chosen among those that are sound themselves", async () => {
    const transactionId = await copied();
    writeFileSync(join(copiesFolder(path), "2030-01-01T00-00-00.sqlite"), "no database at all".repeat(100));
    truncateSync(path, 5000);
    const store = openStore(path, { clock });
    assert.equal(store.transaction("CP1", transactionId)?.idTag, "A");
    store.close();
  });

  it("say nothing of limits: what was accepted since is not known", async () => {
    await copied();
    truncateSync(path, 5000);
    const store = openStore(path, { clock });
    assert.deepEqual(store.limits(), []);
    store.close();
  });

  it("leave a damaged database alone where there is no copy: a person decides", () => {
    writeFileSync(path, "no database at all".repeat(100));
    const store = openStore(path, { clock });
    assert.match(store.failure!.message, /cannot be opened/);
    assert.deepEqual(readdirSync(folder), ["site.sqlite"]);
    store.close();
  });

  it("never give an id twice after the way back", async () => {
    const before = await copied();
    clock.advance(1000);
    truncateSync(path, 5000);
    const store = openStore(path, { clock });
    const start = {
      chargePoint: "CP1",
      connector: 1,
      idTag: "B",
      startedWallMs: 2,
      meterStartWh: 0,
      idTagStatus: "Accepted",
    };
    assert.ok(Number(store.startTransaction(start).transactionId) > Number(before));
    store.close();
  });

  it("that fail are told, and leave nothing half done", async () => {
    const copy = new DailyCopy({ path, clock, write: () => Promise.reject(new Error("disk full")) });
    await copy.look();
    assert.equal(copy.failure, "disk full");
    assert.deepEqual(readdirSync(copiesFolder(path)), []);
    copy.close();
  });
});
