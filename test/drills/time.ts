/** Time as it passes in a drill. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Timer } from "../../lib/clock.ts";
import { starvedMs } from "../starvation.ts";
import { FILE_WORDS, readSeat, SEATS, type Seat, writeBeat, writeSeat, writeTimeMs } from "./time-file.ts";

/** Real time between two looks at who has followed, ms. */
const LOOK_MS = 8;
/** Time goes on by no more than so much real time at once at the pace asked for, ms. */
const STRIDE_MS = 32;

interface Alarm {
  dueMs: number;
  periodMs: number | null;
  ring: () => void;
}

/**
 * Time of one drill for all its processes. It runs at the pace asked for as long as every process follows, so that a drill does not
 * depend on how quick the machine is. Where one does not, it runs like real time while that has a processor, so that a process that
 * does too much at once is seen, and waits while it has none. At pace 1 it is real time.
 */
export class DrillTime implements Clock {
  readonly pace: number;
  /** For the environment of each process in it, as `probe.ts` reads it. */
  readonly #env: Record<string, string>;
  readonly #folder: string | null = null;
  readonly #file: number | null = null;
  readonly #looking: NodeJS.Timeout | null = null;
  readonly #beganWallMs = Date.now();
  readonly #alarms = new Set<Alarm>();
  /** Processes are waited for from this time of the drill on, ms. */
  readonly #excusedUntilMs = new Map<Seat, number>();
  /** Ids of processes; null while they are not there. */
  readonly #pids = new Map<Seat, () => number | null>();
  /** How long each thread that matters had waited for a processor at the last look, ms. */
  readonly #starvedMs = new Map<number | "thread-self", number>();
  readonly #beganMs = performance.now();
  #lookedMs = this.#beganMs;
  /** Real time that has passed at pace 1 only. */
  #owedMs = 0;
  #nowMs = 0;
  #beat = 1;

  constructor(pace: number) {
    this.pace = pace;
    this.#env = { DRILL_PACE: String(pace), DRILL_EPOCH_MS: String(this.#beganWallMs) };
    if (pace === 1) return;
    this.#folder = mkdtempSync(join(tmpdir(), "phasewise-time-"));
    const path = join(this.#folder, "time");
    writeFileSync(path, new Uint32Array(FILE_WORDS));
    this.#file = openSync(path, "r+");
    this.#env["DRILL_TIME_FILE"] = path;
    writeTimeMs(this.#file, 0);
    writeBeat(this.#file, this.#beat);
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
  }

  /** What a process needs to live in it. */
  env(seat: Seat): Record<string, string> {
    return { ...this.#env, DRILL_SEAT: seat };
  }

  /** Since the beginning, ms. */
  nowMs(): number {
    return this.#file === null ? performance.now() - this.#beganMs : this.#nowMs;
  }

  wallMs(): number {
    return this.#beganWallMs + this.nowMs();
  }

  setTimeout(ring: () => void, delayMs: number): Timer {
    return this.#set(ring, delayMs, null);
  }

  setInterval(ring: () => void, periodMs: number): Timer {
    return this.#set(ring, periodMs, periodMs);
  }

  clear(timer: Timer | undefined): void {
    if (this.#file === null) clearTimeout(timer as NodeJS.Timeout | undefined);
    else this.#alarms.delete(timer as Alarm);
  }

  /** Resolves when so much time has passed. */
  async pass(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.setTimeout(resolve, delayMs));
  }

  /** From now on a process is waited for while it is there. @param pid its id; null while it is not */
  watch(seat: Seat, pid: () => number | null): void {
    this.#pids.set(seat, pid);
  }

  /** Until then a process need not follow: that it does not is the drill. @param untilMs time of the drill */
  excuse(seat: Seat, untilMs: number): void {
    this.#excusedUntilMs.set(seat, untilMs);
  }

  close(): void {
    if (this.#looking) clearInterval(this.#looking);
    if (this.#file !== null) closeSync(this.#file);
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  #set(ring: () => void, delayMs: number, periodMs: number | null): Timer {
    if (this.#file === null) return periodMs === null ? setTimeout(ring, delayMs) : setInterval(ring, periodMs);
    const alarm = { dueMs: this.#nowMs + delayMs, periodMs, ring };
    this.#alarms.add(alarm);
    return alarm;
  }

  #look(): void {
    const file = this.#file!;
    const realMs = performance.now();
    const passedMs = Math.max(0, realMs - this.#lookedMs - this.#waitedMs());
    this.#lookedMs = realMs;
    this.#owedMs += passedMs;
    this.#nowMs += passedMs;
    if ((Object.keys(SEATS) as Seat[]).every((seat) => this.#follows(seat, file))) {
      this.#nowMs += Math.min(this.#owedMs, STRIDE_MS) * (this.pace - 1);
      this.#owedMs = 0;
      writeBeat(file, ++this.#beat);
    }
    writeTimeMs(file, Math.floor(this.#nowMs));
    this.#ring();
  }

  #follows(seat: Seat, file: number): boolean {
    const pid = this.#pids.get(seat);
    if (pid?.() === null) writeSeat(file, seat, 0);
    if (!pid || pid() === null || this.#nowMs < (this.#excusedUntilMs.get(seat) ?? 0)) return true;
    return readSeat(file, seat) === this.#beat;
  }

  /** The longest that one of the processes has had no processor since the last look, although it wanted one, ms. */
  #waitedMs(): number {
    const threads = ["thread-self" as const, ...[...this.#pids.values()].map((pid) => pid())];
    const waits = threads.map((thread) => {
      if (thread === null) return 0;
      const nowMs = starvedMs(thread);
      const waitedMs = nowMs - (this.#starvedMs.get(thread) ?? nowMs);
      this.#starvedMs.set(thread, nowMs);
      return waitedMs;
    });
    return Math.max(...waits);
  }

  #ring(): void {
    for (const alarm of [...this.#alarms]) {
      if (alarm.dueMs > this.#nowMs || !this.#alarms.has(alarm)) continue;
      if (alarm.periodMs === null) this.#alarms.delete(alarm);
      else alarm.dueMs += alarm.periodMs;
      alarm.ring();
    }
  }
}
