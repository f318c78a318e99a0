import type { AuthorizationBook, AuthorizationRecord } from "./badge-types.ts";
import { type Access, type StatementsOf, Table, type TableRow } from "./table.ts";

const ANSWERS = new Table<Omit<AuthorizationRecord, "id">>({
  wallMs: "time",
  chargePoint: "plain",
  connector: "plain",
  idTag: "plain",
  badge: "plain",
  reason: "plain",
  rule: "plain",
  status: "plain",
  text: "plain",
  tookMs: "plain",
});

/** The statements on the table of answers to badges. */
export const AUTHORIZATION_SQL = {
  addAuthorization: `INSERT INTO authorizations (${ANSWERS.columns}) VALUES (${ANSWERS.marks})`,
  findAuthorizations: `SELECT * FROM (SELECT * FROM authorizations
    WHERE wall_ms BETWEEN ?1 AND ?2 AND (?3 IS NULL OR upper(id_tag) = ?3 OR badge = ?3)
    AND (?4 IS NULL OR charge_point = ?4) AND (?5 IS NULL OR status = ?5)
    ORDER BY wall_ms DESC, id DESC LIMIT ?6) ORDER BY wall_ms, id`,
  pruneAuthorizations: "DELETE FROM authorizations WHERE wall_ms < ? OR id <= (SELECT max(id) FROM authorizations) - ?",
} as const;

type Statements = StatementsOf<typeof AUTHORIZATION_SQL>;

/** The book on a database. */
export function authorizationBook({ write, read }: Access<Statements>): AuthorizationBook {
  const what = "answers to badges";
  return {
    add: (records) =>
      write(what, (statements) => {
        for (const record of records) statements.addAuthorization.run(...ANSWERS.valuesOf(record));
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

function toRecord(row: TableRow): AuthorizationRecord {
  return { id: row["id"] as number, ...ANSWERS.recordOf(row) };
}
