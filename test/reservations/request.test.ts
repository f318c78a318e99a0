import { strict as assert } from "node:assert";
import { readCancel, readRange, readReservation } from "../../lib/reservations/request.ts";

const NOW_MS = Date.parse("2026-10-24T10:00:00Z");
const MIN_MS = 60_000;

describe("A reservation as it is asked for", () => {
  const read = (payload: object) => readReservation(payload, "Europe/Berlin", NOW_MS);

  it("has a connector or a zone, a badge or a guest, and lasts two hours from now where nothing else is said", () => {
    assert.deepEqual(read({ target: "CP1/2", idTag: "04:ab" }), {
      ...{ target: "CP1/2", zone: null, idTag: "04AB", ref: null, isNow: true },
      ...{ fromWallMs: NOW_MS, untilWallMs: NOW_MS + 120 * MIN_MS, freeWallMs: NOW_MS + 120 * MIN_MS },
    });
    const { zone, idTag, target } = read({ zone: "Garage" });
    assert.deepEqual([zone, idTag, target], ["Garage", null, null]);
  });

  it("waits half an hour for whoever named a beginning, or as long as is said, but never beyond its end", () => {
    const waits = (more: object) => {
      const { fromWallMs, freeWallMs } = read({
        target: "CP1/1",
        from: "2026-10-24T16:00",
        until: "2026-10-24T18:00",
        ...more,
      });
      return (freeWallMs - fromWallMs) / MIN_MS;
    };
    assert.deepEqual([waits({}), waits({ noShowMin: 45 }), waits({ noShowMin: "600" })], [30, 45, 120]);
  });

  it("is on the clock of the place, also in the night in which that is set", () => {
    const { fromWallMs, untilWallMs } = read({ target: "CP1/1", from: "2026-10-25T01:30", until: "2026-10-25T04:30" });
    assert.equal(new Date(fromWallMs).toISOString(), "2026-10-24T23:30:00.000Z");
    assert.equal((untilWallMs - fromWallMs) / MIN_MS, 240, "an hour is there twice");
    const utc = read({ target: "CP1/1", from: "2026-10-24T23:30:00Z", until: "2026-10-25" });
    assert.equal(utc.fromWallMs, fromWallMs);
    assert.equal(new Date(utc.untilWallMs).toISOString(), "2026-10-25T23:00:00.000Z");
  });

  it("is refused by the name of the field that is wrong", () => {
    const target = "CP1/1";
    for (const [payload, field, names] of [
      [{}, "operationPlace", "payload.target"],
      [{ target, zone: "Garage" }, "operationPlace", "payload.target"],
      [{ target: "CP1" }, "operationPlace", "payload.target"],
      [{ target, from: "2026-10-24T09:00:00Z" }, "operationFrom", "payload.from"],
      [{ target, from: "soon" }, "operationFrom", "payload.from"],
      [{ target, until: "2026-10-23" }, "operationUntil", "payload.until"],
      [{ target, until: "2028-01-01" }, "operationUntil", "payload.until"],
      [{ target, from: "2026-10-24T16:00", until: "2026-10-24T15:00" }, "operationOrder", "payload.until"],
      [{ target, noShowMin: 0 }, "operationWait", "payload.noShowMin"],
      [{ target, idTag: "x".repeat(41) }, "idTag", "payload.idTag"],
    ] as const)
      assert.throws(() => read(payload), { code: "EV_MESSAGE_INVALID", field, message: new RegExp(`^${names}`) });
    assert.throws(() => readCancel({ reservation: "first" }), { field: "operationCancel" });
    assert.throws(() => readRange({ most: 0 }, "UTC", NOW_MS), { message: /^payload\.most/ });
  });

  it("is listed from today on, on the clock of the place", () => {
    const { fromWallMs, most } = readRange({}, "Europe/Berlin", NOW_MS);
    assert.deepEqual([new Date(fromWallMs).toISOString(), most], ["2026-10-23T22:00:00.000Z", 1000]);
  });
});
