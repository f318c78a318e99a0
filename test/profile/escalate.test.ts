import { strict as assert } from "node:assert";
import type { LimitResult } from "../../lib/messages.ts";
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { worded } from "../../lib/profile/result.ts";
import type { TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import { hintText } from "../../lib/words/sentence.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";

const limitOf = (profile: SetChargingProfileRequest | undefined): number | undefined =>
  profile?.csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit;
const wayOf = ({ csChargingProfiles: { chargingProfilePurpose, stackLevel } }: SetChargingProfileRequest): string =>
  `${chargingProfilePurpose}@${stackLevel}`;

describe("A limit that was accepted", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  let results: LimitResult[];

  beforeEach(() => {
    bench = new StationBench();
    results = [];
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null });
    limiter.onResult(({ result }) => results.push(worded(result, "en-US")));
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const connect = async (smart: TraitPatch["smart"] = { composite: "no" }): Promise<void> => {
    bench.stations.configure(definition({ overrides: { smart } }));
    connection = await bench.connect();
    bench.status("Charging");
    await bench.start();
    await settle();
  };

  const ask = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  };

  /** Time passes while the charger reports each second what it draws. */
  const draw = async (seconds: number, drawA: () => number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      bench.meter(drawA());
      await bench.clock.advanceAsync(1000, 250);
    }
    await settle();
  };

  /** Those of the transaction, without what holds its outlet. */
  const ofTransaction = (): SetChargingProfileRequest[] =>
    limits().filter(({ csChargingProfiles }) => csChargingProfiles.chargingProfilePurpose === "TxProfile");
  const limits = (): SetChargingProfileRequest[] =>
    connection.profiles.filter(
      ({ csChargingProfiles }) => csChargingProfiles.chargingSchedule.chargingSchedulePeriod.length > 1,
    );
  const facts = () => bench.station.facts(bench.clock.nowMs())[0]!;
  const clears = (): unknown[] => connection.calls.filter(({ action }) => action === "ClearChargingProfile");
  const last = (): LimitResult => results.at(-1)!;

  describe("and is not obeyed", () => {
    it("is sent again, then in other ways, then after clearing all that is ours; in the end its draw is reserved", async () => {
      await connect();
      await ask(10);
      const cleared = clears().length;
      await draw(44, () => 16);
      assert.deepEqual(limits().map(wayOf), ["TxProfile@1"]);
      await draw(70, () => 16);
      assert.deepEqual(limits().map(wayOf).slice(0, 5), [
        "TxProfile@1",
        "TxProfile@1",
        "TxProfile@0",
        "TxDefaultProfile@0",
        "TxProfile@1",
      ]);
      assert.ok(clears().length > cleared);
      assert.deepEqual([facts().trouble, facts().reservedA], ["nonCompliant", 16]);
      assert.match(hintText("en-US", facts().hint ?? ""), /control by an external system/);
      assert.equal(limiter.view("CP1", 1)?.trouble, "nonCompliant");
      assert.deepEqual([last().status, last().verified, last().acceptedA], ["uncontrollable", "no", 10]);
      assert.match(last().hint ?? "", /control by an external system/);
    });

    it("is allocated again a minute after it is obeyed, and not before", async () => {
      await connect();
      await ask(10);
      await draw(120, () => 16);
      assert.equal(facts().trouble, "nonCompliant");
      await draw(55, () => 9.8);
      assert.equal(facts().trouble, "nonCompliant");
      await draw(10, () => 9.8);
      assert.equal(facts().trouble, null);
      assert.equal(facts().reservedA, null);
      assert.deepEqual([last().status, last().verified], ["accepted", "measured"]);
    });

    it("is left alone in the way that helped, which is remembered", async () => {
      await connect();
      await ask(10);
      const works = (): boolean => limits().at(-1)!.csChargingProfiles.chargingProfilePurpose === "TxDefaultProfile";
      await draw(200, () => (works() ? 9.9 : 16));
      assert.equal(facts().trouble, null);
      assert.deepEqual(bench.station.traits.smart.purposes[0], "TxDefaultProfile");
      assert.match(bench.station.learntFacts.values["smart.purposes"]?.how ?? "", /ignored TxProfile/);
      await ask(8);
      assert.deepEqual([wayOf(limits().at(-1)!), last().tries], ["TxDefaultProfile@0", 1]);
    });

    it("is found out as quickly with a charger that reports seldom: in doubt it is asked", async () => {
      await connect();
      connection.answer = (action, payload) => {
        if (action === "TriggerMessage" && payload["requestedMessage"] === "MeterValues")
          setImmediate(() => bench.meter(16));
        return { status: "Accepted" };
      };
      await ask(10);
      await bench.clock.advanceAsync(20_000, 250);
      bench.meter(16);
      await bench.clock.advanceAsync(120_000, 250);
      assert.equal(facts().trouble, "nonCompliant");
      const asked = connection.calls.filter(({ payload }) => payload["requestedMessage"] === "MeterValues").length;
      assert.ok(asked <= 8, `asked ${asked} times`);
    });

    it("at 0 A by a charger that goes on at its minimum: it is taken for one that cannot pause", async () => {
      await connect();
      await ask(0);
      await draw(120, () => 6);
      assert.equal(bench.station.traits.smart.zero, "min");
      assert.equal(facts().trouble, "zero");
      assert.equal(facts().reservedA, 6);
      assert.equal(limitOf(limits().at(-1)), 6);
    });
  });

  describe("is verified by its composite schedule", () => {
    const composite = (...limitsA: number[]) => ({
      status: "Accepted",
      chargingSchedule: {
        chargingRateUnit: "A",
        chargingSchedulePeriod: limitsA.map((limit, i) => ({ startPeriod: i * 178, limit })),
      },
    });
    const answerWith = (answer: Record<string, unknown> | Error): void => {
      connection.answer = (action) => (action === "GetCompositeSchedule" ? answer : { status: "Accepted" });
    };
    const asked = (): unknown[] =>
      connection.calls.filter(({ action }) => action === "GetCompositeSchedule").map(({ payload }) => payload);
    const pass = async (seconds: number): Promise<void> => {
      await bench.clock.advanceAsync(seconds * 1000, 250);
      await settle();
    };

    it("2 s after its first use and every 15 min, on the connector, two minutes beyond the lease", async () => {
      await connect({});
      answerWith(composite(10, 6));
      await ask(10);
      await pass(1.5);
      assert.deepEqual(asked(), []);
      await pass(1);
      assert.deepEqual(asked(), [{ connectorId: 1, duration: 300, chargingRateUnit: "A" }]);
      assert.equal(last().verified, "composite");
      assert.equal(last().status, "accepted");
      await ask(9);
      await pass(896);
      assert.equal(asked().length, 1);
      await pass(5);
      assert.equal(asked().length, 2);
    });

    it("after a restart of the charge point, too", async () => {
      await connect({});
      answerWith(composite(10, 6));
      await ask(10);
      await pass(3);
      bench.boot();
      await bench.ready();
      await pass(4);
      assert.equal(asked().length, 2);
    });

    it("and sent again, then in another way, while that shows something else", async () => {
      await connect({});
      answerWith(composite(32));
      await ask(10);
      await pass(20);
      assert.deepEqual(limits().map(wayOf).slice(0, 3), ["TxProfile@1", "TxProfile@1", "TxProfile@0"]);
      assert.equal(last().verified, "no");
      assert.equal(facts().trouble, "nonCompliant", "nothing is measured: this is all there is to go by");
      assert.equal(facts().reservedA, 32);
      assert.match(hintText("en-US", facts().hint ?? ""), /shows 32 A at a limit of 10 A/);
    });

    it("which is not believed against what the car draws", async () => {
      await connect({});
      answerWith(composite(10, 6));
      await ask(10);
      await draw(15, () => 9.9);
      assert.equal(last().verified, "measured");
      answerWith(composite(32));
      await draw(900, () => 9.9);
      assert.equal(facts().trouble, null);
      assert.equal(bench.station.traits.smart.composite, "no");
    });

    it("which says that the maximum is to be reserved when the limit does not end as it should", async () => {
      await connect({});
      answerWith(composite(10, 32));
      await ask(10);
      await pass(3);
      connection.close();
      assert.equal(facts().disconnectedA, 32);
    });

    for (const answer of [{ status: "Rejected" }, new OcppCallError("NotImplemented", "")]) {
      it(`and not asked for again where the answer is ${answer instanceof Error ? "NotImplemented" : "Rejected"}`, async () => {
        await connect({});
        answerWith(answer);
        await ask(10);
        await pass(3);
        assert.equal(bench.station.traits.smart.composite, "no");
        await pass(1000);
        assert.equal(asked().length, 1);
        assert.equal(last().verified, "no");
      });
    }

    it("or by what the charger offers the car, where it says so", async () => {
      await connect({ composite: "no" });
      answerWith({});
      await ask(10);
      await pass(2);
      const sampledValue = [{ value: "10", measurand: "Current.Offered" as const, unit: "A" as const }];
      bench.meter(0, { meterValue: [{ timestamp: bench.time(), sampledValue }] });
      await pass(10);
      assert.equal(last().verified, "measured");
    });
  });

  it("is sent once more when the car resumes, where the model forgets it", async () => {
    await connect({ composite: "no", resendAfterZero: true });
    await ask(0);
    bench.status("SuspendedEVSE");
    await ask(10);
    await bench.clock.advanceAsync(5000, 250);
    assert.deepEqual(ofTransaction().map(limitOf), [0, 10]);
    bench.status("Charging");
    await bench.clock.advanceAsync(1000, 250);
    assert.deepEqual(ofTransaction().map(limitOf), [0, 10, 10]);
    await bench.clock.advanceAsync(30_000, 250);
    assert.equal(ofTransaction().length, 3);
  });

  it("without an end is ended by us when nobody allocates any more", async () => {
    let setpoint: { limitA: number; atMs: number; cycleS: number } | null = null;
    limiter.close();
    limiter = createLimiter({ ...bench, setpoint: () => setpoint });
    bench.stations.configure(definition({ zone: "garage", overrides: { smart: { lease: "none", composite: "no" } } }));
    connection = await bench.connect();
    bench.status("Charging");
    setpoint = { limitA: 16, atMs: bench.clock.nowMs(), cycleS: 5 };
    limiter.request({ chargePoint: "CP1", connector: 1, limitA: 16, zone: "garage", ageMs: 0, cycleS: 5 });
    await settle();
    assert.equal(limiter.view("CP1", 1)?.leaseUntil, null);
    await bench.clock.advanceAsync(179_000, 250);
    assert.equal(limitOf(connection.profiles.at(-1)), 16);
    await bench.clock.advanceAsync(2000, 250);
    assert.equal(limitOf(connection.profiles.at(-1)), 6);
    const writes = connection.profiles.length;
    await bench.clock.advanceAsync(60_000, 250);
    assert.equal(connection.profiles.length, writes);
  });

  it("is stripped of optional fields once where its form is refused, and that is remembered", async () => {
    await connect({ composite: "no", numberPhases: "always" });
    const hasPhases = (payload: unknown): boolean => JSON.stringify(payload).includes("numberPhases");
    connection.answer = (action, payload) =>
      action === "SetChargingProfile" && hasPhases(payload)
        ? new OcppCallError("PropertyConstraintViolation", "numberPhases")
        : { status: "Accepted" };
    await ask(10);
    assert.deepEqual([last().status, last().tries], ["accepted", 2]);
    assert.ok(!hasPhases(connection.profiles.at(-1)));
  });

  describe("after the first one of a transaction was refused", () => {
    const refuseAtLevel1 = (times: number): void => {
      let left = times;
      connection.answer = (action, payload) => {
        const isTried =
          action === "SetChargingProfile" && wayOf(payload as SetChargingProfileRequest) === "TxProfile@1";
        return { status: isTried && left-- > 0 ? "Rejected" : "Accepted" };
      };
    };

    it("goes the best way, since the charge point may not have known its transaction yet", async () => {
      await connect();
      refuseAtLevel1(1);
      await ask(10);
      assert.deepEqual([last().status, last().tries, last().stackLevel], ["accepted", 2, 0]);
      await ask(9);
      assert.deepEqual([last().status, last().tries, last().stackLevel], ["accepted", 1, 1]);
    });

    it("goes the way that worked once the best was refused again", async () => {
      await connect();
      refuseAtLevel1(99);
      for (const limitA of [10, 9]) {
        await ask(limitA);
        assert.deepEqual([last().status, last().tries, last().stackLevel], ["accepted", 2, 0]);
      }
      await ask(8);
      assert.deepEqual([last().status, last().tries, last().stackLevel], ["accepted", 1, 0]);
    });
  });

  it("is shown with all that is known of it", async () => {
    await connect();
    await ask(13.57);
    assert.deepEqual(limiter.view("cp1", 1), {
      chargePoint: "CP1",
      connector: 1,
      requestedA: 13.57,
      sentA: 13.5,
      acceptedA: 13.5,
      status: "accepted",
      verified: "no",
      purpose: "TxProfile",
      stackLevel: 1,
      profileId: 101,
      leaseUntil: "2026-06-01T12:03:00.000Z",
      tries: 1,
      hint: null,
      way: "TxProfile, stack level 1",
      trouble: null,
      writesToday: 2,
    });
    assert.equal(limiter.view("CP1", 2), null);
    assert.equal(limiter.view("CP9", 1), null);
  });
});
