import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBackup, writeBackup } from "../../lib/backup/files.ts";
import type { Backup } from "../../lib/backup/format.ts";
import { readBackup } from "../../lib/backup/import.ts";
import { Restorer } from "../../lib/backup/restore.ts";
import { readBadge } from "../../lib/session/badges/badge.ts";
import { BadgeList } from "../../lib/session/badges/badge-list.ts";
import type { NewSession } from "../../lib/store/session-types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

const WALL_MS = Date.parse("2026-06-01T12:00:00Z");
const unknown = (): undefined => undefined;

const session = (id: string, ended: boolean): NewSession => ({
  id,
  chargePoint: "CP1",
  connector: 1,
  zone: "garage",
  transactionId: id,
  idTag: "04A1",
  user: "Ana",
  comment: "flat 3",
  startedWallMs: WALL_MS + Number(id) * 1000,
  endedWallMs: ended ? WALL_MS + Number(id) * 1000 + 3_600_000 : null,
  seenWallMs: WALL_MS,
  meterStartWh: 0,
  meterStopWh: ended ? 7000 : null,
  energyWh: ended ? 7000 : null,
  energySource: ended ? "transaction" : null,
  meterKind: "charger",
  pvShare: 0.4,
  chargingS: 3600,
  waitingS: 0,
  idleS: 0,
  limitedS: 10,
  chargeType: "3-phase",
  socketType: null,
  stopReason: ended ? "EVDisconnected" : null,
  flags: [],
});

const SETTINGS = {
  ...{ ts: "2026-06-01T12:00:00.000Z", model: "keba", vendor: "KEBA", product: "P30", firmware: "1.13.1" },
  keys: [{ key: "ConnectionTimeOut", value: "60", readonly: false }],
};

