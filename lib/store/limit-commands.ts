import type { SqlStatement } from "./driver.ts";
import type { LimitCommandBook, LimitCommandRecord } from "./types.ts";

const VALUES =
  "zone, source, scope, limit_a, power_w, hold_starts, reason, received_wall_ms, refused, allocated_wall_ms, accepted_wall_ms, measured_wall_ms, load_before_w, load_after_w, ended_wall_ms, end_kind";
const OPEN = "refused IS NULL AND ended_wall_ms IS NULL";

/** The statements on the table of commands from outside. */
export const LIMIT_COMMAND_SQL = {
  addLimitCommand: `INSERT INTO limit_commands (${VALUES}) VALUES (${VALUES.replace(/\w+/g, "?")}) RETURNING id`,
  updateLimitCommand: `UPDATE limit_commands SET (${VALUES}) = (${VALUES.replace(/\w+/g, "?")}) WHERE id = ?`,
  openLimitCommands: `SELECT * FROM limit_commands WHERE ${OPEN} ORDER BY id`,
  findLimitCommands: `SELECT * FROM (SELECT * FROM limit_commands
    WHERE received_wall_ms BETWEEN ?1 AND ?2 AND (?3 IS NULL OR zone = ?3)
    ORDER BY received_wall_ms DESC, id DESC LIMIT ?4) ORDER BY received_wall_ms, id`,
  pruneLimitCommands: `DELETE FROM limit_commands WHERE NOT (${OPEN})
    AND (received_wall_ms < ? OR id <= (SELECT max(id) FROM limit_commands) - ?)`,
} as const;

type Statements = Record<keyof typeof LIMIT_COMMAND_SQL, SqlStatement>;

/**
 * The book on a database.
 * @param write runs a body in one durable transaction; @param read gives the statements; both throw when the database cannot be used
 */
export function limitCommandBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
): LimitCommandBook {
  const what = "a limit from outside";
  return {
    add: (command) =>
      write(what, (statements) => (statements.addLimitCommand.get(...valuesOf(command)) as { id: number }).id),
    update: (command) =>
      write(what, (statements) => {
        statements.updateLimitCommand.run(...valuesOf(command), command.id);
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

function valuesOf(command: Omit<LimitCommandRecord, "id">) {
  return [
    command.zone,
    command.source,
    command.scope,
    command.limitA,
    command.powerW,
    command.holdStarts ? 1 : 0,
    command.reason,
    whole(command.receivedWallMs),
    command.refused,
    whole(command.allocatedWallMs),
    whole(command.acceptedWallMs),
    whole(command.measuredWallMs),
    command.loadBeforeW,
    command.loadAfterW,
    whole(command.endedWallMs),
    command.end,
  ] as const;
}

function whole(wallMs: number | null): number | null {
  return wallMs === null ? null : Math.round(wallMs);
}

function toCommand(row: Record<string, unknown>): LimitCommandRecord {
  return {
    id: row["id"] as number,
    zone: row["zone"] as string,
    source: row["source"] as string,
    scope: row["scope"] as LimitCommandRecord["scope"],
    limitA: row["limit_a"] as number | null,
    powerW: row["power_w"] as number | null,
    holdStarts: row["hold_starts"] === 1,
    reason: row["reason"] as string,
    receivedWallMs: row["received_wall_ms"] as number,
    refused: row["refused"] as string | null,
    allocatedWallMs: row["allocated_wall_ms"] as number | null,
    acceptedWallMs: row["accepted_wall_ms"] as number | null,
    measuredWallMs: row["measured_wall_ms"] as number | null,
    loadBeforeW: row["load_before_w"] as number | null,
    loadAfterW: row["load_after_w"] as number | null,
    endedWallMs: row["ended_wall_ms"] as number | null,
    end: row["end_kind"] as LimitCommandRecord["end"],
  };
}
