import { strict as assert } from "node:assert";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JOURNAL, journalOf } from "../../lib/store/journal/limit-journal.ts";
import { RamFile } from "../../lib/store/journal/ram-file.ts";
import { SparingJournal } from "../../lib/store/journal/sparing-journal.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { LimitRecord, Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

const LIMIT: LimitRecord = {
  ...{ chargePoint: "CP1", connector: 1, acceptedA: 16, safeA: 6 },
  ...{ leaseUntilWallMs: 1_780_000_000_000, baselineAccepted: true },
};
const LOWER = { ...LIMIT, acceptedA: 10 };
const MEMORY = "/dev/shm";
const MINUTE_MS = 60_000;

describe("The journal that spares flash cards", () => {
  let folder: string;
  /** In memory, for this test alone. */
  let memory: string;
  let path: string;
  let clock: FakeClock;
  let store: Store;
  let journal: SparingJournal;

  beforeEach(function () {
    folder = mkdtempSync(join(tmpdir(), "phasewise-sparing-"));
    path = join(folder, "ev-charging.sqlite");
    clock = new FakeClock();
    store = openStore(path, { clock });
    memory = existsSync(MEMORY) ? mkdtempSync(join(MEMORY, "phasewise-test-")) : "";
    if (ram() === null) this.skip();
    journal = started();
  });
  afterEach(() => {
    store.close();
    for (const one of [folder, memory]) if (one) rmSync(one, { recursive: true, force: true });
  });

  const ram = (database = path): RamFile | null => (memory === "" ? null : RamFile.of(database, memory));

  /** A process that starts, also after another was killed. */
  const started = (file: RamFile | null = ram()): SparingJournal => new SparingJournal(store, path, clock, file);

  /** What is in the journal and the database. */
  const onDisk = (): SparingJournal => new SparingJournal(store, path, new FakeClock(), null);

  /** A process that starts after a power cut. */
  const afterCut = (): SparingJournal => {
    rmSync(memory, { recursive: true });
    mkdirSync(memory);
    return started();
  };

  const files = (): string[] => readdirSync(memory).flatMap((name) => readdirSync(join(memory, name)));

  it("has what need not last in memory alone: a kill leaves it, a power cut what the disk had before", () => {
    journal.saveLimit(LIMIT);
    journal.saveLimit(LOWER, false);
    journal.note("commanded", [10]);
    assert.deepEqual([journal.limits(), journal.document("commanded")], [[LOWER], [10]]);
    assert.deepEqual(journal.written("CP1", 1), LIMIT);
    assert.deepEqual(journalOf(path).limits, [LIMIT]);
    const next = started();
    assert.deepEqual([next.limits(), next.document("commanded")], [[LOWER], [10]]);
    next.saveLimit({ ...LIMIT, acceptedA: 8 }, false);
    const cut = afterCut();
    assert.deepEqual([cut.limits(), cut.document("commanded")], [[LIMIT], undefined]);
  });

  it("brings it to the disk by the quarter of an hour, and knows that it is there", () => {
    journal.saveLimit(LIMIT);
    journal.saveLimit(LOWER, false);
    clock.advance(15 * MINUTE_MS);
    assert.deepEqual(journal.written("CP1", 1), LOWER);
    assert.deepEqual(journalOf(path).limits, [LOWER]);
    assert.deepEqual(afterCut().limits(), [LOWER]);
  });

  it("brings notes to the disk with what must last, and after five minutes by themselves", async () => {
    journal.note("commanded", [10]);
    assert.equal(onDisk().document("commanded"), undefined);
    journal.saveLimit(LIMIT);
    await journal.settled();
    assert.deepEqual(onDisk().document("commanded"), [10]);
    journal.note("commanded", [11]);
    clock.advance(5 * MINUTE_MS);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(onDisk().document("commanded"), [11]);
  });

  it("believes no file in memory but that of the last start", () => {
    journal.saveLimit(LIMIT);
    journal.saveLimit(LOWER, false);
    // As in another container, which sees the disk and has a memory of its own.
    const elsewhere = mkdtempSync(join(MEMORY, "phasewise-test-"));
    try {
      const other = started(RamFile.of(path, elsewhere));
      assert.deepEqual(other.limits(), [LIMIT]);
      other.saveLimit({ ...LIMIT, acceptedA: 14 }, false);
      assert.deepEqual(started().limits(), [LIMIT]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("is in the database once the site has ended, and nothing is left in memory", () => {
    journal.saveLimit(LIMIT);
    journal.saveLimit(LOWER, false);
    journal.note("commanded", 1);
    assert.equal(files().length, 1);
    journal.close();
    store.close();
    journal.remove();
    assert.deepEqual([files(), existsSync(path + JOURNAL)], [[], false]);
    store = openStore(path, { clock });
    assert.deepEqual([store.limits(), store.document("commanded")], [[LOWER], 1]);
  });

  it("writes everything to the disk once the memory takes no more, and tries again a quarter of an hour later", () => {
    const full = ram()!;
    const whole = started(full);
    whole.saveLimit(LIMIT);
    whole.saveLimit(LOWER, false);
    const { append } = full;
    full.append = () => false;
    whole.saveLimit({ ...LIMIT, connector: 2 }, false);
    whole.note("commanded", 3);
    assert.deepEqual(
      onDisk()
        .limits()
        .toSorted((a, b) => a.connector - b.connector),
      [LOWER, { ...LIMIT, connector: 2 }],
    );
    assert.deepEqual([onDisk().document("commanded"), files()], [3, []]);
    full.append = append;
    whole.note("commanded", 4);
    assert.equal(onDisk().document("commanded"), 4);
    clock.advance(15 * MINUTE_MS);
    whole.note("commanded", 5);
    assert.deepEqual([onDisk().document("commanded"), whole.document("commanded")], [4, 5]);
  });

  it("is written anew when most of it is out of date, and has everything then", () => {
    journal.saveLimit(LIMIT);
    const long = "x".repeat(100_000);
    for (let n = 0; n < 60; n++) journal.note("commanded", { n, long });
    journal.saveLimit(LOWER, false);
    const [name] = files();
    const [user] = readdirSync(memory);
    assert.ok(statSync(join(memory, user!, name!)).size < 4_200_000);
    const next = started();
    assert.deepEqual([next.limits(), next.document("commanded")], [[LOWER], { n: 59, long }]);
  });

  it("has a folder that nobody else can read or write, or none", () => {
    const [user] = readdirSync(memory);
    const own = join(memory, user!);
    assert.equal(statSync(own).mode & 0o777, 0o700);
    journal.saveLimit(LIMIT);
    assert.equal(statSync(join(own, files()[0]!)).mode & 0o777, 0o600);
    chmodSync(own, 0o777);
    assert.equal(ram(), null);
  });

  it("is there beside files that another process removes at that moment, and beside what is no file", () => {
    const own = join(memory, readdirSync(memory)[0]!);
    symlinkSync(join(own, "removed"), join(own, "listed"));
    mkdirSync(join(own, "folder"));
    utimesSync(join(own, "folder"), 0, 0);
    assert.notEqual(ram(), null);
  });

  it("takes files away whose databases are gone", () => {
    const other = join(folder, "other.sqlite");
    const gone = openStore(other, { clock });
    const another = new SparingJournal(gone, other, clock, ram(other));
    another.note("commanded", 1);
    journal.note("commanded", 1);
    assert.equal(files().length, 2);
    gone.close();
    for (const name of readdirSync(folder)) if (name.startsWith("other")) rmSync(join(folder, name));
    ram();
    assert.equal(files().length, 2, "it may only not be there yet");
    const [user] = readdirSync(memory);
    for (const name of files()) utimesSync(join(memory, user!, name), 0, 0);
    ram();
    assert.equal(files().length, 1);
  });

  it("reads what was left in memory once the database can be read, and throws nothing for a document before", () => {
    journal.saveLimit(LIMIT);
    journal.saveLimit(LOWER, false);
    journal.note("commanded", [10]);
    const { limits } = store;
    store.limits = () => {
      throw new Error("cannot be opened");
    };
    const next = started();
    assert.equal(next.document("commanded"), undefined);
    assert.throws(() => next.limits(), /cannot be opened/);
    store.limits = limits;
    assert.deepEqual([next.limits(), next.document("commanded")], [[LOWER], [10]]);
  });

  it("is a journal without a memory for files", () => {
    const plain = started(null);
    plain.saveLimit(LIMIT);
    plain.saveLimit(LOWER, false);
    plain.note("commanded", 7);
    assert.deepEqual([plain.written("CP1", 1), journalOf(path).limits], [LOWER, [LOWER]]);
    assert.equal(onDisk().document("commanded"), 7);
    assert.equal(RamFile.of(path, folder), null);
  });
});
