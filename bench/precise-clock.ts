import { type Clock, systemClock, type Timer } from "../lib/clock.ts";

/** Below this the rest of a delay is spent watching the clock, because timers of the system come up to a millisecond late. */
const WATCH_MS = 3;

/** A clock whose timers come within some microseconds, for what simulates a wire. It keeps the processor busy meanwhile. */
export const preciseClock: Clock = {
  ...systemClock,
  setTimeout(callback, delayMs): Timer {
    const dueMs = performance.now() + delayMs;
    const timer = { isCleared: false };
    const watch = (): void => {
      if (timer.isCleared) return;
      const leftMs = dueMs - performance.now();
      if (leftMs <= 0) callback();
      else if (leftMs > WATCH_MS) setTimeout(watch, leftMs - WATCH_MS);
      else setImmediate(watch);
    };
    watch();
    return timer;
  },
  clear(timer): void {
    if (timer) (timer as { isCleared?: boolean }).isCleared = true;
  },
};
