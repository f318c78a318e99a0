import type { SqlStatement } from "./driver.ts";

/** Passwords that were given to a charge point over OCPP, as salted hashes. */
export interface StationKeyRecord {
  /** Identity in lower case. */
  chargePoint: string;
  /** The one in force; null = the configured password still is. */
  accepted: string | null;
  /** Those sent of which it is not known whether the charge point took them, oldest first. */
  pending: readonly string[];
  /** Hash of the charge point's own configured password at that time; null = it had none. */
  replaced: string | null;
  changedWallMs: number;
}

/** The passwords given to charge points. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface StationKeyBook {
  find(chargePoint: string): StationKeyRecord | null;
  /** Identities of all records. */
  chargePoints(): string[];
  put(record: StationKeyRecord): void;
  remove(chargePoint: string): void;
  /** Resolves when all that was written until now is durable. @throws EvError EV_STORE_WRITE: it may not be */
  settled(): Promise<void>;
}

/** The statements on the table of passwords. */
export const STATION_KEY_SQL = {
  findStationKey: "SELECT * FROM station_keys WHERE charge_point = ?",
  stationKeys: "SELECT charge_point FROM station_keys",
  putStationKey: `INSERT OR REPLACE INTO station_keys (charge_point, accepted, pending, replaced, changed_wall_ms)
    VALUES (?, ?, ?, ?, ?)`,
  removeStationKey: "DELETE FROM station_keys WHERE charge_point = ?",
} as const;

type Statements = Record<keyof typeof STATION_KEY_SQL, SqlStatement>;

/**
 * The book on a database.
 * @param write runs a body in one transaction; @param read gives the statements; both throw when the database cannot be used
 * @param settled resolves when what was written is durable
 */
export function stationKeyBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
  settled: () => Promise<void>,
): StationKeyBook {
  const what = "a charge point's password";
  return {
    settled,
    find(chargePoint) {
      const row = read().findStationKey.get(chargePoint) as Record<string, unknown> | undefined;
      return row ? toRecord(row) : null;
    },
    chargePoints: () =>
      read()
        .stationKeys.all()
        .map((row) => (row as { charge_point: string }).charge_point),
    put: ({ chargePoint, accepted, pending, replaced, changedWallMs }) =>
      write(what, (statements) => {
        statements.putStationKey.run(chargePoint, accepted, pending.join(" "), replaced, Math.round(changedWallMs));
      }),
    remove: (chargePoint) =>
      write(what, (statements) => {
        statements.removeStationKey.run(chargePoint);
      }),
  };
}

function toRecord(row: Record<string, unknown>): StationKeyRecord {
  return {
    chargePoint: row["charge_point"] as string,
    accepted: row["accepted"] as string | null,
    pending: (row["pending"] as string).split(" ").filter((hash) => hash !== ""),
    replaced: row["replaced"] as string | null,
    changedWallMs: row["changed_wall_ms"] as number,
  };
}
