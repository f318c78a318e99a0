import type { AllocationConnector } from "./cars.ts";
import { doubles } from "./scratch.ts";

/** Work space of `sortByKey`, grown on demand: sorting is never interrupted, and nothing of it is handed out. */
let space = workSpace(0);

function workSpace(count: number) {
  const gathered = new Float64Array(count);
  return {
    gathered,
    words: new Uint32Array(gathered.buffer),
    from: new Uint32Array(count),
    to: new Uint32Array(count),
  };
}

const MANY = 1000;
const histogram = new Uint32Array(2048);

/**
 * Stable sort of `order` by ascending `keys[item]`, in O(n): a radix sort on digits (of 11 bits when there are many, else of
 * 8) of the keys, as integers where all of them are, else as doubles; it skips every digit in which all agree. The high words
 * of doubles differ nearly always where the doubles do: the low ones are looked at only if these leave much in disorder.
 * No key may be NaN.
 */
export function sortByKey(order: Uint32Array, keys: Float64Array): void {
  if (isSorted(order, keys)) return;
  if (space.from.length < order.length) space = workSpace(order.length);
  const integers = gatherIntegers(order, keys);
  if (integers !== null) {
    sortByDigits(order, integers);
    return;
  }
  const [, high] = gatherDoubles(order, keys);
  sortByDigits(order, [0, high]);
  if (finishSort(order, keys)) return;
  sortByDigits(order, gatherDoubles(order, keys));
}

/** Insertion sort for what is nearly sorted; false if it is not, and then not sorted yet, but nothing equal has changed its order. */
function finishSort(order: Uint32Array, keys: Float64Array): boolean {
  let movesLeft = order.length;
  for (let i = 1; i < order.length; i++) {
    const item = order[i]!;
    const key = keys[item]!;
    let place = i;
    for (; place > 0 && keys[order[place - 1]!]! > key; place--) order[place] = order[place - 1]!;
    order[place] = item;
    movesLeft -= i - place;
    if (movesLeft < 0) return false;
  }
  return true;
}

/** Stable sort by the gathered words. @param varying the bits of the low and the high word to sort by */
function sortByDigits(order: Uint32Array, varying: readonly [number, number]): void {
  const count = order.length;
  const digitBits = count < MANY ? 8 : 11;
  let { from, to } = space;
  for (let i = 0; i < count; i++) from[i] = i;
  for (let word = 0; word < 2; word++) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      if (((varying[word]! >>> shift) & (2 ** digitBits - 1)) === 0) continue;
      sortByDigit(from, to, count, word, shift, 2 ** digitBits - 1);
      [from, to] = [to, from];
    }
  }
  for (let i = 0; i < count; i++) to[i] = order[from[i]!]!;
  for (let i = 0; i < count; i++) order[i] = to[i]!;
}

/** Moves the places in `from` into `to`, stably, in order of one digit of their low (0) or high (1) word. */
function sortByDigit(
  from: Uint32Array,
  to: Uint32Array,
  count: number,
  word: number,
  shift: number,
  digitMask: number,
): void {
  const { words } = space;
  histogram.fill(0, 0, digitMask + 1);
  for (let i = 0; i < count; i++) histogram[(words[2 * i + word]! >>> shift) & digitMask]!++;
  let sum = 0;
  for (let digit = 0; digit <= digitMask; digit++) {
    const size = histogram[digit]!;
    histogram[digit] = sum;
    sum += size;
  }
  for (let i = 0; i < count; i++) {
    const place = from[i]!;
    to[histogram[(words[2 * place + word]! >>> shift) & digitMask]!++] = place;
  }
}

function isSorted(order: Uint32Array, keys: Float64Array): boolean {
  for (let i = 1; i < order.length; i++) if (keys[order[i - 1]!]! > keys[order[i]!]!) return false;
  return true;
}

/**
 * Puts each key into the low words of the work space, if all are integers from 0 to 2³² − 1: they have fewer digits than
 * doubles. Tells the bits of both words in which not all keys agree; null if one is no such integer.
 */
function gatherIntegers(order: Uint32Array, keys: Float64Array): [number, number] | null {
  const { words } = space;
  let varying = 0;
  for (let i = 0; i < order.length; i++) {
    const key = keys[order[i]!]!;
    const integer = key >>> 0;
    if (integer !== key) return null;
    words[2 * i] = integer;
    varying |= integer ^ words[0]!;
  }
  return [varying, 0];
}

