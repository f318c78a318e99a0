/** A person's name taken out of all records of a site. What was charged stays. */
import { randomBytes } from "node:crypto";
import { literalPattern } from "../../literal-pattern.ts";
import type { BadgeChange } from "./badge-types.ts";
import type { Access, StatementsOf, TableRow } from "./table.ts";

/** Whose name goes. */
export interface ErasureOrder {
  /** As it stands in the list of badges, whatever the letter case. */
  name: string;
  /** The numbers of the person's badges are replaced in charges that have ended, too. */
  pseudonyms: boolean;
}

/** What was found, or erased. */
export interface Erased {
  /** Numbers of the badges that were in the list. */
  badges: string[];
  /** Numbers that charges of the person began with. */
  idTags: string[];
  sessions: number;
  /** Other lines: answers to badges, the log, alarms, corrections. */
  entries: number;
}

/** Takes a person's name out. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface ErasureBook {
  /** Counts what would be erased. */
  find(order: ErasureOrder): Erased;
  /** Erases it: the badges leave the list, and nothing brings them back. */
  erase(order: ErasureOrder): Erased;
}

/** Stands where the name was within a sentence. */
export const ERASED = "(erased)";

/** Columns with words of people, in which a name may stand among others. */
const WORDS = {
  audit: { key: ["id"], columns: ["user", "by_whom", "what", "reason"] },
  alarms: { key: ["id"], columns: ["text", "action", "acknowledged"] },
  limit_commands: { key: ["id"], columns: ["reason"] },
  badge_changes: { key: ["id"], columns: ["what", "by_whom"] },
  upstream_books: { key: ["back_end", "session"], columns: ["reason"] },
  sessions: { key: ["number"], columns: ["comment"] },
  reservations: { key: ["id"], columns: ["comment", "by_whom", "ref"] },
} as const;

type Worded = keyof typeof WORDS;

const mentioning = (columns: readonly string[]): string =>
  columns.map((column) => `${column} LIKE ?1 ESCAPE '!'`).join(" OR ");
const wordsOf = (table: Worded): string => {
  const { key, columns } = WORDS[table];
  return `SELECT ${[...key, ...columns].join(", ")} FROM ${table} WHERE ${mentioning(columns)}`;
};
const setWords = (table: Worded): string => {
  const { key, columns } = WORDS[table];
  const is = (names: readonly string[]) => names.map((name) => `${name} = ?`);
  return `UPDATE ${table} SET ${is(columns).join(", ")} WHERE ${is(key).join(" AND ")}`;
};

