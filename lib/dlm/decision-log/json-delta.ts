import type { JsonValue } from "../../units.ts";

/**
 * What has to be changed to make one JSON value of another: `[value]` takes its place, `[]` removes it, an object changes the
 * fields (or list positions) it names. Lists of another length are replaced.
 */
export type JsonDelta = JsonValue[] | { [key: string]: JsonDelta };

/** The way from one value to another; null when they are equal. */
export function difference(from: JsonValue | undefined, to: JsonValue): JsonDelta | null {
  if (from === to) return null;
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

function isBranch(value: JsonValue | undefined): value is JsonValue[] | { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null;
}
