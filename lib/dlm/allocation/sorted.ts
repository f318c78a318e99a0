/** So many steps between the least and the largest value are told apart; the comparator does the rest. */
const STEPS = 2 ** 32;

/**
 * Sorts some of the numbers from 0. Values alone sort far quicker than anything with a comparator, so a value of each decides,
 * and the comparator is asked only about those whose values are (nearly) the same.
 * @param values by number; a lower value never belongs behind a higher one
 * @param compareTied decides between equal values; without it they stay as they were
 */
export function sorted(
  numbers: readonly number[],
  values: Float64Array,
  compareTied?: (a: number, b: number) => number,
): number[] {
  const count = numbers.length;
  const turns = new Float64Array(count);
  for (let i = 0; i < count; i++) turns[i] = values[numbers[i]!]!;
  const { least, range } = spread(turns);
  if (range === 0) return compareTied ? numbers.toSorted(compareTied) : numbers.slice();
  for (let i = 0; i < count; i++) turns[i] = Math.floor(((turns[i]! - least) / range) * STEPS) * count + i;
  sortUpwards(turns);
  const found = numbers.slice();
  const compare = compareTied ?? ((a, b) => values[a]! - values[b]!);
  for (let i = 0, firstTied = 0, isSettled = true; i < count; i++) {
    const step = Math.floor(turns[i]! / count);
    found[i] = numbers[turns[i]! - step * count]!;
    if (firstTied < i && (compareTied || values[found[i]!] !== values[found[i - 1]!])) isSettled = false;
    if (i + 1 < count && turns[i + 1]! < (step + 1) * count) continue;
    if (!isSettled) sortPart(found, firstTied, i + 1, compare);
    firstTied = i + 1;
    isSettled = true;
  }
  return found;
}

function sortPart(numbers: number[], first: number, end: number, compare: (a: number, b: number) => number): void {
  const part = numbers.slice(first, end).sort(compare);
  for (let i = 0; i < part.length; i++) numbers[first + i] = part[i]!;
}

/** Sorts numbers from 0 up, in place: their bits, read as whole numbers, stand in the same order and are sorted quicker. */
export function sortUpwards(values: Float64Array): void {
  new BigUint64Array(values.buffer, values.byteOffset, values.length).sort();
}

/** The least value, and how far the largest is above it. */
export function spread(values: Float64Array): { least: number; range: number } {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    largest = Math.max(largest, values[i]!);
  }
  return { least, range: largest - least };
}
