/** What an addition, an edit or an import would do to a list of badges. Pure. */
import type { Badge, BadgeChange } from "../store/badge-types.ts";

export type { BadgeChange } from "../store/badge-types.ts";

/** `merge`: badges not named stay; `replace`: they go. */
export type ImportMode = "merge" | "replace";

/**
 * The difference between a list and what is wanted of it. A badge named twice counts as last named; one that stays as it is
 * is in none of the three.
 */
export function planChange(list: ReadonlyMap<string, Badge>, wanted: readonly Badge[], mode: ImportMode): BadgeChange {
  const byTag = new Map(wanted.map((badge) => [badge.idTag, badge]));
  const added: Badge[] = [];
  const changed: BadgeChange["changed"][number][] = [];
  for (const after of byTag.values()) {
    const before = list.get(after.idTag);
    if (!before) added.push(after);
    else if (!isSame(before, after)) changed.push({ before, after });
  }
  const removed = mode === "replace" ? [...list.values()].filter(({ idTag }) => !byTag.has(idTag)) : [];
  return { added, changed, removed };
}

/** The list once a change has been carried out. */
export function changedList(
  list: ReadonlyMap<string, Badge>,
  { added, changed, removed }: BadgeChange,
): Map<string, Badge> {
  const next = new Map(list);
  for (const { idTag } of removed) next.delete(idTag);
  for (const { before, after } of changed) {
    if (before.idTag !== after.idTag) next.delete(before.idTag);
    next.set(after.idTag, after);
  }
  for (const badge of added) next.set(badge.idTag, badge);
  return next;
}

/** A change that does nothing. */
export function isEmptyChange({ added, changed, removed }: BadgeChange): boolean {
  return added.length + changed.length + removed.length === 0;
}

function isSame(a: Badge, b: Badge): boolean {
  return (Object.keys(a) as (keyof Badge)[]).every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));
}
