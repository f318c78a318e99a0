import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantIn, takeOver } from "../../lib/backup/take-over.ts";
import type { ReservationRecord } from "../../lib/store/books/reservation-types.ts";
import type { NewSession } from "../../lib/store/books/session-types.ts";
import { LimitJournal } from "../../lib/store/journal/limit-journal.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store, TransactionStart } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";

const START: TransactionStart = {
  chargePoint: "CP1",
  connector: 1,
  idTag: "04A1",
  startedWallMs: Date.parse("2026-06-01T12:00:00Z"),
  meterStartWh: 0,
  idTagStatus: "Accepted",
};
const LIMIT = { connector: 1, acceptedA: 10, safeA: 6, leaseUntilWallMs: null, baselineAccepted: true };
const RESERVATION: Omit<ReservationRecord, "id"> & { id: null } = {
  ...{ id: null, ref: null, target: "CP1/1", zone: null, idTag: "04A1", comment: "", by: "Ana", why: null },
  ...{ fromWallMs: 2e12, untilWallMs: 2e12 + 9000, freeWallMs: 2e12 + 9000, state: "held", madeWallMs: 1 },
  ...{ closedWallMs: null, place: "CP1/1", told: ["CP1/1"] },
};
const ALL = { zone: null, fromWallMs: 0, toWallMs: 8.64e15, most: 100 };

