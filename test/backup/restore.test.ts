import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BACKUP_FORMAT, BACKUP_VERSION } from "../../lib/backup/format.ts";
import { readBackup } from "../../lib/backup/import.ts";
import { Restorer } from "../../lib/backup/restore.ts";
import { planChange } from "../../lib/session/badges/badge-change.ts";
import { BadgeList } from "../../lib/session/badges/badge-list.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { sample } from "../full.ts";
import { badge } from "../session/badges.ts";

const run = promisify(execFile);
const WALL_MS = Date.parse("2026-06-01T12:00:00Z");

const badges = (count: number, comment: string) =>
  Array.from({ length: count }, (_, index) => badge({ idTag: `T${String(index).padStart(6, "0")}`, comment }));
const sessions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `s${index}`, chargePoint: "CP1", connector: 1, zone: null, transactionId: index, idTag: "T", user: null },
    ...{ comment: null, startedWallMs: WALL_MS, endedWallMs: WALL_MS + 1000, seenWallMs: WALL_MS, meterStartWh: 0 },
    ...{ meterStopWh: 7, energyWh: 7, energySource: null, meterKind: null, pvShare: null, chargingS: 1, waitingS: 0 },
    ...{ idleS: 0, limitedS: 0, chargeType: null, socketType: null, stopReason: null, flags: [] },
  }));
const backupOf = (content: object): string =>
  JSON.stringify({ format: BACKUP_FORMAT, version: BACKUP_VERSION, ...content });

describe("A backup that is taken over", () => {
  const clock = new FakeClock();
  let folder: string;
  let path: string;
  const stores: Store[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-restore-"));
    path = join(folder, "site.sqlite");
  });
  afterEach(() => {
    close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = () => {
    const store = openStore(path, { clock });
    stores.push(store);
    const list = new BadgeList(store.badges, clock);
    return { store, list, restorer: new Restorer(store, list, clock) };
  };
  const close = (): void => {
    for (const store of stores.splice(0)) store.close();
  };
  const sessionCount = ({ sessions: book }: Store): number => book.closedCount(0, 1e9);

  it("lets everything else have its turn, however long it is", async () => {
    const { store, restorer } = open();
    const content = {
      badges: badges(10_000, "new"),
      sessions: sessions(500),
      chargePoints: { CP1: { vendor: "Maker" } },
    };
    const text = backupOf(content);
    const written: number[] = [];
    let turn = 0;
    let done = false;
    const count = (): void => {
      turn += 1;
      if (!done) setImmediate(count);
    };
    const { add, carryOut } = store.restores;
    store.restores.add = (kind, items) => {
      written.push(turn);
      add(kind, items);
    };
    store.restores.carryOut = (part, work) => {
      written.push(turn);
      carryOut(part, work);
    };
    setImmediate(count);
    await restorer.apply(await readBackup(text, "UTC"), "Ana");
    done = true;
    assert.equal(new Set(written).size, written.length);
    assert.equal(written.length, 2 * (10_000 / 400 + 500 / 50 + 1));
    assert.ok(turn > text.length / 65_536 + written.length);
    assert.deepEqual([store.badges.all().length, sessionCount(store)], [10_000, 500]);
  });

  it("is one change of the list of badges, which can be undone", async () => {
    const { list, restorer } = open();
    list.apply(planChange(list.all, badges(500, "old"), "merge"), "import", "");
    await restorer.apply(await readBackup(backupOf({ badges: badges(1000, "new") }), "UTC"), "Ana");
    assert.deepEqual([list.all.size, list.lastChange?.by], [1000, "Ana"]);
    await list.alone(() => list.undo());
    assert.deepEqual([...list.all.values()], badges(500, "old"));
  });

  it("waits for another one that is being taken over", async () => {
    const { list, restorer } = open();
    const [first, second] = await Promise.all(
      ["first", "second"].map((comment) => readBackup(backupOf({ badges: badges(900, comment) }), "UTC")),
    );
    const diffs = await Promise.all([restorer.apply(first!, ""), restorer.apply(second!, "")]);
    assert.deepEqual(
      diffs.map((diff) => [diff.badges.added.length, diff.badges.changed.length]),
      [
        [900, 0],
        [0, 900],
      ],
    );
    assert.equal(list.all.get("T000000")?.comment, "second");
  });

  it("is there whole or not at all, whenever the process is killed", async () => {
    const [before, after] = [badges(1200, "old"), badges(2000, "new")];
    const { list } = open();
    await list.alone(() => list.change(planChange(list.all, before, "merge"), "import", ""));
    close();
    const original = join(folder, "original.sqlite");
    copyFileSync(path, original);
    const backup = join(folder, "backup.json");
    writeFileSync(backup, backupOf({ badges: after, sessions: sessions(200) }));
    const restore = async (turns?: number): Promise<number> => {
      for (const part of ["", "-wal", "-shm"]) rmSync(path + part, { force: true });
      copyFileSync(original, path);
      const args = [join(import.meta.dirname, "restore-child.ts"), path, backup, ...(turns ? [String(turns)] : [])];
      const ended = run(process.execPath, args).then(({ stdout }) => Number(stdout));
      if (!turns) return ended;
      await assert.rejects(ended, { signal: "SIGKILL" });
      return 0;
    };
    const turns = await restore();
    const ways = new Set<string>();
    for (const share of sample([0.1, 0.3, 0.5, 0.7, 0.9], 2)) {
      await restore(Math.max(1, Math.round(turns * share)));
      const { store, restorer } = open();
      const isDecided = store.restores.decided() !== null || sessionCount(store) > 0;
      const found = store.badges.all();
      const isNew = found.length === after.length;
      assert.deepEqual(found, isNew ? after : before);
      assert.ok(isDecided || (!isNew && sessionCount(store) === 0));
      await restorer.resume();
      assert.deepEqual(store.badges.all(), isDecided ? after : before);
      assert.equal(sessionCount(store), isDecided ? 200 : 0);
      assert.deepEqual([store.restores.next(0), store.restores.decided()], [null, null]);
      ways.add(isDecided ? "decided" : "not decided");
      close();
    }
    assert.equal(ways.size, 2);
  });
});
