/** Drills have two forms: a short, seeded one that `npm test` runs, and the long one of `npm run drills`. */

/** True under `npm run drills`. */
export const isLong = process.env.DRILLS === "long";

/** The number that belongs to the form that runs: how many frames, kills, minutes. */
export function pick(short: number, long: number): number {
  return isLong ? long : short;
}

/** Where a drill's random numbers start: `SEED` of the environment, else 1 in the short form and the clock in the long one. */
export const seed: number = process.env.SEED ? Number(process.env.SEED) : isLong ? Date.now() % 2 ** 31 : 1;

/** How many times faster than real time the short form runs, and whatever only has to see a harm. `PACE` sets it for all. */
export const FAST = Number(process.env.PACE ?? 5);

/** The pace of a drill. */
export const pace: number = process.env.PACE ? FAST : pick(FAST, 1);