describe("Taking the records of a folder over into another", () => {
  let folder: string;
  const path = (...names: string[]) => join(folder, ...names);

  /** Writes into the database of a folder. */
  function within<T>(name: string, work: (store: Store) => T): T {
    const store = openStore(path(name, "ev-charging.sqlite"), { clock: new FakeClock() });
    try {
      return work(store);
    } finally {
      store.close();
    }
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-take-over-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("brings reservations along, and gives a new number to one whose number is another one's there", () => {
    within("old", ({ reservations }) => {
      reservations.add(RESERVATION);
      reservations.add({ ...RESERVATION, target: "CP2/1", place: "CP2/1", told: ["CP2/1"], madeWallMs: 2 });
    });
    within("new", ({ reservations }) => reservations.add({ ...RESERVATION, idTag: "04B2", madeWallMs: 3 }));
    takeOver(path("old"), path("new"));
    within("new", ({ reservations }) =>
      assert.deepEqual(
        reservations.recent(0).map(({ id, idTag, target, state, told }) => [id, idTag, target, state, told.length]),
        [
          [100001, "04B2", "CP1/1", "held", 1],
          [100002, "04A1", "CP2/1", "held", 1],
          [100003, "04A1", "CP1/1", "booked", 0],
        ],
      ),
    );
  });

  it("brings all of them into a folder that has none, and keeps the old one under another name", () => {
    const { transactionId } = within("old", (store) => {
      store.saveLimit({ chargePoint: "CP1", ...LIMIT });
      store.saveDocument("station/CP1", { learnt: 1 });
      return store.startTransaction(START);
    });
    mkdirSync(path("old", "files", "received"), { recursive: true });
    writeFileSync(path("old", "files", "received", "log"), "all is well");
    assert.equal(takeOver(path("old"), path("new")), path("old-taken-over"));
    within("new", (store) => {
      assert.equal(store.openTransactions("CP1")[0]?.transactionId, transactionId);
      assert.equal(store.limits()[0]?.acceptedA, 10);
      assert.deepEqual(store.document("station/CP1"), { learnt: 1 });
    });
    assert.equal(readFileSync(path("new", "files", "received", "log"), "utf8"), "all is well");
    assert.equal(existsSync(path("old")), false);
    assert.equal(existsSync(path("old-taken-over", "ev-charging.sqlite")), true);
  });

  it("joins them with what is there, and loses no transaction whose number both have given", () => {
    const old = within("old", (store) => [
      store.startTransaction(START).transactionId,
      store.startTransaction({ ...START, connector: 2 }).transactionId,
    ]);
    const own = within("new", (store) => store.startTransaction({ ...START, chargePoint: "CP2" }).transactionId);
    assert.equal(old[0], own, "the same number");
    takeOver(path("old"), path("new"));
    within("new", (store) => {
      const open = (name: string) => store.openTransactions(name).map(({ transactionId }) => transactionId);
      assert.deepEqual(open("CP1").sort(), old);
      assert.deepEqual(open("CP2"), [own]);
      const next = store.startTransaction({ ...START, connector: 3 }).transactionId;
      assert.ok(Number(next) > Math.max(...old.map(Number)) + 1, `${next} is a number of its own`);
    });
  });

  it("brings the limits that a killed process has left in the journal", () => {
    within("old", (store) => {
      store.saveLimit({ chargePoint: "CP1", ...LIMIT });
      const journal = new LimitJournal(store, path("old", "ev-charging.sqlite"), new FakeClock());
      journal.saveLimit({ chargePoint: "CP1", ...LIMIT, acceptedA: 16 });
      journal.saveDocument("dlm/main/commanded", { away: [] });
    });
    takeOver(path("old"), path("new"));
    within("new", (store) => {
      assert.deepEqual([store.limits()[0]?.acceptedA, store.document("dlm/main/commanded")], [16, { away: [] }]);
    });
  });

  it("believes neither of two limits in force of one connector", () => {
    within("old", (store) => {
      store.saveLimit({ chargePoint: "CP1", ...LIMIT });
      store.saveLimit({ chargePoint: "CP2", ...LIMIT });
    });
    within("new", (store) => store.saveLimit({ chargePoint: "CP1", ...LIMIT, acceptedA: 16 }));
    takeOver(path("old"), path("new"));
    assert.deepEqual(
      within("new", (store) => store.limits().map(({ chargePoint }) => chargePoint)),
      ["CP2"],
    );
  });

  it("takes the last valid tree over where the other one has no zone", () => {
    const tree = { voltageV: 230, zones: [{ nodeId: "z" }], connectors: [{ chargePoint: "CP1" }] };
    within("old", (store) => store.saveDocument("plant/tree", tree));
    within("new", (store) => store.saveDocument("plant/tree", { voltageV: 230, zones: [], connectors: [] }));
    assert.deepEqual(plantIn(path("old")), { zones: ["z"], chargePoints: ["CP1"] });
    takeOver(path("old"), path("new"));
    assert.deepEqual(
      within("new", (store) => store.document("plant/tree")),
      tree,
    );
  });

  it("sends no session twice: what reports have sent moves along", () => {
    const session = (id: string): NewSession => ({
      id,
      chargePoint: "CP1",
      connector: 1,
      zone: null,
      transactionId: id,
      idTag: null,
      user: null,
      comment: null,
      startedWallMs: Number(id),
      endedWallMs: null,
      seenWallMs: Number(id),
      meterStartWh: null,
      meterStopWh: null,
      energyWh: null,
      energySource: null,
      meterKind: null,
      pvShare: null,
      chargingS: 0,
      waitingS: 0,
      idleS: 0,
      limitedS: 0,
      chargeType: null,
      socketType: null,
      stopReason: null,
      flags: [],
    });
    const close = (store: Store, id: string) => {
      const record = store.sessions.add(session(id));
      store.sessions.save([{ record: { ...record, endedWallMs: Number(id) + 1 }, memory: null }]);
    };
    within("old", (store) => {
      for (const id of ["1", "2", "3"]) close(store, id);
      store.reports.saveDestination("mail", { mark: 2, dueWallMs: 5, acknowledges: false });
    });
    within("new", (store) => {
      for (const id of ["7", "8"]) close(store, id);
      store.reports.saveDestination("told", { mark: 2, dueWallMs: 5, acknowledges: false });
      store.reports.saveDestination("late", { mark: 1, dueWallMs: 5, acknowledges: false });
    });
    takeOver(path("old"), path("new"));
    within("new", (store) => {
      const mark = (key: string) => store.reports.destination(key)?.mark;
      assert.deepEqual([mark("mail"), mark("told"), mark("late")], [4, 5, 1]);
    });
  });

  it("goes on where a process ended between records and folder, and writes nothing twice", () => {
    within("old", (store) =>
      store.limitCommands.add({
        zone: "z",
        source: "s",
        scope: "total",
        limitA: 1,
        powerW: null,
        holdStarts: false,
        reason: "",
        receivedWallMs: 1,
        refused: null,
        allocatedWallMs: null,
        acceptedWallMs: null,
        measuredWallMs: null,
        loadBeforeW: null,
        loadAfterW: null,
        endedWallMs: 2,
        end: "released",
      }),
    );
    takeOver(path("old"), path("new"));
    // As if the folder had kept its name.
    rmSync(path("old"), { recursive: true, force: true });
    const again = takeOver(path("old-taken-over"), path("new"));
    assert.equal(again, path("old-taken-over-taken-over"));
    assert.equal(
      within("new", (store) => store.limitCommands.find(ALL).length),
      1,
    );
  });

  it("leaves everything as it is when the old database is damaged", () => {
    mkdirSync(path("old"));
    writeFileSync(path("old", "ev-charging.sqlite"), "this is no database, whatever its name says".repeat(200));
    assert.throws(() => takeOver(path("old"), path("new")));
    assert.equal(existsSync(path("old", "ev-charging.sqlite")), true);
  });
});
