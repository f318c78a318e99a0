import type { NewSession, SessionRecord } from "./session-types.ts";
import type { StatementsOf } from "./table.ts";

/** What a session is charged for: when one of these changes after its end, what was told of it before has to be put right. */
const FIGURES = [
  "startedWallMs",
  "endedWallMs",
  "energyWh",
  "meterStartWh",
  "meterStopWh",
  "idTag",
  "user",
] as const satisfies readonly (keyof SessionRecord)[];

/** The statements on the table of corrections. Its numbers are those of the counter that closed sessions take theirs from. */
export const CORRECTION_SQL = {
  addCorrection:
    "INSERT INTO session_corrections (number, session, closed_number, wall_ms, was) VALUES (?, ?, ?, ?, ?)",
  corrections: `SELECT session, closed_number AS closedNumber, was FROM session_corrections
    WHERE number > ?1 AND number <= ?2 AND closed_number <= ?1 ORDER BY number`,
  nextCorrectionOf: "SELECT was FROM session_corrections WHERE session = ? AND number > ? ORDER BY number LIMIT 1",
  lastCorrectionBefore: "SELECT ifnull(max(number), 0) AS last FROM session_corrections WHERE wall_ms < ?",
  pruneCorrections: "DELETE FROM session_corrections WHERE session NOT IN (SELECT id FROM sessions)",
} as const;

type Statements = StatementsOf<typeof CORRECTION_SQL>;

/** Whether a session that has ended is to be charged otherwise than before. */
export function isCorrection(before: SessionRecord, after: NewSession): boolean {
  if (before.closedNumber === null || before.endedWallMs === null || after.endedWallMs === null) return false;
  return FIGURES.some((field) => before[field] !== after[field]);
}

/** Keeps what was told of a session until now. @param number the next of the counter */
export function keepCorrection(statements: Statements, before: SessionRecord, number: number, wallMs: number): void {
  const { id, closedNumber } = before;
  statements.addCorrection.run(number, id, closedNumber, Math.round(wallMs), JSON.stringify(before));
}

/** A session as it was told up to a number of the counter: what came later is not in it. */
export function asToldUpTo(statements: Statements, record: SessionRecord, upTo: number): SessionRecord {
  const later = statements.nextCorrectionOf.get(record.id, upTo) as { was: string } | undefined;
  return later ? (JSON.parse(later.was) as SessionRecord) : record;
}

/** Sessions told up to `after` that were put right since, up to `upTo`, as they had been told; each once. */
export function toldOtherwise(statements: Statements, after: number, upTo: number): SessionRecord[] {
  const first = new Map<string, SessionRecord>();
  for (const row of statements.corrections.all(after, upTo)) {
    const { session, was } = row as { session: string; was: string };
    if (!first.has(session)) first.set(session, JSON.parse(was) as SessionRecord);
  }
  return [...first.values()];
}
