import type { ReservationBook, ReservationRecord } from "./reservation-types.ts";
import { type Access, type StatementsOf, Table, type TableRow } from "./table.ts";

const RESERVATIONS = new Table<Omit<ReservationRecord, "id">>(
  {
    ref: "plain",
    target: "plain",
    zone: "plain",
    idTag: "plain",
    fromWallMs: "time",
    untilWallMs: "time",
    freeWallMs: "time",
    state: "plain",
    why: "plain",
    comment: "plain",
    by: "plain",
    madeWallMs: "time",
    closedWallMs: "time",
    place: "plain",
    told: "json",
  },
  { by: "by_whom" },
);

/** The statements on the table of reservations. */
export const RESERVATION_SQL = {
  addReservation: `INSERT INTO reservations (id, ${RESERVATIONS.columns}) VALUES (?, ${RESERVATIONS.marks}) RETURNING id`,
  hasReservation: "SELECT 1 FROM reservations WHERE id = ?",
  updateReservation: `UPDATE reservations SET (${RESERVATIONS.columns}) = (${RESERVATIONS.marks}) WHERE id = ?`,
  recentReservations:
    "SELECT * FROM reservations WHERE closed_wall_ms IS NULL OR closed_wall_ms >= ? OR told <> '[]' ORDER BY id",
  findReservations: `SELECT * FROM (SELECT * FROM reservations WHERE until_wall_ms >= ?1 AND from_wall_ms <= ?2
    ORDER BY from_wall_ms DESC, id DESC LIMIT ?3) ORDER BY from_wall_ms, id`,
  pruneReservations: "DELETE FROM reservations WHERE closed_wall_ms < ?",
} as const;

type Statements = StatementsOf<typeof RESERVATION_SQL>;

/** The book on a database. */
export function reservationBook({ write, read, settled }: Access<Statements>): ReservationBook {
  const what = "a reservation";
  return {
    add: ({ id, ...reservation }) =>
      write(
        what,
        (statements) => (statements.addReservation.get(id, ...RESERVATIONS.valuesOf(reservation)) as { id: number }).id,
      ),
    has: (id) => read().hasReservation.get(id) !== undefined,
    update: ({ id, ...reservation }) =>
      write(what, (statements) => {
        statements.updateReservation.run(...RESERVATIONS.valuesOf(reservation), id);
      }),
    recent: (closedSinceWallMs) => read().recentReservations.all(Math.floor(closedSinceWallMs)).map(toReservation),
    find: ({ fromWallMs, toWallMs, most }) =>
      read().findReservations.all(Math.floor(fromWallMs), Math.ceil(toWallMs), most).map(toReservation),
    prune: (beforeWallMs) =>
      write(what, (statements) => {
        statements.pruneReservations.run(Math.floor(beforeWallMs));
      }),
    settled,
  };
}

function toReservation(row: TableRow): ReservationRecord {
  return { id: row["id"] as number, ...RESERVATIONS.recordOf(row) };
}
