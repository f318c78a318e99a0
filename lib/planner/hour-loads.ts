import { round } from "../units.ts";
import type { HourLoad } from "./plan-types.ts";

const HOURS = 24;

/** The load of each hour of the day over many days. */
export class HourLoads {
  readonly #ampereMinutes = new Float64Array(HOURS);
  readonly #minutes = new Float64Array(HOURS);
  readonly #mostA = new Float64Array(HOURS);

  /** The same load for a span that stays within an hour, which quarters of an hour do. Minutes since the first midnight. */
  add(fromMin: number, untilMin: number, loadA: number): void {
    const hour = Math.floor(fromMin / 60) % HOURS;
    this.#ampereMinutes[hour]! += loadA * (untilMin - fromMin);
    this.#minutes[hour]! += untilMin - fromMin;
    this.#mostA[hour] = Math.max(this.#mostA[hour]!, loadA);
  }

  list(): HourLoad[] {
    return Array.from({ length: HOURS }, (_, hour) => ({
      hour,
      meanA: round(this.#minutes[hour] === 0 ? 0 : this.#ampereMinutes[hour]! / this.#minutes[hour]!, 1),
      mostA: round(this.#mostA[hour]!, 1),
    }));
  }
}
