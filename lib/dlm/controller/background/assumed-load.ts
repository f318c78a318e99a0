import type { JsonValue, Triple } from "../../../units.ts";
import { triple } from "../../../units.ts";

/**
 * What a zone's meter is taken to show when it is silent (S4), and what every zone is taken to carry once nothing here steers any
 * more (S12). It is the greatest, per phase, of the zone's `assumedLoadA`, the highest one-minute mean of its own load in the last
 * 24 hours in which its meter was heard, and the `fallbackA` of a meter with `onStale: fallbackLoad`.
 *
 * A zone's own load is its background less that of the zones below it: what is neither a charger nor measured or assumed further
 * down. Time counts only while the meter is heard: the day ends when it falls silent, and neither a restart nor the clock moves it.
 */

/** A zone, as far as it says what to assume of it. */
export interface AssumingZone {
  id: string;
  /** Its zone above; one that is not among the zones counts as none. */
  parent: string | null;
  assumedLoadA?: number | Triple;
  meters?: readonly {
    location: "including" | "excluding";
    onStale?: "failSafe" | "fallbackLoad";
    fallbackA?: number | Triple | null;
  }[];
}

/** What was seen of a zone's own load; plain JSON. Currents in A per phase. */
export interface SeenLoad {
  /** Highest one-minute mean of each hour, the running one first. */
  readonly hoursA: readonly Triple[];
  /** Seconds of the running hour. */
  readonly hourS: number;
  /** The last minute, in parts of some seconds, the running one first. */
  readonly parts: readonly Part[];
  readonly lastA: Triple;
  /**
   * What the zone carried together with all below it while a meter of these was silent, which cannot be told apart; in the time that
   * the zone's own meter was heard. Absent = that was not the case in the last 24 hours.
   */
  readonly whole?: SeenLoad;
}

/** Some seconds, with their currents times their time. */
interface Part {
  readonly seconds: number;
  readonly sumAs: Triple;
}

/** What is assumed of a zone and all below it, A per phase. */
export interface AssumedLoad {
  loadA: Triple;
  /** Per phase: a value is configured, or a whole day was seen. Where not, `loadA` is no more than what was seen so far. */
  known: readonly [boolean, boolean, boolean];
}

/** A mean of so long is the smallest part that is kept, s. */
const PART_S = 10;
const MINUTE_S = 60;
const HOUR_S = 3600;
const HOURS_OF_A_DAY = 24;
/** Means are kept in steps of 0.01 A. */
const STEPS_PER_A = 100;
/** More than any breaker carries, A. */
const MOST_A = 1e6;

/**
 * What was seen, with the load of this moment.
 * @param before undefined = nothing yet
 * @param ownA load of the zone itself, A per phase; less than nothing while it feeds in
 * @param elapsedS since the moment before, while the meter was heard
 */
export function seeLoad(before: SeenLoad = NOTHING_SEEN, ownA: Triple, elapsedS: number): SeenLoad {
  const { hoursA, hourS, parts } = before;
  const spentS = Math.min(Math.max(0, elapsedS), MINUTE_S);
  const [running = NO_PART, ...earlier] = parts;
  const part: Part = {
    seconds: running.seconds + spentS,
    sumAs: combine(running.sumAs, ownA, (sum, current) => sum + current * spentS),
  };
  const passed = { hoursA, hourS: hourS + spentS, parts: [part, ...earlier], lastA: ownA };
  return part.seconds < PART_S ? passed : closePart(passed);
}

const NOTHING_SEEN: SeenLoad = { hoursA: [], hourS: 0, parts: [], lastA: [0, 0, 0] };

const NO_PART: Part = { seconds: 0, sumAs: [0, 0, 0] };

/** The mean of the last minute, as soon as there is one, goes into the running hour. */
function closePart({ hoursA, hourS, parts, lastA }: SeenLoad): SeenLoad {
  const minute = lastMinute(parts);
  const seconds = secondsOf(minute);
  const next = [NO_PART, ...minute];
  if (seconds < MINUTE_S) return { hoursA, hourS, parts: next, lastA };
  const sumAs = minute.reduce((sum, part) => combine(sum, part.sumAs, add), [0, 0, 0] as Triple);
  const mean = meanOf({ seconds, sumAs });
  const [hourA, ...earlier] = hoursA;
  const isOver = hourS >= HOUR_S;
  const newest = hourA ? combine(hourA, mean, Math.max) : mean;
  const hours = [newest, ...earlier].slice(0, isOver ? HOURS_OF_A_DAY : HOURS_OF_A_DAY + 1);
  return { hoursA: isOver ? [mean, ...hours] : hours, hourS: isOver ? hourS - HOUR_S : hourS, parts: next, lastA };
}

