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

/** Seconds that were worded last, up to their dot: thousands of messages a second share a few of them. */
const SECONDS = 8;
const secondsS = new Float64Array(SECONDS).fill(Number.NaN);
const secondTexts: string[] = new Array(SECONDS).fill("");
const MILLISECONDS = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, "0")}Z`);

/** ISO 8601 UTC with milliseconds, as messages carry it. @throws RangeError for what is no time */
export function isoTime(wallMs: number): string {
  const wholeMs = Math.trunc(wallMs);
  const second = Math.floor(wholeMs / 1000);
  const at = second & (SECONDS - 1);
  if (secondsS[at] !== second) {
    secondTexts[at] = new Date(wholeMs).toISOString().slice(0, -4);
    secondsS[at] = second;
  }
  return secondTexts[at]! + MILLISECONDS[wholeMs - 1000 * second]!;
}
