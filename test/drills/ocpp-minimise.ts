/**
 * The smallest part of a list with which something still happens (delta debugging, Zeller 2002): no single element of it can be left
 * out. @param happens may be asked about a hundred times
 */
export async function minimise<T>(list: readonly T[], happens: (part: T[]) => Promise<boolean>): Promise<T[]> {
  let rest = [...list];
  for (let parts = 2; rest.length > 1; ) {
    const size = Math.ceil(rest.length / parts);
    const without = Array.from({ length: Math.ceil(rest.length / size) }, (_, index) => [
      ...rest.slice(0, index * size),
      ...rest.slice((index + 1) * size),
    ]);
    const smaller = await firstOf(without, happens);
    if (smaller) {
      rest = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(rest.length, parts * 2);
  }
  return rest;
}

async function firstOf<T>(candidates: T[][], happens: (part: T[]) => Promise<boolean>): Promise<T[] | null> {
  for (const candidate of candidates) if (await happens(candidate)) return candidate;
  return null;
}
