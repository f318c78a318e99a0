import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import type { PossibleLimit } from "../../lib/station/limits/limit-course.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";

const MAX_A = 32;

describe("A charge point that refuses every limit for long", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  let transactionId: number;
  let admits: (limit: PossibleLimit) => boolean;

  beforeEach(async () => {
    bench = new StationBench();
    const { stations, store, clock } = bench;
    // The maximum does not fit.
    admits = ({ safeA }) => safeA < MAX_A;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null, admits: (_, limit) => admits(limit) });
    bench.stations.configure(definition({ overrides: { smart: { composite: "no" } } }));
    connection = await bench.connect();
    bench.status("Charging");
    transactionId = await bench.start();
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const ask = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  };
  const pass = async (seconds: number): Promise<void> => {
    await bench.clock.advanceAsync(seconds * 1000, 250);
  };
  const refuse = (): void => {
    connection.answer = (action) => (action === "SetChargingProfile" ? { status: "Rejected" } : { status: "Accepted" });
  };
  const take = (): void => {
    connection.answer = () => ({ status: "Accepted" });
  };
  const inWords = ({ csChargingProfiles: profile }: SetChargingProfileRequest): string => {
    const { chargingProfilePurpose: purpose, stackLevel, chargingProfileKind: kind, chargingSchedule } = profile;
    return `${kind} ${purpose} ${stackLevel}: ${chargingSchedule.chargingSchedulePeriod[0]!.limit} A`;
  };
  const written = (): string[] => connection.profiles.map(inWords);
  const book = () => bench.stations.limits;
  const mostA = (afterS: number): number => {
    const atMs = bench.clock.nowMs() + afterS * 1000;
    return book().mostAloneA("CP1", 1, MAX_A, atMs, atMs);
  };

  it("gets no form from which it does not fall back surely, and the limit in the first form once it takes it", async () => {
    refuse();
    await ask(16);
    await pass(1200);
    assert.ok(written().length > 30);
    assert.deepEqual([...new Set(written().filter((one) => one.endsWith(": 16 A")))].sort(), [
      "Absolute TxDefaultProfile 0: 16 A",
      "Absolute TxProfile 0: 16 A",
      "Absolute TxProfile 1: 16 A",
    ]);
    take();
    await pass(80);
    assert.equal(written().at(-1), "Absolute TxProfile 1: 16 A");
  });

  it("counts with its maximum as soon as it is sent a form that is not sure, where that fits", async () => {
    await ask(8);
    admits = () => true;
    connection.answer = (action) => (action === "SetChargingProfile" ? null : { status: "Accepted" });
    await ask(16);
    while (!written().at(-1)!.startsWith("Relative")) {
      assert.equal(mostA(3600), 6, written().at(-1));
      connection.calls.at(-1)!.resolve({ status: "Rejected" });
      await settle();
    }
    assert.equal(mostA(3600), MAX_A);
  });

  it("is sent no form that is not sure where the maximum fits no more by then", async () => {
    admits = () => true;
    connection.answer = (action) => (action === "SetChargingProfile" ? null : { status: "Accepted" });
    await ask(16);
    admits = ({ safeA }) => safeA < MAX_A;
    for (let tries = 0; tries < 6; tries++) {
      connection.calls.at(-1)!.resolve({ status: "Rejected" });
      await settle();
    }
    assert.ok(!written().some((one) => one.startsWith("Relative") && one.endsWith(": 16 A")), written().join("\n"));
  });

  it("counts with its maximum when it did not answer a form that is not sure", async () => {
    admits = () => true;
    connection.answer = (action, payload) => {
      if (action !== "SetChargingProfile") return { status: "Accepted" };
      const isRelative = inWords(payload as unknown as SetChargingProfileRequest).startsWith("Relative");
      return isRelative ? new EvError("EV_OCPP_TIMEOUT", "no answer") : { status: "Rejected" };
    };
    await ask(16);
    await pass(1);
    assert.equal(book().trouble("CP1", 1), "unanswered");
    assert.equal(mostA(3600), MAX_A);
  });

  it("has no limit accepted any more that was cleared to make room", async () => {
    await bench.stop(transactionId);
    await ask(0);
    await pass(2);
    assert.equal(limiter.view("CP1", 1)?.sentA, 0);
    refuse();
    await bench.start();
    await ask(16);
    await pass(2);
    assert.ok(connection.calls.some(({ action, payload }) => action === "ClearChargingProfile" && payload["id"] === 2));
    assert.equal(limiter.view("CP1", 1)?.way, null);
    assert.equal(mostA(0), 6);
  });

  it("holds its old limit, as far as is known, until the clearing of what rules above the new one is answered", async () => {
    await ask(16);
    await pass(1);
    let answersClearing = false;
    connection.answer = (action, payload) => {
      if (action === "ClearChargingProfile" && !answersClearing) return new EvError("EV_OCPP_TIMEOUT", "no answer");
      if (action !== "SetChargingProfile") return { status: "Accepted" };
      const isTransactions = inWords(payload as unknown as SetChargingProfileRequest).includes(" TxProfile ");
      return { status: isTransactions ? "Rejected" : "Accepted" };
    };
    await ask(8);
    await pass(1);
    assert.deepEqual([mostA(0), book().trouble("CP1", 1)], [16, "unanswered"]);
    answersClearing = true;
    await pass(6);
    assert.deepEqual([mostA(0), book().trouble("CP1", 1)], [8, null]);
  });
});
