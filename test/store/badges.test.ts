import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { BadgeChange } from "../../lib/store/books/badge-types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { badge } from "../session/badges.ts";

describe("The badges of a site in the database", () => {
  const folder = mkdtempSync(join(tmpdir(), "ev-badges-"));
  const clock = new FakeClock();
  let store: Store;

  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    store = openStore(join(folder, "site.db"), { clock });
  });
  afterEach(() => store.close());
  after(() => rmSync(folder, { recursive: true, force: true }));

  const apply = (change: Partial<BadgeChange>, what = "add") =>
    store.badges.apply({
      ...{ added: [], changed: [], removed: [], what, by: "Anna", changedWallMs: clock.wallMs() },
      ...change,
    });
  const reopen = (): void => {
    store.close();
    store = openStore(join(folder, "site.db"), { clock });
  };
  const full = badge({
    comment: "Anna",
    parentIdTag: "FAM",
    expiryDate: "2027-01-15T08:00:00.000Z",
    blocked: true,
    chargePoints: ["CP1"],
    connectors: ["CP2/1"],
    zones: ["Garage"],
    maxConcurrent: null,
  });

  it("come back after a restart, whole", () => {
    apply({ added: [full, badge({ idTag: "B" })] });
    reopen();
    assert.deepEqual(store.badges.all(), [full, badge({ idTag: "B" })]);
    assert.equal(store.badges.version(), 1);
  });

  it("are as they were after each undo, also after a restart", () => {
    apply({ added: [badge()] });
    apply({ changed: [{ before: badge(), after: full }], removed: [], added: [badge({ idTag: "B" })] }, "import");
    apply({ removed: [full] }, "remove");
    reopen();
    assert.deepEqual([store.badges.lastChange()?.what, store.badges.lastChange()?.by], ["remove", "Anna"]);
    assert.deepEqual(store.badges.undo()?.added, [full]);
    assert.deepEqual(store.badges.all(), [full, badge({ idTag: "B" })]);
    store.badges.undo();
    assert.deepEqual(store.badges.all(), [badge()]);
    store.badges.undo();
    assert.deepEqual([store.badges.all(), store.badges.undo(), store.badges.lastChange()], [[], null, null]);
    assert.equal(store.badges.version(), 6);
  });

  it("keep the day or the moment that was given, in the spelling it was given", () => {
    const day = badge({ expiryDate: "2026-12-31" });
    const moment = badge({ idTag: "B", expiryDate: "2026-12-31T23:00:00.000Z" });
    apply({ added: [day, moment] });
    reopen();
    assert.deepEqual(store.badges.all(), [day, moment]);
  });

  it("of an earlier release end at the moment that was stored, also when one of its changes is undone", () => {
    const before = { expiresWallMs: Date.parse("2026-12-31T23:59:59.999Z") };
    const { expiryDate: _none, ...old } = badge();
    const change = { added: [], changed: [], removed: [{ ...old, ...before }] };
    apply({ added: [badge({ idTag: "B" })] });
    store.close();
    const database = new DatabaseSync(join(folder, "site.db"));
    database.exec(`UPDATE badges SET expires_wall_ms = ${before.expiresWallMs}, expires_day = NULL`);
    database.prepare("INSERT INTO badge_changes VALUES (2, 0, 'remove', '', ?)").run(JSON.stringify(change));
    database.close();
    store = openStore(join(folder, "site.db"), { clock });
    const expiryDate = "2026-12-31T23:59:59.999Z";
    assert.deepEqual(store.badges.undo()?.added, [badge({ expiryDate })]);
    assert.deepEqual(store.badges.all(), [badge({ expiryDate }), badge({ idTag: "B", expiryDate })]);
  });

  it("can be undone for the last 50 changes", () => {
    for (let index = 0; index < 60; index++) apply({ added: [badge({ idTag: `T${index}` })] });
    let undone = 0;
    while (store.badges.undo()) undone++;
    assert.deepEqual([undone, store.badges.all().length], [50, 10]);
  });

  it("have answers that are found by badge, place and time, and forgotten in the end", () => {
    const entry = (wallMs: number, change: object = {}) => ({
      ...{ wallMs, chargePoint: "CP1", connector: 1, idTag: "a", badge: null, reason: "authorize" },
      ...{ rule: "unknown", status: "Invalid", text: "", tookMs: 2 },
      ...change,
    });
    store.authorizations.add([
      entry(1),
      entry(2, { badge: "A1", idTag: "x" }),
      entry(3, { chargePoint: "CP2", status: "Blocked" }),
    ]);
    const find = (query: object) => {
      const all = { idTag: null, chargePoint: null, status: null, fromWallMs: 0, toWallMs: 10, most: 10 };
      return store.authorizations.find({ ...all, ...query }).map(({ wallMs }) => wallMs);
    };
    assert.deepEqual(find({}), [1, 2, 3]);
    assert.deepEqual(find({ idTag: "A" }), [1, 3]);
    assert.deepEqual(find({ idTag: "A1" }), [2]);
    assert.deepEqual(find({ chargePoint: "CP2", status: "Blocked" }), [3]);
    assert.deepEqual(find({ fromWallMs: 2, toWallMs: 2 }), [2]);
    assert.deepEqual(find({ most: 2 }), [2, 3]);
    store.authorizations.prune(2, 10);
    store.authorizations.prune(0, 1);
    assert.deepEqual(find({}), [3]);
  });
});
