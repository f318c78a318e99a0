/**
 * What the simulated cars draw now, for the simulated meters of the same process: one entry per charge point identity, A per site
 * phase (rotation already applied).
 */
import type { Triple } from "../../../units.ts";

const KEY = Symbol.for("@phasewise/node-red-ev-charging/draws");
const holder = globalThis as { [KEY]?: Map<string, Triple> };
holder[KEY] ??= new Map();
const draws: Map<string, Triple> = holder[KEY];

/** States what a simulated charge point draws from now on. */
export function publishDraw(identity: string, siteCurrentsA: Triple): void {
  draws.set(identity, [...siteCurrentsA]);
}

/** A simulated charge point is gone: it draws nothing. */
export function withdraw(identity: string): void {
  draws.delete(identity);
}

/** True for a charge point of this process that is simulated. */
export function isSimulated(identity: string): boolean {
  return draws.has(identity);
}

/** Sum over the identities included, `*` = all. One that draws nothing or does not exist adds 0. */
export function drawOf(includes: readonly string[]): Triple {
  const all = includes.includes("*");
  const sum: Triple = [0, 0, 0];
  for (const [identity, [l1, l2, l3]] of draws) {
    if (!all && !includes.includes(identity)) continue;
    sum[0] += l1;
    sum[1] += l2;
    sum[2] += l3;
  }
  return sum;
}
