/** A running timer; give it back to the clock that made it. */
export type Timer = { readonly timer: unique symbol } | object;

/** Time, injected everywhere: monotonic milliseconds for ages and leases, wall milliseconds for records. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin; never jumps. */
  nowMs(): number;
  /** Milliseconds since 1970 UTC; may jump. */
  wallMs(): number;
  setTimeout(callback: () => void, delayMs: number): Timer;
  setInterval(callback: () => void, periodMs: number): Timer;
  /** Stops a timeout or an interval; harmless for one that has already ended. */
  clear(timer: Timer | undefined): void;
}

/** The machine's own clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  setInterval: (callback, periodMs) => setInterval(callback, periodMs).unref(),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** ISO 8601 UTC with milliseconds, as messages carry it. */
export function isoTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
