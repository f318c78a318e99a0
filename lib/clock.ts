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

/** Times that were worded last: thousands of messages a second share a few of them. */
const TIMES = 8;
const timesMs = new Float64Array(TIMES).fill(Number.NaN);
const timeTexts: string[] = new Array(TIMES).fill("");

/** ISO 8601 UTC with milliseconds, as messages carry it. @throws RangeError for what is no time */
export function isoTime(wallMs: number): string {
  const at = Math.floor(wallMs) & (TIMES - 1);
  if (timesMs[at] === wallMs) return timeTexts[at]!;
  const text = new Date(wallMs).toISOString();
  timesMs[at] = wallMs;
  timeTexts[at] = text;
  return text;
}