/**
 * Puts the low and high word of each key into the work space, changed so that they compare as unsigned integers the way
 * the doubles compare; tells the bits of each in which not all keys agree.
 */
function gatherDoubles(order: Uint32Array, keys: Float64Array): [number, number] {
  const { gathered, words } = space;
  let low = 0;
  let high = 0;
  for (let i = 0; i < order.length; i++) {
    gathered[i] = keys[order[i]!]! + 0;
    const flip = words[2 * i + 1]! >>> 31 === 1 ? -1 : 0;
    words[2 * i]! ^= flip;
    words[2 * i + 1]! ^= flip | 0x80000000;
    low |= words[2 * i]! ^ words[0]!;
    high |= words[2 * i + 1]! ^ words[1]!;
  }
  return [low, high];
}

/** Compares two strings by Unicode code point (UTF-16 order differs where surrogates meet U+E000 and above). */
export function compareByCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = codePointRank(a.charCodeAt(i)) - codePointRank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

const SMALL_RUN = 32;
const LONG_ID = 48;
const UNITS_PER_KEY = 3;

function sortById(order: Uint32Array, connectors: readonly AllocationConnector[]): void {
  const longest =
    order.length < SMALL_RUN ? 0 : order.reduce((most, item) => Math.max(most, connectors[item]!.id.length), 0);
  if (order.length < SMALL_RUN || longest > LONG_ID) {
    order.sort((a, b) => compareByCodePoint(connectors[a]!.id, connectors[b]!.id));
    return;
  }
  const keys = new Float64Array(connectors.length);
  const lastKey = Math.ceil(longest / UNITS_PER_KEY) - 1;
  for (let first = lastKey * UNITS_PER_KEY; first >= 0; first -= UNITS_PER_KEY) {
    for (const item of order) keys[item] = packUnits(connectors[item]!.id, first);
    sortByKey(order, keys);
  }
}

/** Three code units as one exact number; a missing unit sorts before every other. */
function packUnits(id: string, first: number): number {
  let key = 0;
  for (let i = first; i < first + UNITS_PER_KEY; i++) {
    key = key * 0x20000 + (i < id.length ? codePointRank(id.charCodeAt(i)) + 1 : 0);
  }
  return key;
}

const SPACE = { rank: doubles(), served: doubles(), arrival: doubles() };

/**
 * The order in which connectors are given their minimum, as indices into `connectors`: priority class, incumbents
 * first, shedding key (nothing, charging time or energy: the least served first), arrival, id.
 * @param likely an order to begin with; it changes nothing but the time it takes
 */
export function activationOrder(
  connectors: readonly AllocationConnector[],
  shedding: "fifo" | "duration" | "energy",
  likely?: Uint32Array,
): Uint32Array {
  const count = connectors.length;
  const rank = SPACE.rank.take(count);
  const served = SPACE.served.take(count);
  const arrival = SPACE.arrival.take(count);
  const order = likely?.length === count ? likely.slice() : new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const connector = connectors[i]!;
    const incumbent = connector.incumbent ?? (connector.state ?? "charging") === "charging";
    rank[i] = 2 * (connector.priorityClass ?? 1) + (incumbent ? 0 : 1);
    if (shedding === "duration") served[i] = connector.chargingS ?? 0;
    else if (shedding === "energy") served[i] = connector.energyWh ?? 0;
    arrival[i] = connector.arrivalS ?? 0;
    if (likely?.length !== count) order[i] = i;
  }
  sortByKey(order, arrival);
  sortByKey(order, served);
  sortByKey(order, rank);
  sortTies(order, connectors, (a, b) => arrival[a] === arrival[b] && served[a] === served[b] && rank[a] === rank[b]);
  return order;
}

function sortTies(
  order: Uint32Array,
  connectors: readonly AllocationConnector[],
  tied: (a: number, b: number) => boolean,
): void {
  for (let first = 0, i = 1; i <= order.length; i++) {
    if (i < order.length && tied(order[first]!, order[i]!)) continue;
    if (i - first > 1) sortById(order.subarray(first, i), connectors);
    first = i;
  }
}
