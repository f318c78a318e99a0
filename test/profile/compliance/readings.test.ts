import { strict as assert } from "node:assert";
import { EvError } from "../../../lib/errors.ts";
import type { LimitResult } from "../../../lib/messages.ts";
import { askForReadings } from "../../../lib/profile/compliance/readings.ts";
import type { LimitReport } from "../../../lib/profile/types.ts";
import type { StationChange } from "../../../lib/station/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const RESULT: LimitResult = {
  requestedA: 6,
  sentA: 6,
  acceptedA: 6,
  status: "accepted",
  verified: "no",
  purpose: "TxProfile",
  stackLevel: 1,
  profileId: 2,
  leaseUntil: null,
  tries: 1,
  hint: null,
};

describe("Readings after a raised limit", () => {
  let clock: FakeClock;
  let calls: unknown[];
  let answer: () => Promise<Record<string, unknown>>;
  let report: (report: LimitReport) => void;
  let change: (change: StationChange) => void;
  let works: "yes" | "no" | "charging";
  let stop: () => void;

  beforeEach(() => {
    clock = new FakeClock();
    calls = [];
    answer = async () => ({ status: "Accepted" });
    const limiter = {
      onResult: (listener: typeof report) => {
        report = listener;
        return () => {};
      },
    };
    works = "yes";
    const station = {
      get traits() {
        return { config: { triggers: { MeterValues: works } } };
      },
      connectors: new Map([[1, { transaction: null }]]),
      call: (action: string, payload: object) => {
        calls.push([action, payload]);
        return answer();
      },
    };
    const stations = {
      get: () => station,
      onChange: (listener: typeof change) => {
        change = listener;
        return () => {};
      },
    };
    stop = askForReadings(limiter, stations as never, clock);
  });
  afterEach(() => stop());

  const accept = (acceptedA: number, more: Partial<LimitReport> = {}) =>
    report({ chargePoint: "CP1", connector: 1, zone: "main", result: { ...RESULT, acceptedA }, ...more });

  it("are asked for once the charger has followed", async () => {
    accept(6);
    await clock.advanceAsync(5000);
    assert.deepEqual(calls, []);
    await clock.advanceAsync(1000);
    assert.deepEqual(calls, [["TriggerMessage", { requestedMessage: "MeterValues", connectorId: 1 }]]);
  });

  it("are not asked for after a decrease, a renewal, a refusal, or a limit outside any zone", async () => {
    accept(16);
    await clock.advanceAsync(6000);
    calls.length = 0;
    accept(10);
    accept(10);
    accept(20, { result: { ...RESULT, status: "rejected", acceptedA: null } });
    accept(30, { zone: null });
    await clock.advanceAsync(10_000);
    assert.deepEqual(calls, []);
  });

  it("are asked for once for several steps in a row", async () => {
    for (const limitA of [6, 7, 8]) accept(limitA);
    await clock.advanceAsync(6000);
    assert.equal(calls.length, 1);
  });

  it("are not asked for any more from a charger that refuses twice, until it comes back", async () => {
    answer = async () => ({ status: "NotImplemented" });
    for (const limitA of [6, 7, 8]) {
      accept(limitA);
      await clock.advanceAsync(6000);
    }
    assert.equal(calls.length, 2);
    change({ kind: "online", chargePoint: "CP1", connector: 0 });
    accept(9);
    await clock.advanceAsync(6000);
    assert.equal(calls.length, 3);
  });

  it("are not asked for from a charger whose answers are known to be worth nothing, or that gives none without a transaction", async () => {
    for (const [i, known] of (["no", "charging"] as const).entries()) {
      works = known;
      accept(6 + i);
      await clock.advanceAsync(6000);
    }
    assert.deepEqual(calls, []);
    works = "yes";
    accept(8);
    await clock.advanceAsync(6000);
    assert.equal(calls.length, 1);
  });

  it("are asked for again where another question took the place of one", async () => {
    answer = () => Promise.reject(new EvError("EV_OCPP_SUPERSEDED", "superseded"));
    for (const limitA of [6, 7, 8]) {
      accept(limitA);
      await clock.advanceAsync(6000);
    }
    assert.equal(calls.length, 3);
  });

  it("may fail without harm", async () => {
    answer = () => Promise.reject(new Error("offline"));
    accept(6);
    await clock.advanceAsync(6000);
    assert.equal(calls.length, 1);
  });

  it("leave no timer behind", () => {
    accept(6);
    stop();
    assert.equal(clock.pending, 0);
  });
});
