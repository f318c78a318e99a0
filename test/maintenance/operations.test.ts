import { strict as assert } from "node:assert";
import { readOperation } from "../../lib/maintenance/operation-request.ts";
import { Operations } from "../../lib/maintenance/operations.ts";
import type { Reservations } from "../../lib/reservations/reservations.ts";
import { ShownNames } from "../../lib/shown-names.ts";
import { siteReservations } from "../../lib/site/site-reservations.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import type { JsonValue } from "../../lib/units.ts";
import { ObeyBench } from "../profile/obey-bench.ts";
import { authorizerOf } from "../reservations/authorizer-of.ts";

const HOUR_MS = 3_600_000;

describe("An operation with an end", () => {
  let bench: ObeyBench;
  let store: Store;
  let operations: Operations;
  let notes: string[];
  let reservations: Reservations;
  const kept = new Map<string, JsonValue>();

  const open = (): Operations => {
    const { clock, control } = bench;
    reservations = siteReservations({
      ...{ store, clock, stations: control.stations, tree: () => null, timeZone: () => "UTC", changed: () => {} },
      authorizer: authorizerOf(store, clock),
    });
    return new Operations({
      site: "site",
      stations: bench.control.stations,
      clock: bench.clock,
      store: { document: (key) => kept.get(key), saveDocument: (key, value) => void kept.set(key, value) },
      names: new ShownNames(
        () => [],
        () => null,
      ),
      language: () => "en-US",
      timeZone: () => "UTC",
      send: ({ station, action, payload }) => station.call(action, payload),
      badges: () => [],
      owner: () => "",
      admitGuests: () => Promise.resolve(),
      note: (what) => notes.push(what),
      reservations,
      zones: () => [],
    });
  };
  const close = (): void => {
    operations.close();
    reservations.close();
  };
  const ask = (name: "outOfService" | "reserve", payload: object) =>
    operations.ask(name, { target: "CP1/1", ...payload }, "Ana", () => {});
  const inOneHour = () => new Date(bench.clock.wallMs() + HOUR_MS).toISOString();

  beforeEach(async () => {
    kept.clear();
    notes = [];
    bench = new ObeyBench({ plugged: false });
    store = openStore(":memory:", { clock: bench.clock });
    operations = open();
    await bench.pass(40);
  });
  afterEach(async () => {
    close();
    store.close();
    await bench.close();
  });

  it("is over by itself, also after a restart, and stands in the log", async () => {
    await ask("outOfService", { until: inOneHour(), reason: "new cable" });
    const { isOut, by, reason } = operations.view().rows[0]!;
    assert.deepEqual([isOut, by, reason], [true, "Ana", "new cable"]);
    close();
    operations = open();
    await bench.pass(HOUR_MS / 1000 - 60);
    assert.equal(operations.view().rows[0]!.isOut, true);
    await bench.pass(120);
    assert.equal(operations.view().rows[0]!.isOut, false);
    assert.deepEqual(notes, ["intoService CP1/1: its time was over"]);
  });

  it("waits for a charge point that is away when it should end", async () => {
    await ask("outOfService", { until: inOneHour() });
    await bench.away(HOUR_MS / 1000 + 60);
    await bench.pass(60);
    assert.equal(operations.view().rows[0]!.isOut, false);
  });

  it("of a reservation is forgotten with the reservation", async () => {
    await ask("reserve", { idTag: "04AB", until: inOneHour() });
    assert.equal(operations.view().rows[0]!.reservation?.who, "04AB");
    await bench.pass(HOUR_MS / 1000 + 30);
    assert.equal(operations.view().rows[0]!.reservation, null);
  });

  it("of a reservation that an earlier release made comes into the book, under the number that the charger knows", async () => {
    close();
    const until = bench.clock.wallMs() + HOUR_MS;
    kept.set("operations", { outages: {}, reservations: { "CP1/1": { id: 3, idTag: "04AB", untilWallMs: until } } });
    operations = open();
    assert.equal(operations.view().rows[0]!.reservation?.who, "04AB");
    await bench.pass(60);
    assert.deepEqual(
      bench.calls.filter(({ action }) => action === "ReserveNow").map(({ payload }) => payload),
      [{ connectorId: 1, expiryDate: new Date(until).toISOString(), idTag: "04AB", reservationId: 3 }],
    );
    assert.deepEqual(kept.get("operations"), { outages: {} });
  });

  it("may be a day of the place, which is meant whole, or a time of it", () => {
    const nowMs = Date.parse("2026-06-01T10:00:00Z");
    const until = (text: string) =>
      readOperation("outOfService", { target: "CP1/1", until: text }, "Europe/Berlin", nowMs).untilWallMs;
    assert.equal(until("2026-06-05"), Date.parse("2026-06-05T22:00:00Z"));
    assert.equal(until("2026-06-05T18:30"), Date.parse("2026-06-05T16:30:00Z"));
    assert.equal(until(""), null);
    for (const wrong of ["2026-05-31", "2028-01-01", "Friday"])
      assert.throws(() => until(wrong), { code: "EV_MESSAGE_INVALID", field: "operationUntil" });
  });
});
