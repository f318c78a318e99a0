import { randomUUID } from "node:crypto";
import { type Alarm, type AlarmReport, PASSING } from "../alarm-types.ts";
import type { Clock, Timer } from "../clock.ts";
import type { AlarmBook, AlarmRecord } from "../store/books/alarms.ts";

/** An alarm that is raised this often within the window below comes and goes. */
const FLAPS = 3;
/** The window in which raises are counted, ms. */
const FLAP_WINDOW_MS = 600_000;
/** An alarm that comes and goes is cleared when it has been quiet for this long, ms. */
const QUIET_MS = 300_000;
/** An alarm of an earlier run is over when no source has raised it again within this time, ms. */
const CONFIRM_MS = 180_000;
/** Longest time that a change waits before it is written, ms. */
const SAVE_MS = 250;
/** Most changes that wait for a database that cannot be written; the oldest are dropped beyond it. */
const MOST_UNSAVED = 2000;
/** How long cleared alarms are kept, ms. */
const KEEP_MS = 400 * 86_400_000;

export type AlarmChangeKind = "raised" | "changed" | "acknowledged" | "cleared";
export type AlarmListener = (kind: AlarmChangeKind, alarm: Readonly<Alarm>) => void;

/** Where alarms come from. Each clears only what it raised. */
export interface AlarmSource {
  /** Raises an alarm, or tells it anew: with other words it counts as changed. */
  raise(report: AlarmReport, location?: string | null): void;
  clear(key: string): void;
  /** All that is wrong now: what this source raised and is missing here is cleared. */
  replace(reports: readonly AlarmReport[], location?: (key: string) => string | null): void;
  /** Clears all it raised. */
  close(): void;
}

interface Entry extends AlarmRecord {
  /** Raised by an earlier run and not seen in this one yet. */
  inherited: boolean;
  /** Monotonic time since when its source calls it cleared, while it is held as flapping. */
  quietSinceMs: number | null;
}

/**
 * The one list of alarms of a site. It outlives deploys and restarts: what is still wrong afterwards is not raised a second time,
 * and what was acknowledged stays so. Nothing here throws; a database that cannot be written loses history, not alarms.
 */
export class AlarmList {
  readonly #book: AlarmBook;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  /** Monotonic times at which a key was raised lately. */
  readonly #raises = new Map<string, number[]>();
  readonly #listeners = new Set<AlarmListener>();
  readonly #unsaved = new Map<string, Entry>();
  #saving: Timer | undefined;
  readonly #watch: Timer;
  readonly #startedAtMs: number;

