import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

const KEPT = { zones: { main: [1, 2, 3] } };

describe("A database that another process still uses at the start of a site", () => {
  let folder: string;
  let path: string;
  let child: ChildProcess | undefined;
  let store: Store | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-overlap-"));
    path = join(folder, "site.sqlite");
    const earlier = openStore(path, { clock: new FakeClock() });
    earlier.saveDocument("consumption", KEPT);
    earlier.close();
  });
  afterEach(async () => {
    store?.close();
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const heldFor = async (ms: number): Promise<void> => {
    const args = [join(import.meta.dirname, "holding-child.ts"), path, String(ms)];
    child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout!, "data");
  };

  it("is waited for: what the site goes on from is read", async () => {
    await heldFor(1500);
    store = openStore(path, { clock: new FakeClock() });
    assert.deepEqual(store.document("consumption"), KEPT);
    assert.equal(store.failure, null);
  });

  it("is not waited for where the other connection is of the same process, which would wait for itself", () => {
    store = openStore(path, { clock: new FakeClock() });
    store.limits();
    const { wait } = Atomics;
    let waits = 0;
    Atomics.wait = () => {
      waits++;
      return "timed-out";
    };
    try {
      openStore(path, { clock: new FakeClock() }).close();
    } finally {
      Atomics.wait = wait;
    }
    assert.equal(waits, 0);
  });

  it("is not waited for without end", async () => {
    await heldFor(60_000);
    store = openStore(path, { clock: new FakeClock() });
    assert.match(store.failure?.message ?? "", /cannot be opened: database is locked/);
  });
});
