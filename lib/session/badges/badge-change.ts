/** What an addition, an edit or an import would do to a list of badges. Pure. */

import type { Badge, BadgeChange } from "../../store/books/badge-types.ts";
import { stepByStep } from "../../yielding.ts";

export type { BadgeChange } from "../../store/books/badge-types.ts";

/** `merge`: badges not named stay; `replace`: they go. */
export type ImportMode = "merge" | "replace";

/**
 * The difference between a list and what is wanted of it. A badge named twice counts as last named; one that stays as it is
 * is in none of the three.
 */
export function planChange(list: ReadonlyMap<string, Badge>, wanted: readonly Badge[], mode: ImportMode): BadgeChange {
  return allOf(planning(list, wanted, mode));
}

/** The same for many badges: others get their turn in between. The list must stay as it is meanwhile. */
export function planLargeChange(
  list: ReadonlyMap<string, Badge>,
  wanted: readonly Badge[],
  mode: ImportMode,
): Promise<BadgeChange> {
  return stepByStep(planning(list, wanted, mode));
}

/** The list once a change has been carried out. */
export function changedList(list: ReadonlyMap<string, Badge>, change: BadgeChange): Map<string, Badge> {
  return allOf(changing(list, change));
}

/** The same for many badges, as `planLargeChange`. */
export function largelyChangedList(list: ReadonlyMap<string, Badge>, change: BadgeChange): Promise<Map<string, Badge>> {
  return stepByStep(changing(list, change));
}

/** How many badges the list has once a change has been carried out. */
export function sizeAfter(list: ReadonlyMap<string, Badge>, { added, removed }: BadgeChange): number {
  return list.size + added.length - removed.length;
}

function* planning(
  list: ReadonlyMap<string, Badge>,
  wanted: readonly Badge[],
  mode: ImportMode,
): Generator<void, BadgeChange> {
  const pace = new Pace();
  const byTag = new Map<string, Badge>();
  for (const badge of wanted) {
    byTag.set(badge.idTag, badge);
    if (pace.over()) yield;
  }
  const added: Badge[] = [];
  const changed: BadgeChange["changed"][number][] = [];
  for (const after of byTag.values()) {
    const before = list.get(after.idTag);
    if (!before) added.push(after);
    else if (!isSame(before, after)) changed.push({ before, after });
    if (pace.over()) yield;
  }
  const removed: Badge[] = [];
  for (const badge of mode === "replace" ? list.values() : []) {
    if (!byTag.has(badge.idTag)) removed.push(badge);
    if (pace.over()) yield;
  }
  return { added, changed, removed };
}

function* changing(
  list: ReadonlyMap<string, Badge>,
  { added, changed, removed }: BadgeChange,
): Generator<void, Map<string, Badge>> {
  const pace = new Pace();
  const next = new Map<string, Badge>();
  for (const [idTag, badge] of list) {
    next.set(idTag, badge);
    if (pace.over()) yield;
  }
  for (const { idTag } of removed) {
    next.delete(idTag);
    if (pace.over()) yield;
  }
  for (const { before, after } of changed) {
    if (before.idTag !== after.idTag) next.delete(before.idTag);
    next.set(after.idTag, after);
    if (pace.over()) yield;
  }
  for (const badge of added) {
    next.set(badge.idTag, badge);
    if (pace.over()) yield;
  }
  return next;
}

/** Badges looked at in one turn of the event loop. */
const PER_TURN = 4000;

class Pace {
  #count = 0;

  /** So many have been looked at that others are to get their turn. */
  over(): boolean {
    this.#count += 1;
    return this.#count % PER_TURN === 0;
  }
}

function allOf<R>(steps: Generator<void, R>): R {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** A change that does nothing. */
export function isEmptyChange({ added, changed, removed }: BadgeChange): boolean {
  return added.length + changed.length + removed.length === 0;
}

function isSame(a: Badge, b: Badge): boolean {
  return (
    a.type === b.type &&
    a.comment === b.comment &&
    a.parentIdTag === b.parentIdTag &&
    a.expiryDate === b.expiryDate &&
    a.blocked === b.blocked &&
    a.maxConcurrent === b.maxConcurrent &&
    isSameList(a.chargePoints, b.chargePoints) &&
    isSameList(a.connectors, b.connectors) &&
    isSameList(a.zones, b.zones)
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
