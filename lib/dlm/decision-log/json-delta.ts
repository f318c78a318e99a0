import { type JsonValue, round } from "../../units.ts";

/**
 * What has to be changed to make one JSON value of another: `[value]` takes its place, `[]` removes it, a number is added to it, an
 * object changes the fields (or list positions) it names. Lists of another length are replaced. Numbers that are added take less room:
 * clocks, registers and noise change by the same few digits again and again.
 */
export type JsonDelta = JsonValue[] | number | { [key: string]: JsonDelta };

/** The numbers of a record have so many decimals at most; others are replaced. */
export const DECIMALS = 3;

/** The way from one value to another; null when they are equal. */
export function difference(from: JsonValue | undefined, to: JsonValue): JsonDelta | null {
  if (from === to) return null;
  if (typeof from === "number" && typeof to === "number") {
    const added = round(to - from, DECIMALS);
    return sum(from, added) === to ? added : [to];
  }
  if (!isBranch(from) || !isBranch(to) || Array.isArray(from) !== Array.isArray(to)) return [to];
  if (Array.isArray(from) && Array.isArray(to) && from.length !== to.length) return [to];
  const before = from as Record<string, JsonValue>;
  const after = to as Record<string, JsonValue>;
  const changes: { [key: string]: JsonDelta } = Object.create(null);
  let changed = false;
  for (const key of Object.keys(after)) {
    const change = Object.hasOwn(before, key) ? difference(before[key], after[key]!) : [after[key]!];
    if (change === null) continue;
    changes[key] = change;
    changed = true;
  }
  for (const key of Object.keys(before)) {
    if (Object.hasOwn(after, key)) continue;
    changes[key] = [];
    changed = true;
  }
  return changed ? changes : null;
}

/** The value that a difference leads to; `from` stays as it is. A difference that does not fit is taken as far as it does. */
export function apply(from: JsonValue | undefined, delta: JsonDelta | null): JsonValue | undefined {
  if (delta === null) return from;
  if (Array.isArray(delta)) return delta[0];
  if (typeof delta === "number") return typeof from === "number" ? sum(from, delta) : from;
  const branch = isBranch(from) ? from : {};
  if (Array.isArray(branch)) {
    const items = [...branch];
    for (const [key, change] of Object.entries(delta)) items[Number(key)] = apply(items[Number(key)], change) ?? null;
    return items;
  }
  const fields = new Map(Object.entries(branch));
  for (const [key, change] of Object.entries(delta)) {
    const value = apply(fields.get(key), change);
    if (value === undefined) fields.delete(key);
    else fields.set(key, value);
  }
  return Object.fromEntries(fields);
}

const sum = (from: number, added: number): number => round(from + added, DECIMALS);

function isBranch(value: JsonValue | undefined): value is JsonValue[] | { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null;
}