/** The statements of an erasure. `LIKE` finds more than is meant; what is meant is looked at afterwards. */
export const ERASURE_SQL = {
  holderBadges: "SELECT id_tag AS idTag FROM badges WHERE folded(trim(comment)) = ?",
  holderNames: `SELECT comment AS name FROM badges WHERE comment LIKE ?1 ESCAPE '!'
    UNION SELECT user_name FROM sessions WHERE user_name LIKE ?1 ESCAPE '!'`,
  dropBadge: "DELETE FROM badges WHERE id_tag = ?",
  holderSessions: `SELECT id, number, charge_point, transaction_id, id_tag, user_name, comment, ended_wall_ms FROM sessions
    WHERE user_name LIKE ?1 ESCAPE '!' OR comment LIKE ?1 ESCAPE '!' OR id_tag IN (SELECT value FROM json_each(?2))`,
  nameless: `UPDATE sessions SET user_name = NULL, comment = iif(folded(trim(comment)) = ?2, NULL, comment) WHERE number = ?1`,
  otherTag: "UPDATE sessions SET id_tag = ? WHERE number = ?",
  otherTransactionTag: `UPDATE transactions SET id_tag = ?1
    WHERE charge_point = ?2 AND transaction_id = ?3 AND stopped_wall_ms IS NOT NULL`,
  reportedBooks: `SELECT back_end, session, start, stop FROM upstream_books WHERE session = ? AND state = 'reported'
    AND stop IS NOT NULL AND NOT EXISTS (SELECT 1 FROM upstream_queue WHERE upstream_queue.back_end = upstream_books.back_end
      AND upstream_queue.session = upstream_books.session)`,
  saveBook: "UPDATE upstream_books SET start = ?, stop = ? WHERE back_end = ? AND session = ?",
  heldCorrections: "SELECT number, session, was FROM session_corrections",
  saveCorrection: "UPDATE session_corrections SET was = ? WHERE number = ?",
  answersAbout: `SELECT id, text, badge IN (SELECT value FROM json_each(?2)) OR upper(id_tag) IN (SELECT value FROM json_each(?2)) AS theirs
    FROM authorizations WHERE badge IN (SELECT value FROM json_each(?2))
    OR upper(id_tag) IN (SELECT value FROM json_each(?2)) OR text LIKE ?1 ESCAPE '!'`,
  dropAnswer: "DELETE FROM authorizations WHERE id = ?",
  changeDetails: "SELECT id, detail FROM badge_changes",
  saveChangeDetail: "UPDATE badge_changes SET detail = ? WHERE id = ?",
  dropChange: "DELETE FROM badge_changes WHERE id = ? AND id NOT IN (SELECT change FROM badge_change_parts)",
  partDetails: "SELECT change, part, detail FROM badge_change_parts",
  savePartDetail: "UPDATE badge_change_parts SET detail = ? WHERE change = ? AND part = ?",
  restoreItems: "SELECT part, items FROM restore_parts",
  saveRestoreItems: "UPDATE restore_parts SET items = ? WHERE part = ?",
  auditWords: wordsOf("audit"),
  alarmsWords: wordsOf("alarms"),
  limit_commandsWords: wordsOf("limit_commands"),
  badge_changesWords: wordsOf("badge_changes"),
  upstream_booksWords: wordsOf("upstream_books"),
  sessionsWords: wordsOf("sessions"),
  reservationsWords: wordsOf("reservations"),
  auditSet: setWords("audit"),
  alarmsSet: setWords("alarms"),
  limit_commandsSet: setWords("limit_commands"),
  badge_changesSet: setWords("badge_changes"),
  upstream_booksSet: setWords("upstream_books"),
  sessionsSet: setWords("sessions"),
  reservationsSet: setWords("reservations"),
  bumpBadgeList: "UPDATE counters SET last = last + 1 WHERE name = 'badgeList'",
} as const;

type Statements = StatementsOf<typeof ERASURE_SQL>;

/** The book on a database. */
export function erasureBook({ write, read }: Access<Statements>): ErasureBook {
  return {
    find: (order) => new Erasure(read(), order).found(),
    erase: (order) => write("erasing a holder", (statements) => new Erasure(statements, order).done()),
  };
}

/** A text as it is compared: whatever the letter case. */
export const foldedName = (text: string): string => text.trim().normalize("NFC").toLowerCase();

interface HolderSession {
  id: string;
  number: number;
  chargePoint: string;
  transactionId: string | null;
  idTag: string | null;
  isOver: boolean;
}

class Erasure {
  readonly #statements: Statements;
  readonly #name: string;
  readonly #pseudonyms: boolean;
  /** For `LIKE`, which knows the letter case of A to Z only: any other letter stands for each. */
  readonly #pattern: string;
  readonly #badges: string[];
  readonly #sessions: HolderSession[];
  readonly #idTags: Set<string>;
  readonly #words: RegExp;

