/** Everything is tested, `.ci/run` says so (`TESTS=all`); `npm test` by itself leaves out what only repeats, and tries fewer random cases. */
export const isFull = process.env["TESTS"] === "all";

/** Random cases to try, from the same seed: those of `npm test` are the first of all. */
export function cases(short: number, full: number): number {
  return isFull ? full : short;
}
