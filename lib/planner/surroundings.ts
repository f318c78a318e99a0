/** What the building draws and what the sun brings, by quarters of an hour. */
import { DAY_MIN } from "./arrivals.ts";
import type { Scene } from "./plan-types.ts";

export const QUARTER_MIN = 15;
const QUARTERS = DAY_MIN / QUARTER_MIN;
const DAYS_OF_YEAR = 365;

/** Share of its highest load that a building draws, at full hours from midnight on; in between it goes straight. */
const SHAPES: Record<Scene, readonly number[]> = {
  office: [
    ...[0.3, 0.3, 0.3, 0.3, 0.3, 0.35, 0.5, 0.7, 0.9, 0.95, 1, 1],
    ...[0.95, 0.95, 1, 0.95, 0.9, 0.75, 0.6, 0.5, 0.4, 0.35, 0.3, 0.3],
  ],
  home: [
    ...[0.3, 0.25, 0.25, 0.25, 0.25, 0.3, 0.5, 0.6, 0.5, 0.45, 0.45, 0.55],
    ...[0.65, 0.55, 0.45, 0.45, 0.55, 0.75, 0.95, 1, 0.95, 0.8, 0.6, 0.4],
  ],
  depot: [
    ...[0.4, 0.4, 0.4, 0.4, 0.5, 0.7, 0.9, 1, 1, 1, 0.95, 0.9],
    ...[0.85, 0.9, 0.95, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.4],
  ],
};
/** Of the highest load on Saturdays and Sundays, where nobody works then. */
const WEEKEND = 0.4;

/** So much of its highest load a building draws in each quarter of the days; each quarter differs a little. */
export function loadShares(scene: Scene, days: number, random: () => number): Float64Array {
  const shape = SHAPES[scene];
  return Float64Array.from({ length: days * QUARTERS }, (_, quarter) => {
    const hour = (quarter % QUARTERS) / 4;
    const before = shape[Math.floor(hour)]!;
    const after = shape[(Math.floor(hour) + 1) % 24]!;
    const isFree = scene !== "home" && Math.floor(quarter / QUARTERS) % 7 >= 5;
    const share = (before + (after - before) * (hour % 1)) * (isFree ? WEEKEND : 1);
    return Math.min(1, share * (0.9 + 0.2 * random()));
  });
}

/** Latitude of the middle of Germany, in radians. */
const LATITUDE = (51 * Math.PI) / 180;
/** Modules rarely reach their peak power: heat, dust, inverter. */
const YIELD = 0.85;

/** Share of their peak power that modules bring in each quarter: the sun's height of that day of the year, and clouds that change hourly. */
export function sunShares(days: number, firstDay: number, random: () => number): Float64Array {
  const shares = new Float64Array(days * QUARTERS);
  let clear = 1;
  for (let quarter = 0; quarter < shares.length; quarter++) {
    const day = Math.floor(quarter / QUARTERS);
    // A day is bright or dull, and its clouds come and go around that.
    if (quarter % QUARTERS === 0) clear = random();
    const sky = Math.min(1, Math.max(0.1, 0.2 + 0.8 * clear + 0.4 * (random() - 0.5)));
    shares[quarter] = YIELD * sky * sunHeight((firstDay + day) % DAYS_OF_YEAR, (quarter % QUARTERS) / 4 + 0.125);
  }
  return shares;
}

/** Sine of the sun's height; 0 at night. */
function sunHeight(dayOfYear: number, hour: number): number {
  const declination = 0.409 * Math.sin((2 * Math.PI * (dayOfYear - 80)) / DAYS_OF_YEAR);
  const angle = ((hour - 12) * Math.PI) / 12;
  const sine =
    Math.sin(LATITUDE) * Math.sin(declination) + Math.cos(LATITUDE) * Math.cos(declination) * Math.cos(angle);
  return Math.max(0, sine);
}
