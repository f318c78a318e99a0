import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { writeBackup } from "../lib/backup/files.ts";
import { Shelf } from "../lib/files/shelf.ts";
import { tighten } from "../lib/private-files.ts";
import { Site } from "../lib/site/site.ts";
import { MessageStore } from "../lib/store/message-store.ts";
import { until } from "./e2e/net.ts";
import { FakeClock } from "./fake-clock.ts";

const LIMIT = {
  chargePoint: "CP1",
  connector: 1,
  acceptedA: 10,
  safeA: 6,
  leaseUntilWallMs: null,
  baselineAccepted: true,
};

describe("What a site keeps", () => {
  let parent: string;
  let dataDir: string;
  let clock: FakeClock;
  let site: Site | null;

  beforeEach(function () {
    if (process.platform === "win32") this.skip();
    parent = mkdtempSync(join(tmpdir(), "phasewise-rights-"));
    dataDir = join(parent, "ev-charging", "site");
    clock = new FakeClock();
    site = null;
  });
  afterEach(() => {
    site?.close();
    if (parent) rmSync(parent, { recursive: true, force: true });
  });

  const open = (): Site => {
    site = new Site({ key: "site", dataDir, clock });
    return site;
  };
  /** Everything in the folder and the folder itself that others than the owner may do anything with. */
  const openToOthers = (): string[] => {
    const paths = [dataDir, ...readdirSync(dataDir, { recursive: true }).map((name) => join(dataDir, String(name)))];
    return paths.filter((path) => (statSync(path).mode & 0o077) !== 0);
  };
  /** A little of everything. */
  const fill = async (one: Site): Promise<void> => {
    one.store.saveLimit(LIMIT);
    await one.copies.look();
    assert.equal(one.copies.failure, null);
    await writeBackup(dataDir, one.store, { badges: null, wallMs: clock.wallMs() });
    const messages = new MessageStore(join(dataDir, "messages-cs.sqlite"), { mostMB: 10, mostDays: 10 }, clock);
    messages.add(clock.wallMs(), "CP1", "in", '[2,"1","Heartbeat",{}]');
    await messages.find({ chargePoint: null, action: null, id: null, text: null, most: 10 });
    const shelf = new Shelf(dataDir, clock);
    await shelf.addFirmware(Readable.from(["firmware"]), "firmware.bin", 1000);
    writeFileSync(await shelf.placeFor("CP1", "log.txt"), "a log", { mode: 0o600 });
    messages.close();
  };

  it("is for its owner only, whatever it is: records, logs, copies, backups, files", async () => {
    const before = process.umask(0o022);
    try {
      await fill(open());
      const names = readdirSync(dataDir).sort();
      const expected = [
        "backups",
        "copies",
        "ev-charging.sqlite",
        "ev-charging.sqlite-shm",
        "ev-charging.sqlite-wal",
        "files",
      ];
      assert.deepEqual(
        expected.filter((name) => !names.includes(name)),
        [],
      );
      assert.deepEqual(openToOthers(), []);
    } finally {
      process.umask(before);
    }
  });

  it("of an earlier release is tightened when it is used the first time", async () => {
    await fill(open());
    site?.close();
    const loosen = (path: string): void => {
      if (!statSync(path).isDirectory()) {
        chmodSync(path, 0o644);
        return;
      }
      chmodSync(path, 0o755);
      for (const name of readdirSync(path)) loosen(join(path, name));
    };
    loosen(dataDir);
    assert.ok(openToOthers().length > 8);
    open().store.saveLimit(LIMIT);
    await until("nobody else may read it", () => openToOthers().length === 0);
  });

  it("leaves a folder alone that holds what is somebody else's", async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, "flows.json"), "[]");
    chmodSync(join(dataDir, "flows.json"), 0o644);
    chmodSync(dataDir, 0o755);
    open().store.saveLimit(LIMIT);
    await tighten(dataDir);
    assert.deepEqual(openToOthers(), [dataDir, join(dataDir, "flows.json")]);
  });
});
