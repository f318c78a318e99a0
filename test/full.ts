/** Everything is tested, `.ci/run` says so (`TESTS=all`); `npm test` by itself leaves out what only repeats, and tries fewer random cases. */
export const isFull = process.env["TESTS"] === "all";

/** So many times as many random cases (`CASES=10`), where somebody has the time for it. */
const MORE = Number(process.env["CASES"] ?? 1);

/** Random cases to try, from the same seed: those of `npm test` are the first of all. */
export function cases(short: number, full: number): number {
  return Math.ceil((isFull ? full : short) * MORE);
}

/** Of a list whose entries repeat one thing: every so many, beginning with the first; all where everything is tested. */
export function sample<T>(list: readonly T[], every: number): readonly T[] {
  return isFull ? list : list.filter((_, index) => index % every === 0);
}

/** Somebody has the time for what takes minutes and shows what shorter tests show, too. */
export const isThorough = isFull && MORE > 1;
