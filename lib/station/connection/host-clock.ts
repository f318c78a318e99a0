import type { Clock } from "../../clock.ts";
import { CLOCK_OFF_MS } from "../../thresholds.ts";

/** How often the two clocks of this machine are compared. */
const PERIOD_MS = 1_000;

/**
 * Watches for the wall clock of this machine being set (NTP, an operator, a battery that ran out): schedules written with the old
 * time then end too early or too late.
 * @param stepped called with how far it was set forward, ms (negative = back)
 * @returns a function that stops it
 */
export function watchHostClock(clock: Clock, stepped: (byMs: number) => void): () => void {
  let offsetMs = clock.wallMs() - clock.nowMs();
  const timer = clock.setInterval(() => {
    const nowMs = clock.wallMs() - clock.nowMs();
    const byMs = nowMs - offsetMs;
    // Small corrections are followed as they come.
    offsetMs = nowMs;
    if (Math.abs(byMs) > CLOCK_OFF_MS) stepped(byMs);
  }, PERIOD_MS);
  return () => clock.clear(timer);
}
