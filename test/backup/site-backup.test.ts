import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
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
import type { ReservationRecord } from "../../lib/store/books/reservation-types.ts";
import type { NewSession } from "../../lib/store/books/session-types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

const WALL_MS = Date.parse("2026-06-01T12:00:00Z");
const HOUR_MS = 3_600_000;
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
  const restorerOf = (store: Store): Restorer =>
    new Restorer(store, new BadgeList(store.badges, new FakeClock()), new FakeClock());
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
      "reservations",
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
      reservations: { added: 0, known: 0, taken: 0, over: 0 },
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

  describe("with reservations", () => {
    const booked = (more: Partial<ReservationRecord> = {}): Omit<ReservationRecord, "id"> & { id: number | null } => ({
      ...{ id: null, ref: null, target: "CP1/1", zone: null, idTag: "04A1", comment: "guest", by: "Ana" },
      ...{ fromWallMs: WALL_MS + HOUR_MS, untilWallMs: WALL_MS + 2 * HOUR_MS, freeWallMs: WALL_MS + 1.5 * HOUR_MS },
      ...{ state: "booked", why: null, madeWallMs: WALL_MS, closedWallMs: null, place: "CP1/1", told: [], ...more },
    });
    const held = booked({
      ...{ state: "held", told: ["CP2/1"], target: null, zone: "garage", place: "CP2/1" },
    });
    const past = booked({
      ...{ state: "used", closedWallMs: WALL_MS - HOUR_MS, fromWallMs: WALL_MS - 2 * HOUR_MS, madeWallMs: 5 },
    });
    const backUpOf = async (...all: ReturnType<typeof booked>[]): Promise<string> => {
      const store = open("old");
      for (const one of all) store.reservations.add(one);
      await store.reservations.settled();
      return (await backUp(store)).name;
    };
    const allOf = (store: Store) => store.reservations.find({ fromWallMs: 0, toWallMs: 8e15, most: 100 });

    it("brings those to come and the past ones back under their numbers, to be kept anew", async () => {
      const backup = await load(await backUpOf(booked(), held, past));
      const fresh = open("new");
      const restorer = restorerOf(fresh);
      const wanted = { added: 3, known: 0, taken: 0, over: 0 };
      assert.deepEqual((await restorer.compare(backup)).reservations, wanted);
      assert.deepEqual(allOf(fresh), []);
      assert.deepEqual((await restorer.apply(backup, "Ana")).reservations, wanted);
      const [used, first, zoned] = allOf(fresh);
      assert.deepEqual([used?.state, first?.id, first?.state, first?.place], ["used", 100001, "booked", "CP1/1"]);
      assert.deepEqual([zoned?.id, zoned?.state, zoned?.place, zoned?.told], [100002, "booked", null, ["CP2/1"]]);
      assert.deepEqual((await restorer.apply(backup, "Ana")).reservations, { added: 0, known: 3, taken: 0, over: 0 });
      assert.equal(fresh.reservations.add(booked({ fromWallMs: WALL_MS + 9 * HOUR_MS })), 100004);
    });

    it("leaves what was booked here meanwhile, and what is over", async () => {
      const calendar = booked({ ref: "uid-1", target: null, zone: "garage", place: null });
      const gone = booked({ fromWallMs: WALL_MS - 2 * HOUR_MS, freeWallMs: WALL_MS - HOUR_MS, madeWallMs: 1 });
      const other = booked({ target: "CP3/1", place: "CP3/1", told: ["CP3/1"], madeWallMs: 2 });
      const backup = await load(await backUpOf(other, booked(), calendar, gone));
      const here = open("new");
      here.reservations.add(booked({ idTag: "04B2", madeWallMs: 3 }));
      here.reservations.add({ ...calendar, madeWallMs: 4 });
      const { reservations } = await restorerOf(here).apply(backup, "Ana");
      assert.deepEqual(reservations, { added: 1, known: 1, taken: 1, over: 1 });
      const restored = allOf(here).find(({ target }) => target === "CP3/1");
      assert.deepEqual([restored?.id, restored?.told], [100003, []], "its number is another one's here");
    });

    it("reads backups that have none, and refuses those whose parts do not fit", async () => {
      const { name } = await backUp(filled());
      const { reservations: _none, ...old } = JSON.parse(
        await readFile(join(folder, "backups", name), "utf8"),
      ) as Backup;
      assert.deepEqual((await readBackup(JSON.stringify(old), "UTC")).reservations, []);
      const one = { ...booked(), id: 100001 };
      for (const [more, message] of [
        [{ id: 0 }, /reservations\[0\]\.id/],
        [{ idTag: "" }, /reservations\[0\]\.idTag/],
        [{ target: "CP1" }, /reservations\[0\]\.target/],
        [{ zone: "garage" }, /target must be a connector/],
        [{ target: null }, /target must be a connector/],
        [{ untilWallMs: one.fromWallMs }, /untilWallMs must be after/],
        [{ freeWallMs: 0 }, /freeWallMs must be/],
        [{ state: "lost" }, /reservations\[0\]\.state/],
        [{ closedWallMs: 1 }, /closedWallMs must be null/],
        [{ told: ["x"] }, /reservations\[0\]\.told/],
      ] as const) {
        const data = JSON.stringify({ ...old, reservations: [{ ...one, ...more }] });
        await assert.rejects(readBackup(data, "UTC"), { code: "EV_MESSAGE_INVALID", message });
      }
    });

    for (const sqlite of ["node:sqlite", "node-sqlite3-wasm"])
      it(`comes back into a real file on ${sqlite}`, async () => {
        const soon = Date.now() + HOUR_MS;
        const times = { fromWallMs: soon, untilWallMs: soon + HOUR_MS, freeWallMs: soon + HOUR_MS };
        const name = await backUpOf(booked(times), past);
        const path = join(folder, "new.sqlite");
        const child = join(import.meta.dirname, "restore-child.ts");
        execFileSync(process.execPath, [child, path, join(folder, "backups", name)], {
          env: { ...process.env, PHASEWISE_SQLITE: sqlite },
        });
        const store = openStore(path, { clock: new FakeClock() });
        stores.push(store);
        assert.deepEqual(
          allOf(store).map(({ id, state }) => [id, state]),
          [
            [100002, "used"],
            [100001, "booked"],
          ],
        );
      });
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
