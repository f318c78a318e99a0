/** Limits on their way while the program is killed: what the next start finds is what the charge point may hold. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { LimitStore } from "../../../lib/station/limits/durable-limits.ts";
import { LimitBook } from "../../../lib/station/limits/limit-book.ts";
import { JOURNAL } from "../../../lib/store/journal/limit-journal.ts";
import { RamFile } from "../../../lib/store/journal/ram-file.ts";
import { SparingJournal } from "../../../lib/store/journal/sparing-journal.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { Disk, Records } from "./disk-model.ts";

const [ID, CONNECTOR, SAFE_A] = ["CP1", 1, 6];

/** A process: its clock, its book of limits, and the journal that keeps them. */
interface Process {
  clock: FakeClock;
  journal: SparingJournal;
  book: LimitBook;
}

describe("A limit on its way, over the end of the program,", () => {
  let folder: string;
  let path: string;
  let disk: Disk;
  let records: Records;
  let now: Process;

  const begin = (clock = new FakeClock(), ram = RamFile.of(path)): Process => {
    const journal = new SparingJournal(records, path, clock, ram);
    return { clock, journal, book: new LimitBook(records as unknown as Store, clock, () => {}, journal as LimitStore) };
  };
  /** A kill: nothing of the process goes on. @param ram of the next one */
  const again = (ram = RamFile.of(path)): Process =>
    begin(new FakeClock(new Date(now.clock.wallMs()).toISOString()), ram);
  const limit = (limitA: number, seconds = 180, safeA = SAFE_A) => ({
    ...{ limitA, safeA, leaseUntilMs: now.clock.nowMs() + 1000 * seconds },
  });
  /** On its way; the disk has what it must have. */
  const send = async (...given: Parameters<typeof limit>) => {
    const sent = now.book.sending(ID, CONNECTOR, limit(...given));
    await now.book.kept();
    return sent;
  };
  const accept = async (...given: Parameters<typeof limit>): Promise<void> => {
    const sent = await send(...given);
    now.book.accepted(ID, CONNECTOR, limit(...given));
    now.book.sent(ID, CONNECTOR, sent);
    await now.book.kept();
  };
  /** What the next start finds: limit, end in seconds from now, safe current. */
  const found = ({ journal, clock } = again()): [number, number, number] => {
    const { acceptedA, leaseUntilWallMs, safeA } = journal.limits().find(({ chargePoint }) => chargePoint === ID)!;
    return [acceptedA, Math.round((leaseUntilWallMs! - clock.wallMs()) / 1000), safeA];
  };

  beforeEach(async function () {
    folder = mkdtempSync(join(tmpdir(), "phasewise-in-flight-"));
    path = join(folder, "site.sqlite");
    writeFileSync(path, "");
    if (RamFile.of(path) === null) this.skip();
    disk = new Disk(path + JOURNAL);
    records = new Records();
    now = begin();
    now.book.baselineAccepted(ID, CONNECTOR, SAFE_A);
    await now.book.kept();
  });
  afterEach(() => {
    disk?.end();
    RamFile.of(path)?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is found as it was accepted, although the disk has a later end", async () => {
    await accept(16);
    assert.deepEqual(found(), [16, 180, SAFE_A]);
    now.journal.close();
    assert.deepEqual(found(), [16, 180, SAFE_A]);
  });

  it("is found with its new end, although its renewal waited for nothing", async () => {
    await accept(16);
    now.clock.advance(75_000);
    await turn();
    now.book.sending(ID, CONNECTOR, limit(16));
    assert.equal(now.book.kept(), null);
    assert.deepEqual(found(), [16, 180, SAFE_A]);
  });

  it("is found with the earlier end where a pause is to end sooner than the one before", async () => {
    await accept(0, 1800);
    now.clock.advance(60_000);
    await send(0, 900);
    assert.deepEqual(found(), [0, 900, SAFE_A]);
  });

  it("is found with the highest of what was not answered before", async () => {
    await accept(8);
    const lost = await send(13);
    now.book.uncertain(ID, CONNECTOR, limit(13));
    now.book.sent(ID, CONNECTOR, lost);
    await send(10);
    assert.deepEqual(found(), [13, 180, SAFE_A]);
  });

  it("is found with the safe current that it may end in, answered or not", async () => {
    await accept(16);
    const lost = await send(16, 180, 10);
    assert.deepEqual(found(), [16, 180, 10]);
    now.book.uncertain(ID, CONNECTOR, limit(16, 180, 10));
    now.book.sent(ID, CONNECTOR, lost);
    assert.deepEqual(found(), [16, 180, 10]);
  });

  it("is waited for by the next process, too, where the end came before the disk had it", async () => {
    await accept(10);
    now.book.sending(ID, CONNECTOR, limit(16));
    now = again();
    now.book.sending(ID, CONNECTOR, limit(16));
    assert.notEqual(now.book.kept(), null);
  });

  it("is found as it is where an earlier start has left another one and the memory takes no more", async () => {
    await accept(10);
    const full = RamFile.of(path)!;
    full.begin = () => {
      full.remove();
      return false;
    };
    now = again(full);
    await accept(16);
    now.journal.close();
    assert.equal(found()[0], 16);
  });
});
