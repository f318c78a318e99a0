import type { LimitCommandBook, LimitCommandRecord } from "../types.ts";
import { type Access, type StatementsOf, Table, type TableRow } from "./table.ts";

const COMMANDS = new Table<Omit<LimitCommandRecord, "id">>(
  {
    zone: "plain",
    source: "plain",
    scope: "plain",
    limitA: "plain",
    powerW: "plain",
    holdStarts: "flag",
    reason: "plain",
    receivedWallMs: "time",
    refused: "plain",
    allocatedWallMs: "time",
    acceptedWallMs: "time",
    measuredWallMs: "time",
    loadBeforeW: "plain",
    loadAfterW: "plain",
    endedWallMs: "time",
    end: "plain",
  },
  { end: "end_kind" },
);
const OPEN = "refused IS NULL AND ended_wall_ms IS NULL";

/** The statements on the table of commands from outside. */
export const LIMIT_COMMAND_SQL = {
  addLimitCommand: `INSERT INTO limit_commands (${COMMANDS.columns}) VALUES (${COMMANDS.marks}) RETURNING id`,
  updateLimitCommand: `UPDATE limit_commands SET (${COMMANDS.columns}) = (${COMMANDS.marks}) WHERE id = ?`,
  openLimitCommands: `SELECT * FROM limit_commands WHERE ${OPEN} ORDER BY id`,
  findLimitCommands: `SELECT * FROM (SELECT * FROM limit_commands
    WHERE received_wall_ms BETWEEN ?1 AND ?2 AND (?3 IS NULL OR zone = ?3)
    ORDER BY received_wall_ms DESC, id DESC LIMIT ?4) ORDER BY received_wall_ms, id`,
  pruneLimitCommands: `DELETE FROM limit_commands WHERE NOT (${OPEN})
    AND (received_wall_ms < ? OR id <= (SELECT max(id) FROM limit_commands) - ?)`,
} as const;

type Statements = StatementsOf<typeof LIMIT_COMMAND_SQL>;

/** The book on a database. */
export function limitCommandBook({ write, read }: Access<Statements>): LimitCommandBook {
  const what = "a limit from outside";
  return {
    add: (command) =>
      write(what, (statements) => (statements.addLimitCommand.get(...COMMANDS.valuesOf(command)) as { id: number }).id),
    update: (command) =>
      write(what, (statements) => {
        statements.updateLimitCommand.run(...COMMANDS.valuesOf(command), command.id);
      }),
    open: () => read().openLimitCommands.all().map(toCommand),
    find: ({ zone, fromWallMs, toWallMs, most }) =>
      read().findLimitCommands.all(Math.floor(fromWallMs), Math.ceil(toWallMs), zone, most).map(toCommand),
    prune: (beforeWallMs, most) =>
      write(what, (statements) => {
        statements.pruneLimitCommands.run(Math.floor(beforeWallMs), most);
      }),
  };
}

function toCommand(row: TableRow): LimitCommandRecord {
  return { id: row["id"] as number, ...COMMANDS.recordOf(row) };
}
