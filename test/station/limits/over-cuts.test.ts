/**
 * Limits of chargers while the program is killed and the power is cut, at any moment: what is found afterwards is never less than what a
 * charger may hold. The charger is a model of its own: it knows limits, ends and its safe current, and nothing of records.
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seeded } from "../../../lib/simulator/random.ts";
import { DurableLimits } from "../../../lib/station/limits/durable-limits.ts";
import { JOURNAL } from "../../../lib/store/journal/limit-journal.ts";
import { RamFile } from "../../../lib/store/journal/ram-file.ts";
import { SparingJournal } from "../../../lib/store/journal/sparing-journal.ts";
import type { LimitRecord } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { cases } from "../../full.ts";
import { Disk, Records } from "./disk-model.ts";

const CONNECTORS = 4;
const STEPS = 120;
const SAFE_A = 6;
const LEASE_MS = 180_000;
const MAX_A = 32;
/** Two clocks are read for an end. */
const SAME_MS = 1000;

/** What a charger may hold: each of these, and its safe current afterwards. */
type Held = { limitA: number; untilMs: number };

/** A process with its files. */
class Building {
  clock = new FakeClock();
  readonly held: Held[][] = Array.from({ length: CONNECTORS }, () => []);
  records = new Records();
  journal: SparingJournal;
  limits: DurableLimits;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #isRam: boolean;

  constructor(folder: string, isRam: boolean) {
    this.#path = join(folder, "limits.sqlite");
    this.#isRam = isRam;
    // A file in memory whose database is gone is removed.
    writeFileSync(this.#path, "");
    this.#disk = new Disk(this.#path + JOURNAL);
    this.journal = new SparingJournal(this.records, this.#path, this.clock, this.#ram());
    this.limits = new DurableLimits(this.journal, this.clock);
    this.limits.restore();
  }

  #ram(): RamFile | null {
    return this.#isRam ? RamFile.of(this.#path) : null;
  }

  /** A charger is told a limit, and says yes; its answer may be lost, and so may the limit. */
  async tell(index: number, limitA: number, random: () => number): Promise<void> {
    const entry = this.limits.entry(`CP${index}`, 1 + index);
    const until = this.clock.nowMs() + LEASE_MS;
    const isFirst = entry.acceptedA === null && entry.uncertain === null;
    entry.safeA = SAFE_A;
    entry.uncertain = { limitA: Math.max(limitA, entry.uncertain?.limitA ?? 0), leaseUntilMs: until };
    if (!this.limits.save(`CP${index}`, 1 + index, entry)) return;
    await this.limits.keeping;
    const held = this.held[index]!;
    if (isFirst || random() < 0.9) {
      held.push({ limitA, untilMs: this.clock.wallMs() + LEASE_MS });
      if (random() < 0.9) {
        held.splice(0, held.length - 1);
        Object.assign(entry, { acceptedA: limitA, leaseUntilMs: until, uncertain: null });
        Object.assign(entry, { tailAccepted: true, tailShown: true, baselineAccepted: true });
        this.limits.save(`CP${index}`, 1 + index, entry);
        await this.limits.keeping;
      }
    }
  }

  /** Time passes, and each charger is told again what it holds. */
  async renew(ms: number, random: () => number): Promise<void> {
    this.clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
    for (const [index, held] of this.held.entries())
      if (held.length > 0) await this.tell(index, held.at(-1)!.limitA, random);
  }

  /** Whatever is found reserves what a charger holds. */
  check(found: readonly LimitRecord[], what: string): void {
    this.held.forEach((held, index) => {
      const record = found.find(({ connector }) => connector === 1 + index);
      for (const { limitA, untilMs } of held)
        for (const atMs of [this.clock.wallMs(), untilMs - SAME_MS - 1, untilMs + SAME_MS]) {
          const holdsA = atMs < untilMs ? limitA : SAFE_A;
          const least = reservedA(record, Math.max(atMs, this.clock.wallMs()));
          if (atMs >= this.clock.wallMs())
            assert.ok(least >= holdsA, `${what}: ${least} of ${holdsA} A ${atMs - this.clock.wallMs()} ms from now`);
        }
    });
  }

  end(): void {
    this.journal.close();
    this.#disk.end();
  }

  /** The program ends and starts again. @param isPower the memory is lost, and what was not waited for */
  async restart(isPower: boolean, hasReached: boolean): Promise<void> {
    // What the old one has begun with the disk ends; its timers never fire.
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.clock = new FakeClock(new Date(this.clock.wallMs()).toISOString());
    const exact = this.journal.limits();
    if (isPower) RamFile.of(this.#path)?.remove();
    if (isPower && !hasReached) {
      rmSync(this.#path + JOURNAL, { force: true });
      if (this.#disk.bytes) writeFileSync(this.#path + JOURNAL, this.#disk.bytes);
    }
    this.journal = new SparingJournal(this.records, this.#path, this.clock, this.#ram());
    this.limits = new DurableLimits(this.journal, this.clock);
    this.limits.restore();
    const found = this.journal.limits();
    this.check(found, isPower ? "after a power cut" : "after a kill");
    if (!isPower) assert.deepEqual(byConnector(found), byConnector(exact), "a kill loses nothing");
  }
}

const byConnector = (limits: readonly LimitRecord[]): LimitRecord[] =>
  limits.toSorted((a, b) => a.connector - b.connector);

/** What a record reserves at a moment, A. */
function reservedA(record: LimitRecord | undefined, atMs: number): number {
  if (!record || (record.leaseUntilWallMs === null && !record.baselineAccepted)) return MAX_A;
  const isLeased = record.leaseUntilWallMs !== null && atMs < record.leaseUntilWallMs;
  return isLeased ? record.acceptedA : record.safeA;
}

describe("Limits over kills and power cuts", () => {
  let folder: string;
  let building: Building;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-cuts-"));
  });
  afterEach(() => {
    building?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const isRam of [true, false])
    for (let seed = 1; seed <= cases(4, 16); seed++)
      it(`are found with no less than what chargers hold, ${isRam ? "with" : "without"} a memory for files (seed ${seed})`, async function () {
        if (isRam && RamFile.of(join(folder, "x")) === null) this.skip();
        const random = seeded(seed);
        const amps = [0, 4, 6, 8, 13, 16, 24, 32];
        building = new Building(folder, isRam);
        const change = () =>
          building.tell(Math.floor(random() * CONNECTORS), amps[Math.floor(random() * amps.length)]!, random);
        /** Up to the quarter of an hour, with as many changes as minutes. */
        const turn = async (): Promise<void> => {
          for (let minute = 0; minute < 15; minute++) {
            await building.renew(60_000, random);
            await change();
          }
          await change();
        };
        for (let step = 0; step < STEPS; step++) {
          const what = random();
          if (what < 0.5) await change();
          else if (what < 0.7) await building.renew(Math.floor(random() * 60_000), random);
          else if (what < 0.76) await turn();
          else if (what < 0.78) building.clock.advance(600_000);
          else await building.restart(random() < 0.5, random() < 0.5);
          building.check(building.journal.limits(), "while it runs");
        }
      });
});
