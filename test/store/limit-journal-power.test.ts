import { strict as assert } from "node:assert";
import fs, { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { seeded } from "../../lib/simulator/random.ts";
import { JOURNAL, journalOf, LimitJournal } from "../../lib/store/journal/limit-journal.ts";
import type { LimitRecord } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { cases } from "../full.ts";

const STEPS = 150;
const CONNECTORS = 40;
const SECTOR = 512;
/** After each step so many power cuts are tried. */
const CUTS = 3;

/** What is on the disk of a database after a power cut: what a wait that has ended has brought there. */
class DatabaseDouble {
  readonly durable = new Map<number, number>();
  readonly #kept = new Map<number, number>();
  readonly #waits: (() => void)[] = [];

  saveLimit({ connector, acceptedA }: LimitRecord): void {
    this.#kept.set(connector, acceptedA);
  }
  limits(): LimitRecord[] {
    return [];
  }
  saveDocument(): void {}
  async keepDocument(): Promise<void> {}
  document(): undefined {}
  async settled(): Promise<void> {}
  async durably<T>(body: () => T): Promise<T> {
    const done = body();
    const kept = new Map(this.#kept);
    await new Promise<void>((resolve) => this.#waits.push(resolve));
    for (const [connector, number] of kept) this.durable.set(connector, number);
    return done;
  }
  /** One wait ends. */
  go(): void {
    this.#waits.shift()?.();
  }
}

/** A file whose writes reach the disk sector by sector, in any order, and for certain only with a wait that has ended. */
class DiskDouble {
  /** Of the writes in order, those that are not certain yet. */
  readonly #open: { at: number; bytes: Buffer }[] = [];
  #made = 0;
  /** So many of those that were made are certain: they are in `#sure`. */
  #durable = 0;
  #sure: Buffer = Buffer.alloc(0);
  readonly #waits: (() => void)[] = [];
  readonly #real = { writeSync: fs.writeSync, fdatasync: fs.fdatasync };

  constructor() {
    Object.assign(fs, {
      writeSync: (file: number, bytes: Buffer, offset?: number, length?: number, at?: number): number => {
        // Others write, too, without a place.
        if (offset !== undefined && length !== undefined && at !== undefined) {
          this.#open.push({ at, bytes: Buffer.from(bytes.subarray(offset, offset + length)) });
          this.#made++;
        }
        return this.#real.writeSync(file, bytes, offset, length, at);
      },
      fdatasync: (_file: number, done: (error: Error | null) => void): void => {
        const written = this.#made;
        this.#waits.push(() => {
          this.#ensure(written);
          done(null);
        });
      },
    });
    syncBuiltinESMExports();
  }

  /** One wait ends. */
  go(): void {
    this.#waits.shift()?.();
  }

  /** All is on the disk. */
  settle(): void {
    this.#ensure(this.#made);
  }

  /** The file after a power cut. */
  afterCut(random: () => number): Buffer {
    const image = this.#image();
    const versions = Array.from({ length: Math.ceil(image.length / SECTOR) }, () =>
      Math.floor(random() * (this.#open.length + 1)),
    );
    for (const [index, { at, bytes }] of this.#open.entries())
      for (let from = at; from < at + bytes.length; ) {
        const sector = Math.floor(from / SECTOR);
        const to = Math.min(at + bytes.length, (sector + 1) * SECTOR);
        if (index < versions[sector]!) bytes.copy(image, from, from - at, to - at);
        from = to;
      }
    return image;
  }

  /** The first so many of all writes are certain. */
  #ensure(writes: number): void {
    const image = this.#image();
    for (const { at, bytes } of this.#open.splice(0, writes - this.#durable)) bytes.copy(image, at);
    this.#durable = Math.max(this.#durable, writes);
    this.#sure = image;
  }

  /** What is certain, as long as what was written. */
  #image(): Buffer {
    const image = Buffer.alloc(Math.max(this.#sure.length, ...this.#open.map(({ at, bytes }) => at + bytes.length)));
    this.#sure.copy(image);
    return image;
  }

  end(): void {
    Object.assign(fs, this.#real);
    syncBuiltinESMExports();
  }
}

describe("The journal of limits over power cuts", () => {
  let folder: string;
  let disk: DiskDouble;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-journal-power-"));
  });
  afterEach(() => {
    disk.end();
    rmSync(folder, { recursive: true, force: true });
  });

  for (let seed = 1; seed <= cases(4, 60); seed++)
    it(`never gives less than what was said to be on the disk, whatever sectors have reached it (seed ${seed})`, async () => {
      const random = seeded(seed);
      const path = join(folder, "limits.sqlite");
      const cut = join(folder, "cut.sqlite");
      const clock = new FakeClock();
      const database = new DatabaseDouble();
      disk = new DiskDouble();
      const journal = new LimitJournal(database, path, clock);
      const saved = new Map<number, number>();
      const promised = new Map<number, number>();
      let number = 0;
      const save = (): void => {
        const connector = 1 + Math.floor(random() * CONNECTORS);
        number += 1;
        saved.set(connector, number);
        const rest = { safeA: 6, leaseUntilWallMs: 1_780_000_000_000, baselineAccepted: true };
        journal.saveLimit({ chargePoint: `CP${connector}`, connector, acceptedA: number, ...rest });
      };
      const settle = (): Promise<void> => {
        const before = new Map(saved);
        return journal.settled().then(() => {
          for (const [connector, one] of before) promised.set(connector, Math.max(one, promised.get(connector) ?? 0));
        });
      };
      const checkCut = (file: Buffer): void => {
        writeFileSync(cut + JOURNAL, file);
        const found = new Map(database.durable);
        for (const { connector, acceptedA } of journalOf(cut).limits) found.set(connector, acceptedA);
        for (const [connector, least] of promised) {
          const now = found.get(connector) ?? 0;
          assert.ok(
            now >= least && now <= (saved.get(connector) ?? 0),
            `${connector}: ${now} of ${least} … ${saved.get(connector)}`,
          );
        }
      };
      // The name of a new file is brought to the disk by a thread of its own.
      save();
      await settle();
      disk.settle();
      const settling: Promise<void>[] = [];
      for (let step = 0; step < STEPS; step++) {
        const what = random();
        if (what < 0.5) for (let i = Math.floor(random() * 30); i >= 0; i--) save();
        else if (what < 0.65) settling.push(settle());
        else if (what < 0.72) clock.advance(900_000);
        else if (what < 0.9) disk.go();
        else database.go();
        for (let i = Math.floor(random() * 4); i > 0; i--) await turn();
        for (let i = 0; i < CUTS; i++) checkCut(disk.afterCut(random));
        // A process that is killed leaves what it has written.
        checkCut(readFileSync(path + JOURNAL));
      }
      let ended = false;
      void Promise.all(settling).then(() => {
        ended = true;
      });
      while (!ended) {
        disk.go();
        database.go();
        await turn();
      }
      assert.ok(promised.size > CONNECTORS / 2);
    });
});
