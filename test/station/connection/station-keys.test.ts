import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StationKeys } from "../../../lib/station/connection/station-keys.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const KEY = Buffer.from("00112233445566778899aabbccddeeff00112233", "hex");
const OTHER = Buffer.from("ffeeddccbbaa99887766554433221100ffeeddcc", "hex");

describe("The passwords given to charge points", () => {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-keys-"));
  const clock = new FakeClock();
  const path = join(folder, "site.sqlite");
  let store: Store;
  let keys: StationKeys;

  const open = (): void => {
    store = openStore(path, { clock });
    keys = new StationKeys(store.stationKeys, clock);
  };
  /** As after a power cut: nothing but what is on disk is left. */
  const restart = (): void => {
    store.close();
    open();
  };
  beforeEach(open);
  afterEach(() => {
    keys.forget("CP1");
    store.close();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const passes = async (shown: Buffer | null, configured: string | null = "old"): Promise<boolean | undefined> =>
    (await keys.check("CP1", configured, shown))?.passed;

  it("concern nobody who was given none", async () => {
    assert.equal(keys.has("CP1"), false);
    assert.equal(await keys.check("CP1", "old", KEY), null);
  });

  it("count beside the old one from before they are sent, also after a power cut", async () => {
    await keys.prepare("CP1", KEY, "old");
    restart();
    const check = await keys.check("CP1", "old", KEY);
    assert.deepEqual([check?.passed, check?.replaces], [true, false]);
    assert.equal(await passes(OTHER), false);
    assert.equal(keys.state("CP1")?.state, "pending");
  });

  it("are on disk before they are sent, whatever becomes of the process", async () => {
    // One process uses the database at a time.
    store.close();
    const child = fork(join(import.meta.dirname, "../key-crash-child.ts"), [path]);
    const [digits] = (await once(child, "message")) as [string];
    child.kill("SIGKILL");
    await once(child, "exit");
    open();
    assert.equal(await passes(Buffer.from(digits, "hex")), true);
    assert.equal((await keys.check("CP1", "old", null))?.replaces, false);
  });

  it("count alone once they were accepted, in any letter case of the identity", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, "old"));
    restart();
    const check = await keys.check("cp1", "old", Buffer.from("old"));
    assert.deepEqual([check?.passed, check?.replaces], [false, true]);
    assert.equal(await passes(Buffer.from(KEY.toString("hex"))), true);
    assert.equal(keys.state("CP1")?.state, "inForce");
  });

  it("count alone once the charge point has connected with one", async () => {
    await keys.prepare("CP1", KEY, "old");
    (await keys.check("CP1", "old", KEY))?.settle();
    restart();
    assert.equal((await keys.check("CP1", "old", Buffer.from("old")))?.replaces, true);
  });

  it("stay open when the charge point connects with the old one: it may still change", async () => {
    await keys.prepare("CP1", KEY, "old");
    (await keys.check("CP1", "old", Buffer.from("old")))?.settle();
    assert.equal(await passes(KEY), true);
  });

  it("are forgotten when they were refused", async () => {
    keys.refused("CP1", await keys.prepare("CP1", KEY, "old"));
    restart();
    assert.equal(keys.has("CP1"), false);
  });

  it("leave the one before in force when they were refused", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, "old"));
    keys.refused("CP1", await keys.prepare("CP1", OTHER, "old"));
    assert.deepEqual([await passes(KEY), await passes(OTHER)], [true, false]);
  });

  it("count each while it is not known which of several was taken, and are not sent without end", async () => {
    await keys.prepare("CP1", KEY, "old");
    await keys.prepare("CP1", OTHER, "old");
    assert.deepEqual([await passes(KEY), await passes(OTHER)], [true, true]);
    await keys.prepare("CP1", Buffer.alloc(20, 1), "old");
    await assert.rejects(keys.prepare("CP1", Buffer.alloc(20, 2), "old"), { code: "EV_OCPP_BUSY" });
  });

  it("give way to a password that a person configures afterwards", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, "old"));
    assert.equal(await keys.check("CP1", "new", KEY), null);
    restart();
    assert.equal(keys.has("CP1"), false);
  });

  it("give way to the first password that a person configures", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, null));
    assert.equal(await passes(KEY, null), true);
    assert.equal(await keys.check("CP1", "new", KEY), null);
  });

  it("do not give way where the configured password was lost or taken away", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, "old"));
    const check = await keys.check("CP1", null, null);
    assert.deepEqual([check?.passed, check?.replaces], [false, true]);
  });

  it("are on disk as hashes", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, "a person's password"));
    store.close();
    const bytes = readFileSync(path);
    for (const secret of [KEY, Buffer.from(KEY.toString("hex")), Buffer.from("a person's password")])
      assert.equal(bytes.includes(secret), false);
    open();
  });

  it("cost one hash for each charge point, however often it connects", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, null));
    await passes(KEY, null);
    const startMs = performance.now();
    for (let times = 0; times < 5000; times++) assert.equal(await passes(KEY, null), true);
    assert.ok(performance.now() - startMs < 2500, `${performance.now() - startMs} ms for 5,000 connections`);
  });

  it("leave the configured ones in force while the database cannot be read", async () => {
    keys.accepted("CP1", await keys.prepare("CP1", KEY, "old"));
    store.close();
    const blind = new StationKeys(store.stationKeys, clock);
    assert.equal(blind.has("CP1"), false);
    open();
    assert.equal(await passes(KEY), true);
  });
});
