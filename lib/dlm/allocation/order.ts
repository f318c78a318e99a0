import type { AllocationConnector } from "./cars.ts";
import { sorted, spread } from "./sorted.ts";

/**
 * The order in which connectors are given their minimum, as indices into `connectors`: priority class, incumbents
 * first, shedding key (nothing, charging time or energy: the least served first), arrival, id.
 */
export function activationOrder(
  connectors: readonly AllocationConnector[],
  shedding: "fifo" | "duration" | "energy",
): number[] {
  const count = connectors.length;
  const rank = new Float64Array(count);
  const next = new Float64Array(count);
  const numbers = new Array<number>(count);
  for (let i = 0; i < count; i++) {
    const connector = connectors[i]!;
    const incumbent = connector.incumbent ?? (connector.state ?? "charging") === "charging";
    rank[i] = 2 * (connector.priorityClass ?? 1) + (incumbent ? 0 : 1);
    next[i] = (shedding === "fifo" ? connector.arrivalS : servedBy(connector, shedding)) ?? 0;
    numbers[i] = i;
  }
  // Ranks are whole numbers, so what decides next fits between them as a part of 1.
  const { least, range } = spread(next);
  const turn = new Float64Array(count);
  for (let i = 0; i < count; i++) turn[i] = rank[i]! + (next[i]! - least) / (range || 1);
  const arrivalS = (connector: number) => connectors[connector]!.arrivalS ?? 0;
  const compare = (a: number, b: number): number =>
    rank[a]! - rank[b]! ||
    next[a]! - next[b]! ||
    arrivalS(a) - arrivalS(b) ||
    compareByCodePoint(connectors[a]!.id, connectors[b]!.id);
  return sorted(numbers, turn, compare);
}

/** What it was given so far. */
function servedBy({ chargingS, energyWh }: AllocationConnector, shedding: "duration" | "energy"): number | undefined {
  return shedding === "duration" ? chargingS : energyWh;
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
