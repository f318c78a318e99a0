import type { StatementSync } from "node:sqlite";
import type { Badge, BadgeBook, BadgeChange, BadgeChangeRecord } from "./badge-types.ts";

/** So many changes can be undone, the newest first. */
const MOST_CHANGES = 50;

const COLUMNS =
  "id_tag, type, comment, parent_id_tag, expires_wall_ms, blocked, charge_points, connectors, zones, max_concurrent";

/** The statements on the tables of badges. */
export const BADGE_SQL = {
  badges: `SELECT ${COLUMNS} FROM badges ORDER BY id_tag`,
  saveBadge: `INSERT OR REPLACE INTO badges (${COLUMNS}) VALUES (${COLUMNS.replace(/\w+/g, "?")})`,
  removeBadge: "DELETE FROM badges WHERE id_tag = ?",
  badgeVersion: "SELECT last FROM counters WHERE name = 'badgeList'",
  nextBadgeVersion: "UPDATE counters SET last = last + 1 WHERE name = 'badgeList' RETURNING last",
  addBadgeChange: "INSERT INTO badge_changes VALUES (?, ?, ?, ?, ?)",
  lastBadgeChange: "SELECT * FROM badge_changes ORDER BY id DESC LIMIT 1",
  removeBadgeChange: "DELETE FROM badge_changes WHERE id = ?",
  pruneBadgeChanges: `DELETE FROM badge_changes WHERE id NOT IN
    (SELECT id FROM badge_changes ORDER BY id DESC LIMIT ${MOST_CHANGES})`,
} as const;

type Statements = Record<keyof typeof BADGE_SQL, StatementSync>;

/**
 * The book on a database.
 * @param write runs a body in one durable transaction; @param read gives the statements; both throw when the database cannot be used
 */
export function badgeBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
): BadgeBook {
  const what = "the list of badges";
  return {
    all: () => read().badges.all().map(toBadge),
    version: () => (read().badgeVersion.get() as { last: number }).last,
    apply: (change) =>
      write(what, (statements) => {
        const id = carryOut(statements, change);
        const { changedWallMs, what: kind, by, added, changed, removed } = change;
        const detail = JSON.stringify({ added, changed, removed });
        statements.addBadgeChange.run(id, Math.round(changedWallMs), kind, by, detail);
        statements.pruneBadgeChanges.run();
        return { ...change, id };
      }),
    lastChange: () => {
      const row = read().lastBadgeChange.get();
      return row ? toChange(row) : null;
    },
    undo: () =>
      write(what, (statements) => {
        const row = statements.lastBadgeChange.get();
        if (!row) return null;
        const change = toChange(row);
        statements.removeBadgeChange.run(change.id);
        const { added, changed, removed } = change;
        const swapped = changed.map(({ before, after }) => ({ before: after, after: before }));
        const opposite = { ...change, added: removed, changed: swapped, removed: added };
        return { ...opposite, id: carryOut(statements, opposite) };
      }),
  };
}

/** @returns the list's new version */
function carryOut(statements: Statements, { added, changed, removed }: BadgeChange): number {
  for (const { idTag } of removed) statements.removeBadge.run(idTag);
  for (const { before } of changed) statements.removeBadge.run(before.idTag);
  for (const badge of [...added, ...changed.map(({ after }) => after)]) statements.saveBadge.run(...valuesOf(badge));
  return (statements.nextBadgeVersion.get() as { last: number }).last;
}

function valuesOf(badge: Badge) {
  return [
    badge.idTag,
    badge.type,
    badge.comment,
    badge.parentIdTag,
    badge.expiresWallMs === null ? null : Math.round(badge.expiresWallMs),
    badge.blocked ? 1 : 0,
    JSON.stringify(badge.chargePoints),
    JSON.stringify(badge.connectors),
    JSON.stringify(badge.zones),
    badge.maxConcurrent,
  ] as const;
}

function toBadge(row: Record<string, unknown>): Badge {
  return {
    idTag: row["id_tag"] as string,
    type: row["type"] as Badge["type"],
    comment: row["comment"] as string,
    parentIdTag: row["parent_id_tag"] as string | null,
    expiresWallMs: row["expires_wall_ms"] as number | null,
    blocked: row["blocked"] === 1,
    chargePoints: JSON.parse(row["charge_points"] as string) as string[],
    connectors: JSON.parse(row["connectors"] as string) as string[],
    zones: JSON.parse(row["zones"] as string) as string[],
    maxConcurrent: row["max_concurrent"] as number | null,
  };
}

function toChange(row: Record<string, unknown>): BadgeChangeRecord {
  return {
    id: row["id"] as number,
    changedWallMs: row["changed_wall_ms"] as number,
    what: row["what"] as string,
    by: row["by_whom"] as string,
    ...(JSON.parse(row["detail"] as string) as BadgeChange),
  };
}