/** As many of the newest parts as make a minute. */
function lastMinute(parts: readonly Part[]): readonly Part[] {
  let seconds = 0;
  const count = parts.findIndex((part) => {
    seconds += part.seconds;
    return seconds >= MINUTE_S;
  });
  return count < 0 ? parts : parts.slice(0, count + 1);
}

const secondsOf = (parts: readonly Part[]): number => parts.reduce((sum, { seconds }) => sum + seconds, 0);

/** Rounded up, as whatever is assumed of it must not be less; a current with all its digits takes three times the flash. */
const meanOf = ({ seconds, sumAs }: Part): Triple =>
  seconds === 0 ? [0, 0, 0] : combine(sumAs, [0, 0, 0], (sum) => roundedUp(sum / seconds));

/** What is a step but for the last digits of a sum counts as that step. */
const roundedUp = (currentA: number): number => Math.ceil(currentA * STEPS_PER_A - 1e-6) / STEPS_PER_A;

/**
 * The same with the highest ten seconds of the last minute, and what was seen last: the mean of the minute
 * in which a meter fell silent stays unknown.
 */
export function withLastMinute({ hoursA, hourS, parts, lastA, whole }: SeenLoad): SeenLoad {
  const hourA = combine(hoursA[0] ?? [0, 0, 0], lastA, Math.max);
  const highestA = parts.reduce((mostA, part) => combine(mostA, meanOf(part), Math.max), hourA);
  const seen = { hoursA: [highestA, ...hoursA.slice(1)], hourS, parts, lastA };
  return whole ? { ...seen, whole: withLastMinute(whole) } : seen;
}

/**
 * What was seen of a zone, with its load of this moment.
 * @param before undefined = nothing yet
 * @param ownA load of the zone itself, A per phase; null = a meter below is silent, and all that is known is the load of all together
 * @param wholeA that load
 * @param elapsedS since the moment before, while the zone's meter was heard
 */
export function seeZone(before: SeenLoad | undefined, ownA: Triple | null, wholeA: Triple, elapsedS: number): SeenLoad {
  if (ownA === null) return { ...(before ?? NOTHING_SEEN), whole: seeLoad(before?.whole, wholeA, elapsedS) };
  const seen = seeLoad(before, ownA, elapsedS);
  const whole = before?.whole && seeLoad(before.whole, [0, 0, 0], elapsedS);
  return whole && Math.max(...highestSeenA(whole)) > 0 ? { ...seen, whole } : seen;
}

/** Whether a whole day was seen: what was not seen in it is not to be expected. */
export function hasSeenADay({ hoursA }: SeenLoad = NOTHING_SEEN): boolean {
  return hoursA.length > HOURS_OF_A_DAY;
}

/** The highest one-minute mean that was seen, A per phase, 0 where there is none. */
export function highestSeenA({ hoursA }: SeenLoad = NOTHING_SEEN): Triple {
  return hoursA.reduce((mostA, hourA) => combine(mostA, hourA, Math.max), [0, 0, 0]);
}

/** What was seen, where no phase is to have carried less at its highest, A; what is missing was seen in the running hour. */
export function seenAtLeast(seen: SeenLoad = NOTHING_SEEN, leastA: Triple): SeenLoad {
  const highestA = highestSeenA(seen);
  if (leastA.every((currentA, phase) => currentA <= highestA[phase]!)) return seen;
  const missedA = combine(leastA, highestA, (least, highest) => (least > highest ? least : 0));
  const hourA = combine(seen.hoursA[0] ?? [0, 0, 0], missedA, Math.max);
  return { ...seen, hoursA: [hourA, ...seen.hoursA.slice(1)] };
}

/** The load of a zone whose meters are heard, A per phase. */
export interface HeardLoad {
  loadA: Triple;
  /** The zones below are part of it. */
  isWhole: boolean;
}

/**
 * What is assumed of each zone with all below it.
 * @param seen what was seen of each zone's own load
 * @param heard the load of zones whose meters are heard, in place of what is assumed; without it all meters count as silent
 */
export function assumedLoads(
  zones: readonly AssumingZone[],
  seen: ReadonlyMap<string, SeenLoad>,
  heard: ReadonlyMap<string, HeardLoad> = NOTHING_HEARD,
): Map<string, AssumedLoad> {
  const below = new Map<string | null, AssumingZone[]>();
  for (const zone of zones) {
    const siblings = below.get(zone.parent) ?? [];
    siblings.push(zone);
    below.set(zone.parent, siblings);
  }
  const loads = new Map<string, AssumedLoad>();
  const assume = (zone: AssumingZone): AssumedLoad => {
    const underneath = (below.get(zone.id) ?? []).map(assume);
    const live = heard.get(zone.id);
    const load = live ? withBelow(live, underneath) : assumed(zone, seen.get(zone.id), underneath);
    loads.set(zone.id, load);
    return load;
  };
  const ids = new Set(zones.map(({ id }) => id));
  for (const zone of zones) if (zone.parent === null || !ids.has(zone.parent)) assume(zone);
  return loads;
}

