import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS, migrate } from "../../lib/store/disk/schema.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { olderSql } from "../drills/older-site.ts";
import { FakeClock } from "../fake-clock.ts";

const STARTED_MS = Date.parse("2026-06-01T11:59:00Z");
const LAST_ID = 2_000_000_000;

/** Schema version from which on ids of transactions are text. */
const TEXT_IDS = 12;

/** What every release has written. @param versions schema version of its database */
const records = (versions: number): string => `
  INSERT INTO transactions VALUES (${LAST_ID}, 'CP1', 1, 'TAG', ${STARTED_MS}, 1000, 'Accepted', NULL, NULL, NULL
    ${versions < TEXT_IDS ? "" : `, '${LAST_ID}'`});
  UPDATE counters SET last = ${LAST_ID} WHERE name = 'transactionId';
  INSERT INTO limits VALUES ('CP1', 1, 16, 6, ${STARTED_MS + 180_000}, 1);
  INSERT INTO documents VALUES ('station/CP1', '{"vendor":"Maker"}');
`;

/** Tables and indexes as SQL, in whatever way they came about. */
function schemaOf(database: DatabaseSync): string[] {
  const rows = database.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").all();
  return rows.map(({ sql }) => String(sql).replaceAll(/\s+/g, " ")).sort();
}

function fresh(versions = MIGRATIONS.length): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  migrate(database, MIGRATIONS.slice(0, versions));
  return database;
}

describe("A database of an older release", () => {
  let folder: string;
  let path: string;
  const clock = new FakeClock();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ev-migrations-"));
    path = join(folder, "site.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** @param versions schema version that it has */
  const leave = (versions: number, records: string): void => {
    const database = new DatabaseSync(path);
    migrate(database, MIGRATIONS.slice(0, versions));
    database.exec(records);
    database.close();
  };
  const schemaNow = (): string[] => {
    const database = new DatabaseSync(path, { readOnly: true });
    const schema = schemaOf(database);
    database.close();
    return schema;
  };

  for (let version = 1; version <= MIGRATIONS.length; version++) {
    it(`of schema version ${version} keeps its records and becomes as a new one`, () => {
      leave(version, records(version));
      const store = openStore(path, { clock });
      assert.equal(store.failure, null);
      const [open] = store.openTransactions("CP1");
      assert.deepEqual(
        [open?.transactionId, open?.startedWallMs, open?.meterStartWh],
        [`${LAST_ID}`, STARTED_MS, 1000],
      );
      assert.deepEqual(store.limits(), [
        {
          chargePoint: "CP1",
          connector: 1,
          acceptedA: 16,
          safeA: 6,
          leaseUntilWallMs: STARTED_MS + 180_000,
          baselineAccepted: true,
        },
      ]);
      assert.deepEqual(store.document("station/CP1"), { vendor: "Maker" });
      const start = { chargePoint: "CP1", connector: 1, idTag: "B", startedWallMs: STARTED_MS + 1, meterStartWh: 0 };
      assert.equal(store.startTransaction({ ...start, idTagStatus: "Accepted" }).transactionId, `${LAST_ID + 1}`);
      store.close();
      assert.deepEqual(schemaNow(), schemaOf(fresh()));
    });
  }

  it("with numbers as ids of transactions has them as text: of sessions, of their corrections and of unknown stops, too", () => {
    const session = `INSERT INTO sessions (id, charge_point, connector, transaction_id, started_wall_ms, seen_wall_ms,
      ended_wall_ms, charging_s, waiting_s, idle_s, limited_s, flags)`;
    leave(
      TEXT_IDS - 1,
      `${records(TEXT_IDS - 1)}
      ${session} VALUES ('a', 'CP1', 1, 1795251824, 1, 2, 3, 0, 0, 0, 0, 'corrected');
      ${session} VALUES ('b', 'CP1', 1, NULL, 1, 2, 3, 0, 0, 0, 0, 'noTransaction');
      ${session} VALUES ('gone', 'CP1', 1, -3, 1, 2, 3, 0, 0, 0, 0, 'foreignTransaction');
      DELETE FROM sessions WHERE id = 'gone';
      UPDATE sessions SET closed_number = number;
      INSERT INTO session_corrections VALUES (7, 'a', 1, 4, '{"id":"a","transactionId":1795251824,"energyWh":1}');
      INSERT INTO stray_stops VALUES ('CP1', -3, 5, NULL, 'Local');`,
    );
    const store = openStore(path, { clock });
    assert.equal(store.sessions.byTransaction("CP1", "1795251824")?.record.id, "a");
    const [first, second, ...others] = store.sessions.closedPage(0, 9, 9);
    assert.deepEqual([first?.transactionId, second?.transactionId, others], ["1795251824", null, []]);
    assert.equal(store.sessions.corrections(1, 9)[0]?.was.transactionId, "1795251824");
    const { number: _number, closedNumber: _closed, ...another } = second!;
    assert.equal(store.sessions.add({ ...another, id: "c" }).number, 4, "no number is given twice");
    const stop = {
      chargePoint: "CP1",
      transactionId: `${LAST_ID}`,
      stoppedWallMs: 6,
      meterStopWh: 1,
      stopReason: "Local",
    };
    assert.equal(store.stopTransaction(stop)?.stopReason, "Local");
    assert.equal(store.stopTransaction({ ...stop, transactionId: "-3", stoppedWallMs: 5 }), null);
    store.close();
    const database = new DatabaseSync(path, { readOnly: true });
    assert.deepEqual(
      database
        .prepare("SELECT transaction_id AS id FROM stray_stops")
        .all()
        .map(({ id }) => id),
      ["-3"],
    );
    database.close();
  });

  it("as one was left by a release with schema version 2 is what the first two migrations make", () => {
    const left = new DatabaseSync(":memory:");
    left.exec(olderSql("schema-2", STARTED_MS));
    assert.deepEqual(schemaOf(left), schemaOf(fresh(2)));
    migrate(left);
    assert.deepEqual(schemaOf(left), schemaOf(fresh()));
    assert.equal(left.prepare("SELECT count(*) AS n FROM transactions").get()!["n"], 4);
  });

  it("that cannot be brought up to date stays as it was", () => {
    leave(1, records(1));
    const before = schemaNow();
    const database = new DatabaseSync(path);
    assert.throws(() => migrate(database, [MIGRATIONS[0]!, "CREATE TABLE a (b INTEGER) STRICT; CREATE NONSENSE"]));
    database.close();
    assert.deepEqual(schemaNow(), before);
  });
});
