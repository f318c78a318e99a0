/** Everything is tested, `.ci/run` says so (`TESTS=all`); `npm test` by itself leaves out what only repeats, and tries fewer random cases. */
export const isFull = process.env["TESTS"] === "all";

/** Random cases to try, from the same seed: those of `npm test` are the first of all. */
export function cases(short: number, full: number): number {
  return isFull ? full : short;
}

/** Of a list whose entries repeat one thing: every so many, beginning with the first; all where everything is tested. */
export function sample<T>(list: readonly T[], every: number): readonly T[] {
  return isFull ? list : list.filter((_, index) => index % every === 0);
}