  constructor(book: AlarmBook, clock: Clock) {
    this.#book = book;
    this.#clock = clock;
    this.#startedAtMs = clock.nowMs();
    this.#watch = clock.setInterval(() => this.#lookAgain(), 10_000);
    this.#safely(() => {
      for (const record of book.open())
        this.#entries.set(record.key, { ...record, inherited: true, quietSinceMs: null });
      book.prune(clock.wallMs() - KEEP_MS);
    });
  }

  /** @param name stable over restarts */
  source(name: string): AlarmSource {
    const mine = (): Entry[] => [...this.#entries.values()].filter(({ source }) => source === name);
    const clear = (key: string): void => {
      const entry = this.#entries.get(key);
      if (entry?.source === name) this.#quiet(entry);
    };
    return {
      raise: (report, location = null) => this.#raise(name, report, location),
      clear,
      replace: (reports, location = () => null) => {
        const wrong = new Set(reports.map(({ key }) => key));
        for (const { key } of mine()) if (!wrong.has(key)) clear(key);
        for (const report of reports) this.#raise(name, report, location(report.key));
      },
      close: () => {
        for (const { key } of mine()) clear(key);
      },
    };
  }

  /** Those raised now, oldest first. */
  list(): Readonly<Alarm>[] {
    return [...this.#entries.values()].sort((a, b) => a.sinceWallMs - b.sinceWallMs);
  }

  /** Raised and cleared within a time, newest first. Empty when the database cannot be read. */
  history(range: { fromWallMs: number; toWallMs: number; most: number }): AlarmRecord[] {
    this.#save();
    return this.#safely(() => this.#book.find(range)) ?? [];
  }

  /** A person takes an alarm on. @returns the alarm, null when it is not raised */
  acknowledge(key: string, by: string, comment: string): Readonly<Alarm> | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    entry.acknowledged = { by, comment, wallMs: this.#clock.wallMs() };
    this.#changed("acknowledged", entry);
    return entry;
  }

  /** @returns a function that stops it */
  onChange(listener: AlarmListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#clock.clear(this.#watch);
    this.#save();
    this.#listeners.clear();
  }

  #raise(source: string, report: AlarmReport, location: string | null): void {
    const { key, severity, text, action, isDeliberate = false } = report;
    const entry = this.#entries.get(key);
    if (!entry) {
      const sinceWallMs = this.#clock.wallMs();
      const lately = isDeliberate ? 0 : this.#countRaise(key);
      const raised: Entry = {
        id: randomUUID(),
        ...{ key, source, severity, text, action, location, sinceWallMs },
        times: 1,
        flapping: lately >= FLAPS,
        acknowledged: null,
        clearedWallMs: null,
        inherited: false,
        quietSinceMs: null,
      };
      this.#entries.set(key, raised);
      this.#changed("raised", raised);
      return;
    }
    const again = entry.quietSinceMs !== null;
    if (again) {
      entry.times++;
      this.#countRaise(key);
    }
    const told = entry.severity === severity && entry.text === text && entry.action === action;
    Object.assign(entry, { source, severity, text, action, location: location ?? entry.location });
    Object.assign(entry, { inherited: false, quietSinceMs: null });
    if (!told) this.#changed("changed", entry);
    else if (again) this.#keep(entry);
  }

  /** The source calls the alarm over. An alarm that comes and goes stays until it has been quiet for a while. */
  #quiet(entry: Entry): void {
    if (entry.flapping) entry.quietSinceMs ??= this.#clock.nowMs();
    else this.#clear(entry);
  }

  #clear(entry: Entry): void {
    this.#entries.delete(entry.key);
    entry.clearedWallMs = this.#clock.wallMs();
    this.#changed("cleared", entry);
  }

  #countRaise(key: string): number {
    const nowMs = this.#clock.nowMs();
    const lately = (this.#raises.get(key) ?? []).filter((atMs) => nowMs - atMs < FLAP_WINDOW_MS);
    lately.push(nowMs);
    this.#raises.set(key, lately);
    return lately.length;
  }

  #lookAgain(): void {
    const nowMs = this.#clock.nowMs();
    for (const entry of [...this.#entries.values()]) {
      const isQuiet = entry.quietSinceMs !== null && nowMs - entry.quietSinceMs >= QUIET_MS;
      const confirmMs = PASSING.some((kind) => entry.key.startsWith(`${kind}/`)) ? 0 : CONFIRM_MS;
      if (isQuiet || (entry.inherited && nowMs - this.#startedAtMs >= confirmMs)) this.#clear(entry);
    }
    for (const [key, times] of this.#raises)
      if (times.every((atMs) => nowMs - atMs >= FLAP_WINDOW_MS)) this.#raises.delete(key);
  }

  #changed(kind: AlarmChangeKind, entry: Entry): void {
    this.#keep(entry);
    for (const listener of this.#listeners) this.#safely(() => listener(kind, entry));
  }

  #keep(entry: Entry): void {
    this.#unsaved.set(entry.id, entry);
    if (this.#unsaved.size > MOST_UNSAVED) this.#unsaved.delete(this.#unsaved.keys().next().value!);
    this.#saving ??= this.#clock.setTimeout(() => this.#save(), SAVE_MS);
  }

  /** What could not be written is written with the next change. */
  #save(): void {
    this.#clock.clear(this.#saving);
    this.#saving = undefined;
    if (this.#unsaved.size === 0) return;
    this.#safely(() => {
      this.#book.save([...this.#unsaved.values()]);
      this.#unsaved.clear();
    });
  }

  #safely<T>(run: () => T): T | null {
    try {
      return run();
    } catch {
      return null;
    }
  }
}
