import type { AuthorizationBook, AuthorizationRecord } from "./badge-types.ts";
import type { SqlStatement } from "./driver.ts";

const VALUES = "wall_ms, charge_point, connector, id_tag, badge, reason, rule, status, text, took_ms";

/** The statements on the table of answers to badges. */
export const AUTHORIZATION_SQL = {
  addAuthorization: `INSERT INTO authorizations (${VALUES}) VALUES (${VALUES.replace(/\w+/g, "?")})`,
  findAuthorizations: `SELECT * FROM (SELECT * FROM authorizations
    WHERE wall_ms BETWEEN ?1 AND ?2 AND (?3 IS NULL OR upper(id_tag) = ?3 OR badge = ?3)
    AND (?4 IS NULL OR charge_point = ?4) AND (?5 IS NULL OR status = ?5)
    ORDER BY wall_ms DESC, id DESC LIMIT ?6) ORDER BY wall_ms, id`,
  pruneAuthorizations: "DELETE FROM authorizations WHERE wall_ms < ? OR id <= (SELECT max(id) FROM authorizations) - ?",
} as const;

type Statements = Record<keyof typeof AUTHORIZATION_SQL, SqlStatement>;

/**
 * The book on a database.
 * @param write runs a body in one durable transaction; @param read gives the statements; both throw when the database cannot be used
 */
export function authorizationBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
): AuthorizationBook {
  const what = "answers to badges";
  return {
    add: (records) =>
      write(what, (statements) => {
        for (const record of records) statements.addAuthorization.run(...valuesOf(record));
      }),
    find: ({ idTag, chargePoint, status, fromWallMs, toWallMs, most }) => {
      const times = [Math.floor(fromWallMs), Math.ceil(toWallMs)] as const;
      return read()
        .findAuthorizations.all(...times, idTag, chargePoint, status, most)
        .map(toRecord);
    },
    prune: (beforeWallMs, most) =>
      write(what, (statements) => {
        statements.pruneAuthorizations.run(Math.floor(beforeWallMs), most);
      }),
  };
}

function valuesOf(record: Omit<AuthorizationRecord, "id">) {
  const { wallMs, chargePoint, connector, idTag, badge, reason, rule, status, text, tookMs } = record;
  return [Math.round(wallMs), chargePoint, connector, idTag, badge, reason, rule, status, text, tookMs] as const;
}

function toRecord(row: Record<string, unknown>): AuthorizationRecord {
  return {
    id: row["id"] as number,
    wallMs: row["wall_ms"] as number,
    chargePoint: row["charge_point"] as string,
    connector: row["connector"] as number,
    idTag: row["id_tag"] as string,
    badge: row["badge"] as string | null,
    reason: row["reason"] as string,
    rule: row["rule"] as string,
    status: row["status"] as string,
    text: row["text"] as string,
    tookMs: row["took_ms"] as number,
  };
}
