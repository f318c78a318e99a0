import { type Access, type StatementsOf, Table } from "./table.ts";

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

const KEYS = new Table<StationKeyRecord>({
  chargePoint: "plain",
  accepted: "plain",
  pending: "texts",
  replaced: "plain",
  changedWallMs: "time",
});

/** The statements on the table of passwords. */
export const STATION_KEY_SQL = {
  findStationKey: "SELECT * FROM station_keys WHERE charge_point = ?",
  stationKeys: "SELECT charge_point FROM station_keys",
  putStationKey: `INSERT OR REPLACE INTO station_keys (${KEYS.columns}) VALUES (${KEYS.marks})`,
  removeStationKey: "DELETE FROM station_keys WHERE charge_point = ?",
} as const;

type Statements = StatementsOf<typeof STATION_KEY_SQL>;

/** The book on a database. */
export function stationKeyBook({ write, read, settled }: Access<Statements>): StationKeyBook {
  const what = "a charge point's password";
  return {
    settled,
    find(chargePoint) {
      const row = read().findStationKey.get(chargePoint);
      return row ? KEYS.recordOf(row) : null;
    },
    chargePoints: () =>
      read()
        .stationKeys.all()
        .map((row) => (row as { charge_point: string }).charge_point),
    put: (record) =>
      write(what, (statements) => {
        statements.putStationKey.run(...KEYS.valuesOf(record));
      }),
    remove: (chargePoint) =>
      write(what, (statements) => {
        statements.removeStationKey.run(chargePoint);
      }),
  };
}
