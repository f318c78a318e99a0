import type { Clock, Timer } from "../lib/clock.ts";

interface Pending {
  atMs: number;
  order: number;
  periodMs: number | null;
  callback: () => void;
}

/** A clock that stands still until told otherwise. `advance` runs the timers that fall due, in order. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  #pending = new Set<Pending>();

  constructor(wallStart = "2026-06-01T12:00:00.000Z") {
    this.#wallOffsetMs = Date.parse(wallStart);
  }

  nowMs = (): number => this.#nowMs;
  wallMs = (): number => this.#wallOffsetMs + this.#nowMs;

  setTimeout = (callback: () => void, delayMs: number): Timer => this.#add(callback, delayMs, null);
  setInterval = (callback: () => void, periodMs: number): Timer => this.#add(callback, periodMs, periodMs);
  clear = (timer: Timer | undefined): void => {
    this.#pending.delete(timer as Pending);
  };

  /** Timers that have not ended: what a test of clean closing counts. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Moves the wall clock without moving the monotonic one, as NTP does. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Advances time, running every timer that falls due on the way. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let next = this.#nextDue(endMs); next; next = this.#nextDue(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (next.periodMs === null) this.#pending.delete(next);
      else next.atMs += Math.max(1, next.periodMs);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** As `advance`, letting promises settle after each millisecond-step of `stepMs`. */
  async advanceAsync(byMs: number, stepMs = byMs): Promise<void> {
    for (let left = byMs; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #add(callback: () => void, delayMs: number, periodMs: number | null): Timer {
    const pending = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, periodMs, callback };
    this.#pending.add(pending);
    return pending;
  }

  #nextDue(endMs: number): Pending | undefined {
    let best: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.atMs > endMs) continue;
      if (!best || pending.atMs < best.atMs || (pending.atMs === best.atMs && pending.order < best.order))
        best = pending;
    }
    return best;
  }
}