describe("the backup of a site", () => {
  let folder: string;
  const stores: Store[] = [];
  const open = (name: string): Store => {
    const store = openStore(join(folder, name, "site.sqlite"), { clock: new FakeClock() });
    stores.push(store);
    return store;
  };
  const restorerOf = (store: Store): Restorer => new Restorer(store, new BadgeList(store.badges, new FakeClock()));
  const backUp = (store: Store) => writeBackup(folder, store, { badges: store.badges.all(), wallMs: WALL_MS });
  const load = (name: string) => readBackup(loadBackup(folder, name), "UTC");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-backup-"));
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A site with two badges, 1,200 ended sessions and one that runs, a limit from outside, a charge point that taught something. */
  const filled = (): Store => {
    const store = open("old");
    const badges = ["04A1", "04B2"].map((idTag) => readBadge({ idTag, comment: `badge ${idTag}` }, unknown, "UTC"));
    const change = { added: badges, changed: [], removed: [], what: "import", by: "test", changedWallMs: WALL_MS };
    store.badges.apply(change);
    for (let id = 1; id <= 1201; id++) {
      const record = store.sessions.add({ ...session(String(id), false) });
      if (id <= 1200) store.sessions.save([{ record: { ...record, ...session(String(id), true) }, memory: null }]);
    }
    const times = {
      allocatedWallMs: null,
      acceptedWallMs: null,
      measuredWallMs: null,
      loadBeforeW: null,
      loadAfterW: null,
    };
    const what = {
      zone: "garage",
      source: "operator",
      scope: "evse" as const,
      limitA: null,
      powerW: 4200,
      holdStarts: false,
    };
    const end = { endedWallMs: WALL_MS + 60_000, end: "released" as const };
    store.limitCommands.add({ ...what, ...times, ...end, reason: "", receivedWallMs: WALL_MS, refused: null });
    store.saveDocument("station/CP1", { vendor: "Maker" });
    store.saveDocument("settings/CP1", SETTINGS);
    return store;
  };

  it("holds what the site knows, and no secret, in a file that any JSON reader takes", async () => {
    const { path, name, bytes } = await backUp(filled());
    const text = await readFile(path, "utf8");
    const backup = JSON.parse(text) as Backup;
    assert.equal(name, "site-2026-06-01T12-00-00.json");
    assert.equal(bytes, Buffer.byteLength(text));
    assert.deepEqual([backup.badges?.length, backup.sessions.length, backup.limitCommands.length], [2, 1200, 1]);
    assert.deepEqual(backup.chargePoints, { CP1: { vendor: "Maker" } });
    assert.deepEqual(Object.keys(backup), [
      "format",
      "version",
      "ts",
      "badges",
      "chargePoints",
      "names",
      "chargerSettings",
      "limitCommands",
      "sessions",
    ]);
  });

  it("leaves the badges out where that is wanted", async () => {
    const { path, name } = await writeBackup(folder, filled(), { badges: null, wallMs: WALL_MS });
    assert.equal((JSON.parse(await readFile(path, "utf8")) as Backup).badges, null);
    assert.deepEqual((await load(name)).badges, []);
  });

  it("says what an import would do, does it, and finds nothing more to do", async () => {
    const { name } = await backUp(filled());
    const backup = await load(name);
    const fresh = open("new");
    const restorer = restorerOf(fresh);
    const diff = await restorer.compare(backup);
    assert.deepEqual(diff, {
      badges: { added: ["04A1", "04B2"], changed: [], same: 0 },
      chargePoints: { added: ["CP1"], known: [] },
      chargerSettings: { added: ["CP1"], known: [] },
      limitCommands: { added: 1, known: 0 },
      sessions: { added: 1200, known: 0 },
    });
    assert.equal(fresh.sessions.has("1"), false);
    assert.deepEqual(await restorer.apply(backup, "Ana"), diff);
    assert.equal(fresh.sessions.closedCount(0, 1e9), 1200);
    assert.deepEqual(fresh.document("station/CP1"), { vendor: "Maker" });
    assert.deepEqual(fresh.document("settings/CP1"), SETTINGS);
    assert.deepEqual([fresh.badges.lastChange()?.what, fresh.badges.lastChange()?.by], ["import", "Ana"]);
    const again = await restorer.apply(backup, "Ana");
    assert.deepEqual([again.badges.same, again.sessions.added, again.limitCommands.added], [2, 0, 0]);
    assert.equal(fresh.limitCommands.find({ zone: null, fromWallMs: 0, toWallMs: 8e15, most: 10 }).length, 1);
  });

  it("never replaces what the site has learnt of a charge point itself, nor a session that it recorded itself", async () => {
    const { name } = await backUp(filled());
    const other = open("other");
    other.saveDocument("station/CP1", { vendor: "Another" });
    other.sessions.add({ ...session("1", false), id: "here" });
    await restorerOf(other).apply(await load(name), "");
    assert.deepEqual(other.document("station/CP1"), { vendor: "Another" });
    assert.deepEqual([other.sessions.has("1"), other.sessions.byTransaction("CP1", "1")?.record.id], [false, "here"]);
  });

  it("refuses what is no backup, naming the place, and reads nothing outside its folder", async () => {
    const { path } = await backUp(filled());
    const good = JSON.parse(await readFile(path, "utf8")) as Backup;
    const refused = (data: unknown, message: RegExp) =>
      assert.rejects(readBackup(typeof data === "string" ? data : JSON.stringify(data), "UTC"), {
        code: "EV_MESSAGE_INVALID",
        message,
      });
    await refused(null, /the backup must be an object/);
    await refused("", /the backup must be an object/);
    await refused(JSON.stringify(good).slice(0, -1), /it ends in the middle/);
    await refused({ ...good, format: "x" }, /no backup of a site/);
    await refused({ badges: [] }, /no backup of a site/);
    await refused({ ...good, version: 2 }, /newer release/);
    await refused({ ...good, sessions: {} }, /sessions must be a list/);
    await refused({ ...good, chargePoints: [] }, /chargePoints must be an object/);
    const [settings] = good.chargerSettings;
    await refused({ ...good, chargerSettings: [{ ...settings, keys: [{ key: "" }] }] }, /chargerSettings\[0\]\.keys/);
    await refused({ ...good, names: [{ chargePoint: "CP1", name: 7 }] }, /names\[0\]/);
    await refused(
      { ...good, sessions: [good.sessions[0], { ...good.sessions[0], startedWallMs: "soon" }] },
      /sessions\[1\]\.startedWallMs/,
    );
    await refused({ ...good, badges: [{ idTag: "A", type: "boss" }] }, /badges\[0\]\.type/);
    for (const name of ["../old/site.sqlite", "/etc/passwd", ".hidden", "none.json"])
      await assert.rejects(load(name), { code: "EV_MESSAGE_INVALID" });
  });
});
