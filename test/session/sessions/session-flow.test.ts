import { strict as assert } from "node:assert";
import { tellSessions } from "../../../lib/session/sessions/session-flow.ts";
import { SessionBench } from "../bench.ts";

describe("sessions of chargers without OCPP", () => {
  let bench: SessionBench;
  beforeEach(() => {
    bench = new SessionBench();
  });
  afterEach(() => bench.close());

  const tell = (topic: string, payload: unknown) =>
    tellSessions(bench.sessions, { topic, payload }, "root", (id) => id === "WALLBOX", bench.moment);
  const charge = (minutes: number, change: object = {}) => {
    for (let minute = 0; minute < minutes; minute++) {
      tell("connector/WALLBOX/1", { state: "charging", measuredA: [10, 10, 10], ...change });
      bench.clock.advance(60_000);
    }
  };

  it("have their energy from the current where nothing better is told", () => {
    charge(60);
    tell("connector/WALLBOX/1", { state: "available", measuredA: [0, 0, 0] });
    const [record] = bench.records();
    assert.deepEqual(
      [record?.energySource, record?.meterKind, record?.chargeType, record?.stopReason, record?.chargingS],
      ["power", "computed", "3-phase", "EVDisconnected", 3600],
    );
    assert.ok(Math.abs(record!.energyWh! - 6900) < 100, `${record!.energyWh} Wh`);
  });

  it("count what the flow counts, and say whose they are", () => {
    charge(1, { energyWh: 0, user: "Anna", idTag: "04AB", comment: "guest" });
    charge(30, { energyWh: 1500 });
    tell("connector/WALLBOX/1", { state: "idle", measuredA: [0, 0, 0], energyWh: 3000 });
    tell("connector/WALLBOX/1", { state: "available" });
    const [record] = bench.records();
    assert.deepEqual(
      [record?.energyWh, record?.energySource, record?.user, record?.idTag, record?.comment],
      [3000, "register", "Anna", "04AB", "guest"],
    );
  });

  it("are none for a car that only waits, nor for a charger that speaks OCPP itself", () => {
    tell("connector/WALLBOX/1", { state: "waiting" });
    tell("connector/CP1/1", { state: "charging", measuredA: [10] });
    bench.clock.advance(60_000);
    assert.equal(bench.records().length, 0);
  });

  it("know their part of the sun from the surplus message", () => {
    tell("surplus", { surplusW: 500, gridW: -500 });
    charge(1);
    for (let minute = 0; minute < 5; minute++) {
      tell("surplus", { surplusW: 500, gridW: -500 });
      charge(1);
    }
    tell("connector/WALLBOX/1", { state: "available" });
    assert.equal(bench.records()[0]?.pvShare, 1);
  });

  it("pass over messages that are none of theirs", () => {
    for (const message of [{ topic: "limit/root" }, { topic: 7 }, { topic: "connector/WALLBOX", payload: {} }, {}]) {
      tellSessions(bench.sessions, message, "root", () => true, bench.moment);
    }
    assert.equal(bench.records().length, 0);
  });
});
