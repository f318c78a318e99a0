/** What changed between two overviews, and how to make the later of the earlier. Both sides of the wire use it. */
import { EMPTY_OVERVIEW, type ListName, type Overview } from "./types.ts";

interface Item {
  readonly id: string;
}

/** What became of one list. */
export interface ListDelta {
  /** Items that are new, whole; of those that changed, their `id` and the members that differ. */
  set?: readonly Item[];
  gone?: readonly string[];
  /** All ids in their order; only where that cannot be known from the rest. */
  order?: readonly string[];
}

export type Delta = Partial<Record<ListName, ListDelta>>;

/** What a connection is told. */
export interface Push {
  site: string;
  /** Counts the pushes on one ticket, from 1: who misses one fetches the overview anew. */
  seq: number;
  ticket: string;
  /** The runtime's monotonic time, for ages. */
  nowMs: number;
  /** null = the site is gone, or others have come: fetch the overview anew. */
  delta: Delta | null;
}

const LISTS = Object.keys(EMPTY_OVERVIEW) as ListName[];

/** What a reader has to be told who knows `before`; null = nothing. Ids are unique in their list. */
export function overviewDelta(before: Overview, after: Overview): Delta | null {
  const delta: Delta = {};
  for (const name of LISTS) {
    const change = listDelta(before[name], after[name]);
    if (change) delta[name] = change;
  }
  return Object.keys(delta).length > 0 ? delta : null;
}

/** The overview after a delta. What did not change stays the same object, so that it need not be drawn again. */
export function applyDelta(before: Overview, delta: Delta): Overview {
  const changed = Object.entries(delta).map(([name, change]) => [name, applied(before[name as ListName], change)]);
  return { ...before, ...(Object.fromEntries(changed) as Partial<Overview>) };
}

function listDelta(before: readonly Item[], after: readonly Item[]): ListDelta | null {
  const known = new Map(before.map((item) => [item.id, item]));
  const set: Item[] = [];
  for (const item of after) {
    const old = known.get(item.id);
    const told = old ? difference(old, item) : item;
    if (told) set.push(told);
  }
  const kept = new Set(after.map(({ id }) => id));
  const gone = before.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  const expected = [...before.filter(({ id }) => kept.has(id)), ...set.filter(({ id }) => !known.has(id))];
  const moved = expected.some(({ id }, at) => after[at]?.id !== id);
  if (set.length === 0 && gone.length === 0 && !moved) return null;
  return {
    ...(set.length > 0 && { set }),
    ...(gone.length > 0 && { gone }),
    ...(moved && { order: after.map(({ id }) => id) }),
  };
}

/** The members of `after` that differ; null when none does. */
function difference(before: Item, after: Item): Item | null {
  const old = before as unknown as Record<string, unknown>;
  const changed = Object.entries(after).filter(([name, value]) => !isSame(old[name], value));
  return changed.length > 0 ? { ...Object.fromEntries(changed), id: after.id } : null;
}

/** Whether two pieces of JSON are equal; members in any order. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = Object.keys(a);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return names.length === Object.keys(b).length && names.every((name) => isSame(left[name], right[name]));
}

function applied(before: readonly Item[], { set = [], gone = [], order }: ListDelta): Item[] {
  const items = new Map(before.map((item) => [item.id, item]));
  for (const id of gone) items.delete(id);
  for (const item of set) items.set(item.id, { ...items.get(item.id), ...item });
  return order ? order.flatMap((id) => items.get(id) ?? []) : [...items.values()];
}
