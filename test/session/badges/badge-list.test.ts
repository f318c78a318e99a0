import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planChange } from "../../../lib/session/badges/badge-change.ts";
import { BadgeList } from "../../../lib/session/badges/badge-list.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { badge, listOf } from "../badges.ts";

describe("A change of many badges", () => {
  const folder = mkdtempSync(join(tmpdir(), "ev-badge-list-"));
  const clock = new FakeClock();
  let store: Store;
  let list: BadgeList;
  const open = (): void => {
    store = openStore(join(folder, "site.db"), { clock });
    list = new BadgeList(store.badges, clock);
  };

  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    open();
  });
  afterEach(() => store.close());
  after(() => rmSync(folder, { recursive: true, force: true }));

  const many = Array.from({ length: 2000 }, (_, index) =>
    badge({ idTag: `B${String(index).padStart(5, "0")}`, comment: `Person ${index}` }),
  );
  const others = many.map((one, index) => ({ ...one, blocked: index % 3 === 0 })).slice(500);
  const wanted = [...others, badge({ idTag: "NEW" })];
  const importOf = (badges: typeof many) => list.change(planChange(list.all, badges, "replace"), "import", "Anna");
  const stored = () => listOf(...store.badges.all());

  it("is the same in memory and in the database, and is undone as a whole, also after a restart", async () => {
    await importOf(many);
    await importOf(wanted);
    assert.deepEqual(list.all, listOf(...wanted));
    store.close();
    open();
    assert.deepEqual(new Map([...list.all].sort()), stored());
    assert.equal(list.lastChange?.what, "import");
    assert.equal((await list.undo())?.added.length, 500);
    assert.deepEqual(new Map([...list.all].sort()), listOf(...many));
    assert.deepEqual(stored(), listOf(...many));
    await list.undo();
    assert.equal(list.all.size, 0);
    assert.equal(await list.undo(), null);
  });

  it("leaves others their turn, and the list as it was until all of it is there", async () => {
    await importOf(many.slice(0, 10));
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns += 1;
      const { size } = list.all;
      assert.ok(size === 10 || size === many.length, `${size}`);
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    await importOf(many);
    over = true;
    assert.ok(turns >= 10, `${turns}`);
  });

  it("keeps others from changing the list meanwhile", async () => {
    const importing = importOf(many);
    const one = { added: [badge({ idTag: "X" })], changed: [], removed: [] };
    assert.throws(() => list.apply(one, "learn", ""), { code: "EV_BADGES_BUSY" });
    await importing;
    list.apply(one, "learn", "");
    assert.equal(list.all.size, many.length + 1);
  });

  it("is done one after the other", async () => {
    const order: string[] = [];
    const first = list.alone(async () => {
      await importOf(many);
      order.push("first");
    });
    const second = list.alone(async () => order.push(`second sees ${list.all.size}`));
    await Promise.all([first, second]);
    assert.deepEqual(order, ["first", "second sees 2000"]);
  });

  for (const undone of [false, true]) {
    it(`is ${undone ? "undone" : "done"} whole or not at all, wherever the process ends`, async () => {
      await importOf(many.slice(0, 1500));
      if (undone) await importOf(wanted);
      const before = stored();
      const after = undone ? listOf(...many.slice(0, 1500)) : listOf(...wanted);
      const change = planChange(list.all, wanted, "replace");
      const record = { ...change, what: "import", by: "", changedWallMs: 1 };
      for (let ended = 0; ; ended++) {
        const steps = undone ? store.badges.undoInParts() : store.badges.applyInParts(record);
        let step = 0;
        while (step < ended && !steps.next().done) step += 1;
        if (step < ended) break;
        store.close();
        open();
        const now = stored();
        assert.ok(now.size === before.size || now.size === after.size);
        assert.deepEqual(now, now.size === before.size ? before : after);
        if (now.size === after.size) break;
      }
      assert.deepEqual(stored(), after);
    });
  }
});
