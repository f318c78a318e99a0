import { BADGE_PART_SQL, type DecidedPart, oppositeOf, partsOf, Sum } from "./badge-parts.ts";
import type { Badge, BadgeBook, BadgeChange, BadgeChangeRecord } from "./badge-types.ts";
import type { Access, StatementsOf, TableRow } from "./table.ts";

/** So many changes can be undone, the newest first. */
const MOST_CHANGES = 50;

const COLUMNS = `id_tag, type, comment, parent_id_tag, expires_wall_ms, blocked, charge_points, connectors, zones, max_concurrent,
  expires_day`;

/** The statements on the tables of badges. */
export const BADGE_SQL = {
  ...BADGE_PART_SQL,
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

/** `2027-12-31`; a time is longer. */
const DAY_LENGTH = 10;

type Statements = StatementsOf<typeof BADGE_SQL>;

/** The book on a database. */
export function badgeBook(access: Access<Statements>): BadgeBook {
  const { read, settled } = access;
  const book = new Book(access);
  return {
    settled,
    all: () => book.all(),
    version: () => (read().badgeVersion.get() as { last: number }).last,
    apply: (change) => book.apply(change),
    lastChange: () => {
      const row = read().lastBadgeChange.get();
      return row ? toChange(row) : null;
    },
    undo: () => book.undo(),
    applyInParts: (change) => book.applyInParts(change),
    undoInParts: () => book.undoInParts(),
    lastInParts: () => {
      const row = read().lastBadgeChange.get();
      return row !== undefined && partsIn(read(), row["id"] as number) > 0;
    },
  };
}

class Book {
  readonly #write: <T>(body: (statements: Statements) => T) => T;
  readonly #read: () => Statements;

  constructor({ write, read }: Access<Statements>) {
    this.#write = (body) => write("the list of badges", body);
    this.#read = read;
  }

  all(): Badge[] {
    this.#finish();
    return this.#read().badges.all().map(toBadge);
  }

  apply(change: Omit<BadgeChangeRecord, "id">): BadgeChangeRecord {
    this.#finish();
    return this.#write((statements) => {
      carryOut(statements, change);
      const id = nextVersion(statements);
      note(statements, id, change, change);
      statements.pruneBadgeChanges.run();
      return { ...change, id };
    });
  }

  undo(): BadgeChangeRecord | null {
    this.#finish();
    return this.#write((statements) => {
      const row = statements.lastBadgeChange.get();
      if (!row) return null;
      const change = toChange(row);
      statements.removeBadgeChange.run(change.id);
      const opposite = oppositeOf(change);
      carryOut(statements, opposite);
      return { ...change, ...opposite, id: nextVersion(statements) };
    });
  }

  *applyInParts(change: Omit<BadgeChangeRecord, "id">): Generator<void, BadgeChangeRecord> {
    this.#finish();
    yield* this.#dropStrays();
    const id = this.#write(nextVersion);
    let part = 0;
    for (const some of partsOf(change)) {
      this.#write((statements) => statements.addPart.run(id, part++, JSON.stringify(some)));
      yield;
    }
    // From here on it is decided.
    this.#write((statements) => {
      note(statements, id, change, new Sum());
      statements.decideParts.run(0, id);
    });
    yield* this.#work();
    this.#write((statements) => statements.pruneBadgeChanges.run());
    yield* this.#dropStrays();
    return { ...change, id };
  }

  *undoInParts(): Generator<void, BadgeChangeRecord | null> {
    this.#finish();
    const row = this.#read().lastBadgeChange.get();
    if (!row) return null;
    const change = toChange(row);
    const parts = partsIn(this.#read(), change.id);
    const done = new Sum();
    for (let part = 0; part < parts; part++) {
      const { detail } = this.#read().part.get(change.id, part) as { detail: string };
      done.add(oppositeOf(readDetail(detail)));
      yield;
    }
    const id = this.#write((statements) => {
      statements.decideParts.run(1, change.id);
      return nextVersion(statements);
    });
    yield* this.#work();
    yield* this.#dropStrays();
    return { ...change, ...done, id };
  }

  /** What was decided before the process ended, or the disk failed. */
  #finish(): void {
    for (const _step of this.#work());
  }

  *#work(): Generator<void> {
    for (;;) {
      const work = this.#read().nextWork.get() as unknown as DecidedPart | undefined;
      if (!work) return;
      this.#write((statements) => carryOutPart(statements, work));
      yield;
    }
  }

  /** Parts of changes that were not decided, are undone, or too old to be undone. */
  *#dropStrays(): Generator<void> {
    for (;;) {
      const stray = this.#read().strayPart.get() as unknown as Omit<DecidedPart, "undo"> | undefined;
      if (!stray) return;
      this.#write((statements) => statements.dropPart.run(stray.change, stray.part));
      yield;
    }
  }
}

