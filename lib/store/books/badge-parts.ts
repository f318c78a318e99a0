/** Changes of many badges, a part at a time: one write for all of them would hold up everything else for a second. */
import type { BadgeChange } from "./badge-types.ts";

/** Badges in one part. */
const PER_PART = 400;

/** The statements on the tables of parts. `badge_change_work` holds the parts that are decided and not carried out. */
export const BADGE_PART_SQL = {
  addPart: "INSERT INTO badge_change_parts VALUES (?, ?, ?)",
  part: "SELECT detail FROM badge_change_parts WHERE change = ? AND part = ?",
  partsOf: "SELECT count(*) AS parts FROM badge_change_parts WHERE change = ?",
  dropPart: "DELETE FROM badge_change_parts WHERE change = ? AND part = ?",
  strayPart: `SELECT change, part FROM badge_change_parts
    WHERE change NOT IN (SELECT id FROM badge_changes) LIMIT 1`,
  decideParts: "INSERT INTO badge_change_work SELECT change, part, ? FROM badge_change_parts WHERE change = ?",
  nextWork: "SELECT * FROM badge_change_work ORDER BY change, part LIMIT 1",
  workOf: "SELECT count(*) AS parts FROM badge_change_work WHERE change = ?",
  workDone: "DELETE FROM badge_change_work WHERE change = ? AND part = ?",
} as const;

/** A part that was decided. */
export interface DecidedPart {
  change: number;
  part: number;
  /** The opposite of it is to be done. */
  undo: 0 | 1;
}

/** How many badges a change is about. */
export function sizeOf({ added, changed, removed }: BadgeChange): number {
  return added.length + changed.length + removed.length;
}

/** A change in parts that can be carried out one after the other: what goes makes room first. */
export function* partsOf({ added, changed, removed }: BadgeChange): Generator<BadgeChange> {
  const none: BadgeChange = { added: [], changed: [], removed: [] };
  for (let at = 0; at < removed.length; at += PER_PART) yield { ...none, removed: removed.slice(at, at + PER_PART) };
  for (let at = 0; at < changed.length; at += PER_PART) yield { ...none, changed: changed.slice(at, at + PER_PART) };
  for (let at = 0; at < added.length; at += PER_PART) yield { ...none, added: added.slice(at, at + PER_PART) };
}

/** What undoes a change. */
export function oppositeOf({ added, changed, removed }: BadgeChange): BadgeChange {
  return {
    added: removed,
    changed: changed.map(({ before, after }) => ({ before: after, after: before })),
    removed: added,
  };
}

/** Changes put together. */
export class Sum implements BadgeChange {
  readonly added: BadgeChange["added"][number][] = [];
  readonly changed: BadgeChange["changed"][number][] = [];
  readonly removed: BadgeChange["removed"][number][] = [];

  add({ added, changed, removed }: BadgeChange): void {
    this.added.push(...added);
    this.changed.push(...changed);
    this.removed.push(...removed);
  }
}