const NOTHING_HEARD: ReadonlyMap<string, HeardLoad> = new Map();
const ALL_KNOWN = [true, true, true] as const;

function withBelow({ loadA, isWhole }: HeardLoad, below: readonly AssumedLoad[]): AssumedLoad {
  if (isWhole || below.length === 0) return { loadA, known: ALL_KNOWN };
  return { loadA: combine(loadA, sumOf(below), add), known: knownOf(below) };
}

const sumOf = (loads: readonly AssumedLoad[]): Triple =>
  loads.reduce((sumA, { loadA }) => combine(sumA, loadA, add), [0, 0, 0] as Triple);

function knownOf(loads: readonly AssumedLoad[]): [boolean, boolean, boolean] {
  const on = (phase: 0 | 1 | 2) => loads.every(({ known }) => known[phase]);
  return [on(0), on(1), on(2)];
}

function assumed(zone: AssumingZone, seen: SeenLoad | undefined, below: readonly AssumedLoad[]): AssumedLoad {
  const { meters = [], assumedLoadA = 0 } = zone;
  if (meters.length === 0 && seen === undefined)
    return { loadA: combine(triple(assumedLoadA), sumOf(below), add), known: knownOf(below) };
  const fallbackOf = (location: "including" | "excluding") =>
    meters
      .filter((meter) => meter.location === location && meter.onStale === "fallbackLoad")
      .reduce((sumA, { fallbackA }) => combine(sumA, triple(fallbackA ?? 0), add), [0, 0, 0] as Triple);
  const belowA = sumOf(below);
  const knownBelow = knownOf(below);
  const besideA = fallbackOf("excluding");
  const ownA = combine(combine(triple(assumedLoadA), besideA, add), highestSeenA(seen), Math.max);
  const shownA = combine(besideA, fallbackOf("including"), add);
  const isGiven = meters.every(({ onStale, fallbackA }) => onStale === "fallbackLoad" && (fallbackA ?? null) !== null);
  const isShown = isGiven && meters.some(({ location }) => location === "including");
  const day = hasSeenADay(seen);
  const known = [0, 1, 2].map((phase) => {
    const own = isGiven || day || triple(assumedLoadA)[phase]! > 0;
    return isShown || (own && knownBelow[phase]!);
  });
  const togetherA = combine(highestSeenA(seen?.whole), shownA, Math.max);
  return {
    loadA: combine(combine(ownA, belowA, add), togetherA, Math.max),
    known: known as [boolean, boolean, boolean],
  };
}

/** What was seen, out of what was saved; undefined for what does not look like it. */
export function seenLoadFrom(saved: JsonValue | undefined): SeenLoad | undefined {
  if (typeof saved !== "object" || saved === null || Array.isArray(saved)) return undefined;
  const { hoursA, hourS, parts, lastA } = saved;
  const whole = seenLoadFrom(saved["whole"]);
  const isSound =
    Array.isArray(hoursA) &&
    hoursA.length <= HOURS_OF_A_DAY + 1 &&
    hoursA.every(isLoad) &&
    isAmount(hourS, HOUR_S + MINUTE_S) &&
    Array.isArray(parts) &&
    parts.length <= MOST_PARTS &&
    parts.every(isPart) &&
    isLoad(lastA);
  if (!isSound) return undefined;
  const seen = { hoursA: hoursA as Triple[], hourS, parts: parts as unknown as Part[], lastA };
  return whole ? { ...seen, whole } : seen;
}

/** Currents of three phases that a breaker may carry, A. */
export const isLoad = (value: JsonValue | undefined): value is Triple => isTriple(value, MOST_A);

const MOST_PARTS = MINUTE_S / PART_S + 1;

function isPart(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { seconds, sumAs } = value;
  return isAmount(seconds, MINUTE_S + PART_S) && isTriple(sumAs, MOST_A * MINUTE_S * 2);
}

const add = (one: number, other: number): number => one + other;

function combine(one: Triple, other: Triple, by: (a: number, b: number) => number): Triple {
  return [by(one[0], other[0]), by(one[1], other[1]), by(one[2], other[2])];
}

function isAmount(value: JsonValue | undefined, most: number): value is number {
  return typeof value === "number" && value >= 0 && value <= most;
}

function isTriple(value: JsonValue | undefined, most: number): value is Triple {
  return (
    Array.isArray(value) && value.length === 3 && value.every((one) => typeof one === "number" && Math.abs(one) <= most)
  );
}