function carryOutPart(statements: Statements, { change, part, undo }: DecidedPart): void {
  const { detail } = statements.part.get(change, part) as { detail: string };
  const some = readDetail(detail);
  carryOut(statements, undo ? oppositeOf(some) : some);
  statements.workDone.run(change, part);
  const { parts: left } = statements.workOf.get(change) as { parts: number };
  if (undo && left === 0) statements.removeBadgeChange.run(change);
}

function partsIn(statements: Statements, change: number): number {
  return (statements.partsOf.get(change) as { parts: number }).parts;
}

function note(
  statements: Statements,
  id: number,
  { changedWallMs, what, by }: Omit<BadgeChangeRecord, "id">,
  { added, changed, removed }: BadgeChange,
): void {
  statements.addBadgeChange.run(id, Math.round(changedWallMs), what, by, JSON.stringify({ added, changed, removed }));
}

function carryOut(statements: Statements, { added, changed, removed }: BadgeChange): void {
  for (const { idTag } of removed) statements.removeBadge.run(idTag);
  for (const { before } of changed) statements.removeBadge.run(before.idTag);
  for (const badge of [...added, ...changed.map(({ after }) => after)]) statements.saveBadge.run(...valuesOf(badge));
}

function nextVersion(statements: Statements): number {
  return (statements.nextBadgeVersion.get() as { last: number }).last;
}

function valuesOf(badge: Badge) {
  const day = badge.expiryDate?.length === DAY_LENGTH ? badge.expiryDate : null;
  return [
    badge.idTag,
    badge.type,
    badge.comment,
    badge.parentIdTag,
    day === null && badge.expiryDate !== null ? Date.parse(badge.expiryDate) : null,
    badge.blocked ? 1 : 0,
    JSON.stringify(badge.chargePoints),
    JSON.stringify(badge.connectors),
    JSON.stringify(badge.zones),
    badge.maxConcurrent,
    day,
  ] as const;
}

function toBadge(row: TableRow): Badge {
  const expiresWallMs = row["expires_wall_ms"] as number | null;
  return {
    idTag: row["id_tag"] as string,
    type: row["type"] as Badge["type"],
    comment: row["comment"] as string,
    parentIdTag: row["parent_id_tag"] as string | null,
    expiryDate: (row["expires_day"] as string | null) ?? timeOf(expiresWallMs),
    blocked: row["blocked"] === 1,
    chargePoints: JSON.parse(row["charge_points"] as string) as string[],
    connectors: JSON.parse(row["connectors"] as string) as string[],
    zones: JSON.parse(row["zones"] as string) as string[],
    maxConcurrent: row["max_concurrent"] as number | null,
  };
}

function toChange(row: TableRow): BadgeChangeRecord {
  return {
    id: row["id"] as number,
    changedWallMs: row["changed_wall_ms"] as number,
    what: row["what"] as string,
    by: row["by_whom"] as string,
    ...readDetail(row["detail"] as string),
  };
}

/** A change as it was noted; earlier releases noted the moment at which a badge ended, whatever was given. */
function readDetail(detail: string): BadgeChange {
  return JSON.parse(detail, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || !("expiresWallMs" in value)) return value;
    const { expiresWallMs, ...badge } = value;
    return { ...badge, expiryDate: timeOf(expiresWallMs as number | null) };
  }) as BadgeChange;
}

function timeOf(wallMs: number | null): string | null {
  return wallMs === null ? null : new Date(wallMs).toISOString();
}