  constructor(statements: Statements, { name, pseudonyms }: ErasureOrder) {
    this.#statements = statements;
    this.#name = foldedName(name);
    this.#pseudonyms = pseudonyms;
    const like = this.#name.replace(/[!%_]/g, "!$&").replace(/[^\p{ASCII}]/gu, "_");
    this.#pattern = `%${like}%`;
    this.#badges = statements.holderBadges.all(this.#name).map((row) => String(row["idTag"]));
    this.#sessions = this.#ofHolder();
    const shown = this.#sessions.flatMap(({ idTag }) => (idTag === null ? [] : [idTag]));
    this.#idTags = new Set([...this.#badges, ...shown]);
    const names = statements.holderNames.all(this.#pattern).map((row) => String(row["name"]).trim());
    this.#words = mentionOf(
      this.#name,
      names.filter((one) => foldedName(one) !== this.#name),
    );
  }

  found(): Erased {
    const worded = (Object.keys(WORDS) as Worded[]).flatMap((table) => this.#mentions(table));
    return this.#told(this.#answers().length + worded.length);
  }

  done(): Erased {
    const statements = this.#statements;
    const answers = this.#answers();
    for (const id of answers) statements.dropAnswer.run(id);
    let entries = answers.length;
    for (const idTag of this.#badges) statements.dropBadge.run(idTag);
    if (this.#badges.length > 0) statements.bumpBadgeList.run();
    const pseudonyms = new Map([...this.#idTags].map((idTag) => [idTag, `erased-${randomBytes(4).toString("hex")}`]));
    for (const session of this.#sessions) {
      statements.nameless.run(session.number, this.#name);
      const other = session.idTag === null ? undefined : pseudonyms.get(session.idTag);
      if (this.#pseudonyms && other !== undefined && session.isOver) this.#hide(session, other);
    }
    entries += this.#correct(pseudonyms) + this.#forgetChanges();
    for (const table of Object.keys(WORDS) as Worded[]) {
      for (const values of this.#mentions(table)) {
        statements[`${table}Set`].run(...(values as string[]));
        entries += 1;
      }
    }
    return this.#told(entries);
  }

  #told(entries: number): Erased {
    return { badges: this.#badges, idTags: [...this.#idTags], sessions: this.#sessions.length, entries };
  }

  /** Answers to the person's badges, and those that name the person. */
  #answers(): number[] {
    const tags = JSON.stringify([...this.#idTags].map((idTag) => idTag.toUpperCase()));
    const rows = this.#statements.answersAbout.all(this.#pattern, tags);
    const about = rows.filter(({ text, theirs }) => theirs === 1 || this.#without(String(text)) !== text);
    return about.map(({ id }) => id as number);
  }

  /** Those in the person's name, and those of the person's badges that stand in nobody's name. */
  #ofHolder(): HolderSession[] {
    const rows = this.#statements.holderSessions.all(this.#pattern, JSON.stringify(this.#badges));
    const isTheirs = ({ user_name: user, comment }: TableRow): boolean =>
      user === null ? comment === null || this.#isName(comment) : this.#isName(user);
    return rows.filter(isTheirs).map((row) => ({
      id: row["id"] as string,
      number: row["number"] as number,
      chargePoint: row["charge_point"] as string,
      transactionId: row["transaction_id"] as string | null,
      idTag: row["id_tag"] as string | null,
      isOver: row["ended_wall_ms"] !== null,
    }));
  }

  #isName(value: unknown): boolean {
    return typeof value === "string" && foldedName(value) === this.#name;
  }

  /** What waits for a back end keeps its number: the charge is billed by it. */
  #hide({ id, number, chargePoint, transactionId }: HolderSession, other: string): void {
    const statements = this.#statements;
    statements.otherTag.run(other, number);
    if (transactionId !== null) statements.otherTransactionTag.run(other, chargePoint, transactionId);
    const shown = (json: unknown): string => JSON.stringify({ ...(JSON.parse(String(json)) as object), idTag: other });
    for (const row of statements.reportedBooks.all(id)) {
      const { back_end: backEnd, session, start, stop } = row as Record<string, string>;
      statements.saveBook.run(shown(start), shown(stop), backEnd!, session!);
    }
  }

  /** What was told of sessions before they were put right. */
  #correct(pseudonyms: ReadonlyMap<string, string>): number {
    const theirs = new Set(this.#sessions.map(({ id }) => id));
    let count = 0;
    for (const row of this.#statements.heldCorrections.all()) {
      const was = JSON.parse(row["was"] as string) as Record<string, unknown>;
      const isTheirs = theirs.has(row["session"] as string);
      if (!isTheirs && !this.#isName(was["user"]) && !this.#isName(was["comment"])) continue;
      const other = this.#pseudonyms && isTheirs ? pseudonyms.get(String(was["idTag"])) : undefined;
      const comment = typeof was["comment"] === "string" ? this.#without(was["comment"]) : null;
      const now = { ...was, user: null, comment: comment === ERASED ? null : comment, ...(other && { idTag: other }) };
      this.#statements.saveCorrection.run(JSON.stringify(now), row["number"] as number);
      count += 1;
    }
    return count;
  }

  /** What the list could be brought back to. */
  #forgetChanges(): number {
    const statements = this.#statements;
    let count = 0;
    for (const row of statements.changeDetails.all()) {
      const { detail, isEmpty } = this.#changeWithout(row["detail"] as string);
      if (detail === row["detail"]) continue;
      count += 1;
      statements.saveChangeDetail.run(detail, row["id"] as number);
      if (isEmpty) statements.dropChange.run(row["id"] as number);
    }
    for (const row of statements.partDetails.all()) {
      const { detail } = this.#changeWithout(row["detail"] as string);
      if (detail !== row["detail"])
        statements.savePartDetail.run(detail, row["change"] as number, row["part"] as number);
    }
    for (const row of statements.restoreItems.all()) {
      const items = JSON.parse(row["items"] as string) as unknown[];
      const kept = items.filter((item) => !this.#isTheirBadge(item)).map((item) => this.#itemWithout(item));
      statements.saveRestoreItems.run(JSON.stringify(kept), row["part"] as number);
    }
    return count;
  }

  #changeWithout(detail: string): { detail: string; isEmpty: boolean } {
    const { added, changed, removed } = JSON.parse(detail) as BadgeChange;
    const others = {
      added: added.filter((badge) => !this.#isTheirBadge(badge)),
      changed: changed.filter(({ before, after }) => !this.#isTheirBadge(before) && !this.#isTheirBadge(after)),
      removed: removed.filter((badge) => !this.#isTheirBadge(badge)),
    };
    const gone = added.length + changed.length + removed.length;
    const left = others.added.length + others.changed.length + others.removed.length;
    return { detail: left === gone ? detail : JSON.stringify(others), isEmpty: left === 0 };
  }

  #isTheirBadge(item: unknown): boolean {
    const { idTag, comment, chargePoint } = (item ?? {}) as Record<string, unknown>;
    if (chargePoint !== undefined) return false;
    return this.#isName(comment) || (typeof idTag === "string" && this.#badges.includes(idTag));
  }

  /** A session of a backup. */
  #itemWithout(item: unknown): unknown {
    const { user, comment } = (item ?? {}) as Record<string, unknown>;
    if (!this.#isName(user) && !this.#isName(comment)) return item;
    return { ...(item as object), user: null, comment: null };
  }

  /** The rows of a table with the name in them, as they are written without it. */
  #mentions(table: Worded): unknown[][] {
    const { key, columns } = WORDS[table];
    return this.#statements[`${table}Words`].all(this.#pattern).flatMap((row) => {
      const before = columns.map((column) => row[column]);
      const after = before.map((value) => (typeof value === "string" ? this.#without(value) : value));
      const isSame = after.every((value, index) => value === before[index]);
      return isSame ? [] : [[...after, ...key.map((column) => row[column])]];
    });
  }

  #without(text: string): string {
    return text.replace(this.#words, (found, other: string | undefined) => (other === undefined ? ERASED : found));
  }
}

/** The name as a word of its own; what belongs to a longer name of somebody else is its first group. */
function mentionOf(name: string, others: readonly string[]): RegExp {
  const escaped = (text: string): string => literalPattern(text).replace(/\s+/g, "\\s+");
  const longer = others.filter(Boolean).sort((a, b) => b.length - a.length);
  const kept = longer.length > 0 ? longer.map(escaped).join("|") : "(?!)";
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:(${kept})|${escaped(name)})(?![\\p{L}\\p{N}])`, "giu");
}
