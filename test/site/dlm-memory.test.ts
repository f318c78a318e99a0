import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DlmMemory } from "../../lib/site/dlm-memory.ts";
import { SparingJournal } from "../../lib/store/journal/sparing-journal.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

describe("What a load management keeps over restarts", () => {
  const clock = new FakeClock();
  let folder: string;
  let store: Store;

  /** As a process has it that starts now. */
  const started = (): DlmMemory => {
    const journal = new SparingJournal(store, join(folder, "site.sqlite"), clock);
    return new DlmMemory({ store, journal, clock }, "dlm/main");
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-memory-"));
    store = openStore(join(folder, "site.sqlite"), { clock });
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("goes on from what has changed before a kill, with the limits commanded last; no page of the database was written for it", () => {
    const memory = started();
    memory.state({ controller: { seen: 1 }, setpoints: [] }, true);
    memory.newest({ setpoints: [["CP1/1", 16]], highest: [["main", [9, 8, 7]]] });
    memory.state({ controller: { seen: 2 }, setpoints: [] }, false);
    assert.deepEqual(started().saved, {
      controller: { seen: 1 },
      setpoints: [["CP1/1", 16]],
      highest: [["main", [9, 8, 7]]],
    });
    assert.deepEqual(store.documents("dlm/main"), []);
  });

  it("goes on from what an earlier release has written", () => {
    store.saveDocument("dlm/main", { controller: { seen: 3 } });
    assert.deepEqual(started().saved, { controller: { seen: 3 } });
  });
});
