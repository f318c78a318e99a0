import { strict as assert } from "node:assert";
import fs, { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { JOURNAL, journalOf, LimitJournal } from "../../lib/store/journal/limit-journal.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { LimitRecord, Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

const LIMIT: LimitRecord = {
  ...{ chargePoint: "CP1", connector: 1, acceptedA: 16, safeA: 6 },
  ...{ leaseUntilWallMs: 1_780_000_000_000, baselineAccepted: true },
};

describe("The journal of limits", () => {
  let folder: string;
  let path: string;
  let clock: FakeClock;
  let store: Store;
  let journal: LimitJournal;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-journal-"));
    path = join(folder, "ev-charging.sqlite");
    clock = new FakeClock();
    store = openStore(path, { clock });
    journal = new LimitJournal(store, path, clock);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const hasBegun = (round: number): boolean =>
    readFileSync(path + JOURNAL, "utf8").startsWith(`${crc32(String(round)).toString(16)} ${round}\n`);

  /** A quarter of an hour passes, and all is in the database. */
  const turn = async (round: number): Promise<void> => {
    clock.advance(900_000);
    while (!hasBegun(round)) await new Promise((resolve) => setImmediate(resolve));
    await journal.settled();
  };

  /** What a process finds that starts after this one was killed. */
  const afterKill = (): LimitJournal => new LimitJournal(store, path, clock);

  it("has each limit and document at once, and the database none of them", () => {
    journal.saveLimit(LIMIT);
    journal.saveLimit({ ...LIMIT, acceptedA: 10.5 });
    journal.saveDocument("dlm/main/commanded", { setpoints: [["CP1/1", 10.5]] });
    assert.deepEqual(store.limits(), []);
    for (const one of [journal, afterKill()]) {
      assert.deepEqual(one.limits(), [{ ...LIMIT, acceptedA: 10.5 }]);
      assert.deepEqual(one.document("dlm/main/commanded"), { setpoints: [["CP1/1", 10.5]] });
    }
  });

  it("goes into the database after a quarter of an hour, and begins anew", async () => {
    journal.saveLimit(LIMIT);
    journal.saveDocument("commanded", 1);
    await turn(1);
    assert.deepEqual([store.limits(), store.document("commanded")], [[LIMIT], 1]);
    journal.saveLimit({ ...LIMIT, acceptedA: 6 });
    assert.deepEqual(afterKill().limits(), [{ ...LIMIT, acceptedA: 6 }]);
  });

  it("has none of an earlier round, nor of what lies behind the last line, in all its rounds", async () => {
    const limits = Array.from({ length: 30 }, (_, index) => ({ ...LIMIT, connector: index + 1 }));
    for (let round = 1; round <= 4; round++) {
      for (const limit of limits.slice(0, 30 / round)) journal.saveLimit({ ...limit, acceptedA: 10 + round });
      await journal.settled();
      assert.deepEqual(
        journalOf(path).limits.map(({ acceptedA }) => acceptedA),
        Array.from({ length: Math.floor(30 / round) }, () => 10 + round),
      );
      await turn(round);
      assert.deepEqual(journalOf(path), { limits: [], documents: [] });
    }
    journal.saveLimit(LIMIT);
    const next = afterKill();
    next.saveLimit({ ...LIMIT, acceptedA: 7 });
    assert.deepEqual(journalOf(path).limits, [{ ...LIMIT, acceptedA: 7 }]);
    await next.settled();
    next.close();
  });

  it("writes no line of a round before the round's own first line is on the disk", async () => {
    journal.saveLimit(LIMIT);
    await journal.settled();
    const { fdatasync } = fs;
    const waits: (() => void)[] = [];
    await during(
      { fdatasync: (file: number, done: (error: Error | null) => void) => waits.push(() => fdatasync(file, done)) },
      async () => {
        clock.advance(900_000);
        while (!hasBegun(1)) {
          for (const go of waits.splice(0)) go();
          await new Promise((resolve) => setImmediate(resolve));
        }
        journal.saveLimit({ ...LIMIT, acceptedA: 6 });
        assert.deepEqual(journalOf(path), { limits: [], documents: [] });
        assert.equal(journal.limits()[0]?.acceptedA, 6);
        let isSettled = false;
        const settled = journal.settled().then(() => {
          isSettled = true;
        });
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.deepEqual([journalOf(path).limits, isSettled], [[], false]);
        while (!isSettled) {
          for (const go of waits.splice(0)) go();
          await new Promise((resolve) => setImmediate(resolve));
        }
        await settled;
      },
    );
    assert.deepEqual(afterKill().limits(), [{ ...LIMIT, acceptedA: 6 }]);
  });

  it("takes over a file of the first round, which has no number", () => {
    const text = JSON.stringify(["CP1", 1, 16, 6, LIMIT.leaseUntilWallMs, 1]);
    writeFileSync(path + JOURNAL, `${crc32(text).toString(16)} ${text}\n${"\0".repeat(4096)}`);
    assert.deepEqual(afterKill().limits(), [LIMIT]);
  });

  it("is in the database once the site has ended", () => {
    journal.saveLimit(LIMIT);
    journal.saveDocument("commanded", [1]);
    journal.close();
    store.close();
    journal.remove();
    assert.equal(existsSync(path + JOURNAL), false);
    store = openStore(path, { clock });
    assert.deepEqual([store.limits(), store.document("commanded")], [[LIMIT], [1]]);
  });

  it("has what it had at some moment, whatever part of it a power cut has left", () => {
    const amps = [16, 12, 8, 6, 10, 14];
    for (const acceptedA of amps) journal.saveLimit({ ...LIMIT, acceptedA });
    const whole = readFileSync(path + JOURNAL);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const torn = Buffer.from(whole);
        torn[at] = byte;
        writeFileSync(path + JOURNAL, at % 2 === 0 ? torn : whole.subarray(0, at));
        const [found] = afterKill().limits();
        assert.ok(found === undefined || amps.includes(found.acceptedA));
        const next = afterKill();
        next.saveLimit({ ...LIMIT, acceptedA: 7 });
        assert.deepEqual(afterKill().limits(), [{ ...LIMIT, acceptedA: 7 }], "goes on behind the last whole line");
      }),
      { numRuns: 50 },
    );
  });

  it("is on the disk when it says so", async () => {
    journal.saveLimit(LIMIT);
    await journal.settled();
    copyFileSync(path + JOURNAL, join(folder, "copy"));
    assert.deepEqual(afterKill().limits(), [LIMIT]);
  });

  it("brings the limits of one decision to the disk together: each wait writes a page", async () => {
    journal.saveLimit(LIMIT);
    await journal.settled();
    const waited = await countSyncs(async () => {
      const settled = Array.from({ length: 20 }, (_, index) => {
        journal.saveLimit({ ...LIMIT, connector: index });
        return journal.settled();
      });
      await Promise.all(settled);
    });
    assert.equal(waited, 1);
  });

  it("lets the database take over what its file does not take, and gives the file up", async () => {
    const gone = new LimitJournal(store, join(folder, "no such folder", "x"), clock);
    gone.saveLimit(LIMIT);
    gone.saveDocument("commanded", 2);
    await gone.settled();
    assert.deepEqual([store.limits(), store.document("commanded")], [[LIMIT], 2]);
    gone.close();
  });
});

/** How often files are brought to the disk meanwhile. */
async function countSyncs(meanwhile: () => Promise<void>): Promise<number> {
  const { fdatasync } = fs;
  let syncs = 0;
  const counted = (file: number, done: (error: Error | null) => void): void => {
    syncs += 1;
    fdatasync(file, done);
  };
  await during({ fdatasync: counted }, meanwhile);
  return syncs;
}

/** With other functions of `node:fs` meanwhile. */
async function during(functions: object, meanwhile: () => Promise<void>): Promise<void> {
  const { fdatasync } = fs;
  Object.assign(fs, functions);
  syncBuiltinESMExports();
  try {
    await meanwhile();
  } finally {
    Object.assign(fs, { fdatasync });
    syncBuiltinESMExports();
  }
}
