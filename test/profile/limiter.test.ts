import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import type { LimitResult } from "../../lib/messages.ts";
import { CALL_PRIORITY } from "../../lib/ocpp/port.ts";
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter, type LimitRequest, type Setpoint } from "../../lib/profile/limiter.ts";
import { worded } from "../../lib/profile/result.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";

const limitOf = (profile: SetChargingProfileRequest | undefined): number | undefined =>
  profile?.csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit;

describe("Limiter", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  let setpoint: Setpoint | null;
  let results: LimitResult[];

  beforeEach(() => {
    bench = new StationBench();
    setpoint = null;
    results = [];
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => setpoint });
    limiter.onResult((report) => results.push(worded(report.result, "en-US")));
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  /** A charge point outside any zone, booted, with a known state. */
  const connectByHand = async (): Promise<void> => {
    bench.stations.configure(definition());
    connection = await bench.connect();
    bench.status("Charging");
  };

  /** A charge point in a zone. */
  const connectInZone = async (): Promise<void> => {
    bench.stations.configure(definition({ zone: "garage" }));
    connection = await bench.connect();
    bench.status("Charging");
  };

  const ask = async (limitA: number | null, change: Partial<LimitRequest> = {}): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0, ...change });
    await settle();
  };

  /** What ev-dlm does each cycle: leave the setpoint on the board and send the allocation. */
  const allocate = async (limitA: number): Promise<void> => {
    setpoint = { limitA, atMs: bench.clock.nowMs(), cycleS: 5 };
    await ask(limitA, { zone: "garage", cycleS: 5 });
  };

  const pass = async (seconds: number): Promise<void> => {
    await bench.clock.advanceAsync(seconds * 1000, 250);
    await settle();
  };

  const sentLimits = (): (number | undefined)[] => connection.profiles.slice(1).map(limitOf);
  const last = (): LimitResult => results.at(-1)!;

  describe("baseline", () => {
    it("is installed on boot before the first limit, at the safe current and without an end", async () => {
      bench.stations.configure(definition());
      await ask(16);
      connection = await bench.connect();
      const [baseline, dynamic] = connection.profiles;
      assert.equal(baseline?.csChargingProfiles.chargingProfilePurpose, "TxDefaultProfile");
      assert.equal(baseline?.csChargingProfiles.chargingProfileId, 1);
      assert.deepEqual(baseline?.csChargingProfiles.chargingSchedule.chargingSchedulePeriod, [
        { startPeriod: 0, limit: 6 },
      ]);
      assert.equal(limitOf(dynamic), 16);
      assert.ok(baseline!.csChargingProfiles.stackLevel < dynamic!.csChargingProfiles.stackLevel);
    });

    it("is installed on a reconnect without a boot", async () => {
      await connectByHand();
      connection.close();
      connection = bench.attach();
      await pass(5);
      assert.equal(connection.profiles.length, 0, "the charge point was asked to boot, and answers");
      bench.boot();
      await bench.ready();
      assert.equal(limitOf(connection.profiles[0]), 6);
    });

    it("is installed anew when the safe current changes", async () => {
      await connectByHand();
      const [wiring] = definition().connectors;
      bench.stations.configure(definition({ safeA: 8, connectors: [{ ...wiring!, safeA: 8 }] }));
      await pass(1);
      assert.equal(limitOf(connection.profiles.at(-1)), 8);
    });

    it("is left alone when something else of the charge point changes", async () => {
      await connectByHand();
      bench.stations.configure(definition({ zone: "garage" }));
      await pass(1);
      assert.equal(connection.profiles.length, 1);
    });

    it("is tried again when it was refused", async () => {
      bench.stations.configure(definition());
      connection = bench.attach();
      connection.answer = (action) => (action === "SetChargingProfile" ? { status: "Rejected" } : {});
      bench.boot();
      await bench.ready();
      const tries = connection.profiles.length;
      await pass(76);
      assert.equal(connection.profiles.length, 2 * tries);
    });

    it("gives way to the limit where both share one slot, because the limit's tail is the baseline", async () => {
      const oneSlot = { configurationKey: [{ key: "ChargeProfileMaxStackLevel", readonly: true, value: "0" }] };
      const answer = (action: string) => (action === "GetConfiguration" ? oneSlot : { status: "Accepted" });
      bench.stations.configure(definition());
      connection = bench.attach();
      connection.answer = answer;
      bench.boot();
      await bench.ready();
      await ask(0);
      connection.close();
      connection = bench.attach();
      connection.answer = answer;
      bench.boot();
      await bench.ready();
      assert.deepEqual(connection.profiles.map(limitOf), [0]);
    });
  });

  describe("limit", () => {
    it("is one leased schedule that ends in the safe current", async () => {
      await connectByHand();
      await ask(13.57);
      const { csChargingProfiles } = connection.profiles.at(-1)!;
      assert.deepEqual(csChargingProfiles.chargingSchedule, {
        startSchedule: "2026-06-01T11:59:00Z",
        chargingRateUnit: "A",
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 13.5 },
          { startPeriod: 240, limit: 6 },
        ],
      });
      assert.equal(csChargingProfiles.chargingProfileId, 2);
      assert.deepEqual(last(), {
        requestedA: 13.57,
        sentA: 13.5,
        acceptedA: 13.5,
        status: "accepted",
        verified: "no",
        purpose: "TxDefaultProfile",
        stackLevel: 1,
        profileId: 2,
        leaseUntil: "2026-06-01T12:03:00.000Z",
        tries: 1,
        hint: null,
      });
    });

    it("is in the database before its result is out", async () => {
      await connectByHand();
      const stored: (number | undefined)[] = [];
      limiter.onResult(() => stored.push(bench.store.limits()[0]?.acceptedA));
      await ask(12);
      assert.deepEqual(stored, [12]);
    });

    it("below the minimum is sent as 0, and above the maximum as the maximum", async () => {
      await connectByHand();
      await ask(5.9);
      await ask(80);
      assert.deepEqual(sentLimits(), [0, 32]);
    });

    it("is written for the transaction as soon as one starts, after the start was answered", async () => {
      await connectByHand();
      await ask(16);
      const transactionId = await bench.start();
      await settle();
      assert.equal(connection.profiles.length, 2);
      await pass(0.25);
      const { csChargingProfiles } = connection.profiles.at(-1)!;
      assert.equal(csChargingProfiles.chargingProfilePurpose, "TxProfile");
      assert.equal(csChargingProfiles.transactionId, transactionId);
      assert.equal(csChargingProfiles.chargingProfileId, 101);
      assert.equal(limitOf(connection.profiles.at(-1)), 16);
    });

    it("goes back to a default profile when the transaction has ended", async () => {
      await connectByHand();
      const transactionId = await bench.start();
      await ask(16);
      await bench.stop(transactionId);
      await pass(1.5);
      assert.equal(connection.profiles.at(-1)?.csChargingProfiles.chargingProfilePurpose, "TxDefaultProfile");
    });

    it("is a default profile where a transaction was left open on a free connector", async () => {
      await connectByHand();
      await bench.start();
      bench.status("Available");
      await ask(0);
      assert.equal(connection.profiles.at(-1)?.csChargingProfiles.chargingProfilePurpose, "TxDefaultProfile");
    });

    it("of null releases to the safe current and is not renewed", async () => {
      await connectByHand();
      await ask(16);
      await ask(null);
      await pass(300);
      assert.deepEqual(sentLimits(), [16, 6]);
      assert.equal(last().requestedA, null);
    });

    it("for a connector that nobody configured is refused by name", () => {
      bench.stations.configure(definition());
      const request = { chargePoint: "CP9", connector: 1, limitA: 6, zone: null, ageMs: 0 };
      assert.throws(() => limiter.request(request), /charge point CP9 is not configured/);
      assert.throws(() => limiter.request({ ...request, chargePoint: "cp1", connector: 2 }), /connector 2 of CP1/);
    });

    it("finds its charge point whatever the letter case", async () => {
      await connectByHand();
      await ask(16, { chargePoint: "cp1" });
      assert.deepEqual(sentLimits(), [16]);
    });
  });

  describe("coalescing", () => {
    it("keeps the newest of the limits that come while one is on its way", async () => {
      await connectByHand();
      connection.answer = () => null;
      await ask(10);
      await ask(12);
      await ask(14);
      assert.deepEqual(sentLimits(), [10]);
      assert.deepEqual(
        results.map(({ status, requestedA }) => [status, requestedA]),
        [["coalesced", 12]],
      );
      connection.calls.at(-1)!.resolve({ status: "Accepted" });
      await settle();
      assert.deepEqual(sentLimits(), [10, 14]);
    });

    it("lets a decrease overtake, ahead of everything else that waits", async () => {
      await connectByHand();
      await ask(16);
      connection.answer = () => null;
      await ask(20);
      await ask(8);
      const [increase, decrease] = connection.calls.slice(-2);
      assert.equal(decrease?.options.priority, CALL_PRIORITY.decrease);
      assert.equal(increase?.options.coalesceKey, decrease?.options.coalesceKey);
      increase?.reject(new EvError("EV_OCPP_SUPERSEDED", "a newer one"));
      decrease?.resolve({ status: "Accepted" });
      await settle();
      assert.deepEqual(
        results.map(({ status, acceptedA }) => [status, acceptedA]),
        [
          ["accepted", 16],
          ["coalesced", 16],
          ["accepted", 8],
        ],
      );
    });
  });

  describe("pace", () => {
    it("sends decreases at once, however many", async () => {
      await connectByHand();
      for (const limitA of [20, 18, 16, 14, 12]) await ask(limitA);
      assert.deepEqual(sentLimits(), [20, 18, 16, 14, 12]);
    });

    it("sends the first two increases after a start at once and the next ones 5 s apart", async () => {
      await connectByHand();
      await ask(8);
      await ask(10);
      await ask(12);
      assert.deepEqual(sentLimits(), [8, 10]);
      await pass(4.75);
      assert.deepEqual(sentLimits(), [8, 10]);
      await pass(0.25);
      assert.deepEqual(sentLimits(), [8, 10, 12]);
      await ask(14);
      await pass(4.5);
      assert.equal(sentLimits().length, 3);
      await pass(0.5);
      assert.deepEqual(sentLimits(), [8, 10, 12, 14]);
    });

    it("starts anew after a pause", async () => {
      await connectByHand();
      for (const limitA of [8, 10, 0, 8, 10]) await ask(limitA);
      assert.deepEqual(sentLimits(), [8, 10, 0, 8, 10]);
    });

    it("follows a changed distance", async () => {
      await connectByHand();
      limiter.configure({ minIncreaseS: 20 });
      for (const limitA of [8, 10, 12]) await ask(limitA);
      await pass(19.5);
      assert.equal(sentLimits().length, 2);
      await pass(0.5);
      assert.equal(sentLimits().length, 3);
    });
  });

  describe("renewal", () => {
    it("answers an unchanged limit without sending it", async () => {
      await connectByHand();
      await ask(16);
      await ask(16);
      assert.deepEqual(sentLimits(), [16]);
      assert.equal(last().status, "unchanged");
      assert.equal(last().acceptedA, 16);
      assert.equal(last().sentA, null);
    });

    it("renews a limit set by hand every 75 s until it is replaced", async () => {
      await connectByHand();
      await ask(16);
      await pass(74.5);
      assert.equal(sentLimits().length, 1);
      await pass(0.5);
      assert.equal(sentLimits().length, 2);
      await pass(150);
      assert.deepEqual(sentLimits(), [16, 16, 16, 16]);
      assert.equal(last().leaseUntil, "2026-06-01T12:06:45.000Z");
    });

    it("renews an allocation while its allocator lives", async () => {
      await connectInZone();
      await allocate(16);
      for (let cycle = 0; cycle < 16; cycle++) {
        await pass(5);
        setpoint = { limitA: 16, atMs: bench.clock.nowMs(), cycleS: 5 };
      }
      assert.deepEqual(sentLimits(), [16, 16]);
    });

    it("lets the lease run out when the allocator falls silent", async () => {
      await connectInZone();
      await allocate(16);
      await pass(400);
      assert.deepEqual(sentLimits(), [16]);
    });

    it("follows changed lease and refresh times", async () => {
      await connectByHand();
      limiter.configure({ leaseS: 90, refreshS: 30 });
      await ask(16);
      await pass(30);
      assert.equal(sentLimits().length, 2);
      const { chargingSchedulePeriod } = connection.profiles.at(-1)!.csChargingProfiles.chargingSchedule;
      assert.equal(chargingSchedulePeriod[1]?.startPeriod, 150);
    });

    it("follows the lease that came with the limit", async () => {
      await connectByHand();
      await ask(16, { lease: { leaseS: 60, refreshS: 20, minIncreaseS: 0 } });
      await pass(20);
      assert.equal(sentLimits().length, 2);
      for (const limitA of [18, 20, 22, 24])
        await ask(limitA, { lease: { leaseS: 60, refreshS: 20, minIncreaseS: 0 } });
      assert.deepEqual(sentLimits().slice(2), [18, 20, 22, 24]);
    });

    it("is a new write when the lease had run out meanwhile", async () => {
      await connectInZone();
      await allocate(16);
      await pass(200);
      await allocate(16);
      assert.deepEqual(sentLimits(), [16, 16]);
    });
  });

  describe("in a zone", () => {
    it("never sends more than the allocator's latest setpoint, whatever a flow asks", async () => {
      await connectInZone();
      await allocate(10);
      await ask(32);
      await ask(8);
      assert.deepEqual(sentLimits(), [10, 8]);
    });

    it("follows a lower setpoint even if no message brings it", async () => {
      await connectInZone();
      await allocate(16);
      setpoint = { limitA: 7, atMs: bench.clock.nowMs(), cycleS: 5 };
      await pass(0.25);
      assert.deepEqual(sentLimits(), [16, 7]);
    });

    it("sends no more than the safe current before an allocator has spoken", async () => {
      await connectInZone();
      await ask(32, { zone: "garage", cycleS: 5 });
      assert.deepEqual(sentLimits(), [6]);
    });

    it("raises nothing on an allocation that is too old", async () => {
      await connectInZone();
      await allocate(10);
      await pass(20);
      setpoint = { ...setpoint!, limitA: 16 };
      await ask(16, { zone: "garage", cycleS: 5, ageMs: 16_000 });
      assert.deepEqual(sentLimits(), [10]);
      assert.equal(last().status, "unchanged");
      assert.match(last().hint ?? "", /too old/);
    });

    it("does not take the 0 A that was allocated to an offline charge point for a command", async () => {
      await connectInZone();
      await allocate(16);
      connection.close();
      await allocate(0);
      assert.equal(last().status, "offline");
      bench.clock.advance(1000);
      connection = bench.attach();
      await pass(5);
      bench.boot();
      await bench.ready();
      await pass(1);
      assert.deepEqual(sentLimits(), [16], "what it had and what is reserved for it");
      bench.status("Charging");
      await allocate(12);
      assert.deepEqual(sentLimits(), [16, 12]);
    });

    it("takes nothing for a refusal of 0 A when a setpoint is quicker than its message", async () => {
      await connectInZone();
      connection.close();
      await allocate(0);
      bench.clock.advance(1000);
      connection = await bench.connect();
      setpoint = { limitA: 6, atMs: bench.clock.nowMs(), cycleS: 5 };
      bench.status("Charging");
      await pass(1);
      assert.deepEqual(sentLimits(), [6]);
      assert.equal(bench.stations.limits.trouble("CP1", 1), null);
    });

    it("waits for the allocator after a boot: before, nothing is meant for this charge point", async () => {
      await connectInZone();
      connection.close();
      await allocate(0);
      bench.clock.advance(1000);
      connection = await bench.connect();
      await pass(3);
      assert.deepEqual(sentLimits(), []);
    });
  });

  describe("trouble", () => {
    it("offline: says so at once and sends a limit set by hand when the charge point is back", async () => {
      bench.stations.configure(definition());
      await ask(16);
      assert.equal(last().status, "offline");
      connection = await bench.connect();
      assert.deepEqual(sentLimits(), [16]);
    });

    it("rejected: tries stack level 0, then the default purpose, and remembers what worked", async () => {
      await connectByHand();
      await bench.start();
      connection.answer = (_action, payload) => {
        const { chargingProfilePurpose } = (payload as SetChargingProfileRequest).csChargingProfiles;
        return { status: chargingProfilePurpose === "TxProfile" ? "Rejected" : "Accepted" };
      };
      await ask(16);
      const variants = connection.profiles
        .slice(1)
        .map(({ csChargingProfiles: { chargingProfilePurpose, stackLevel } }) => [chargingProfilePurpose, stackLevel]);
      assert.deepEqual(variants, [
        ["TxProfile", 1],
        ["TxProfile", 0],
        ["TxDefaultProfile", 0],
      ]);
      assert.equal(last().status, "accepted");
      assert.equal(last().tries, 3);
      await ask(10);
      assert.equal(connection.profiles.length, 5);
      assert.equal(last().tries, 1);
    });

    it("rejected in every way: reserves what may be in force, and tries again at the refresh", async () => {
      await connectByHand();
      await ask(16);
      connection.answer = () => ({ status: "Rejected" });
      await ask(10);
      assert.equal(last().status, "rejected");
      assert.equal(last().tries, 4);
      assert.equal(last().acceptedA, 16);
      assert.match(last().hint ?? "", /allow control by an external system/);
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, 16);
      await pass(1);
      const before = sentLimits().length;
      await pass(73.5);
      assert.equal(sentLimits().length, before);
      connection.answer = () => ({ status: "Accepted" });
      await pass(0.5);
      assert.equal(last().status, "accepted");
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, null);
    });

    it("0 A rejected: keeps the safe current reserved until a car wants current", async () => {
      await connectByHand();
      connection.answer = (action, payload) => ({
        status:
          action === "SetChargingProfile" && limitOf(payload as SetChargingProfileRequest) === 0
            ? "Rejected"
            : "Accepted",
      });
      bench.status("Available");
      await ask(0);
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, 6);
      bench.status("SuspendedEVSE");
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, null);
    });

    for (const answer of [
      { status: "NotSupported" },
      new OcppCallError("NotImplemented", ""),
      new OcppCallError("NotSupported", ""),
    ]) {
      it(`${answer instanceof Error ? answer.message : "status NotSupported"}: uncontrollable, its maximum stays reserved, until it boots again`, async () => {
        bench.stations.configure(definition());
        connection = bench.attach();
        connection.answer = (action) => (action === "SetChargingProfile" ? answer : {});
        bench.boot();
        await bench.ready();
        bench.status("Charging");
        await ask(16);
        assert.equal(last().status, "uncontrollable");
        assert.equal(connection.profiles.length, 1);
        assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, 32);
        connection.answer = () => ({ status: "Accepted" });
        bench.boot();
        await bench.ready();
        assert.equal(last().status, "accepted");
      });
    }

    it("timeout: the higher of old and new stays reserved, and the limit is sent again", async () => {
      await connectByHand();
      await ask(16);
      connection.answer = () => new EvError("EV_OCPP_TIMEOUT", "no answer");
      await ask(10);
      assert.equal(last().status, "timeout");
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, 16);
      connection.answer = () => ({ status: "Accepted" });
      await pass(5);
      assert.deepEqual(sentLimits(), [16, 10, 10]);
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, null);
    });

    it("a raise that was not answered counts, too", async () => {
      await connectByHand();
      await ask(10);
      connection.answer = () => new EvError("EV_OCPP_TIMEOUT", "no answer");
      await ask(20);
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.reservedA, 20);
    });

    it("a raise that was not answered and is taken back is overwritten at once, until that is answered", async () => {
      await connectByHand();
      await ask(0);
      await bench.start();
      await pass(1);
      const before = connection.profiles.length;
      connection.answer = () => new EvError("EV_OCPP_TIMEOUT", "no answer");
      await ask(16);
      await ask(0);
      const ofTransaction = ({ csChargingProfiles }: SetChargingProfileRequest): boolean =>
        csChargingProfiles.chargingProfilePurpose === "TxProfile";
      const since = (): (number | undefined)[] => connection.profiles.slice(before).filter(ofTransaction).map(limitOf);
      assert.deepEqual(since(), [16, 0]);
      connection.answer = () => ({ status: "Accepted" });
      await pass(6);
      assert.deepEqual(since(), [16, 0, 0]);
      await pass(60);
      assert.deepEqual(since(), [16, 0, 0]);
    });

    it("a socket that closes under a limit leaves the higher one reserved", async () => {
      await connectByHand();
      await ask(10);
      connection.answer = () => null;
      await ask(20);
      const call = connection.calls.at(-1)!;
      connection.close();
      call.reject(new EvError("EV_OCPP_OFFLINE", "closed"));
      await settle();
      assert.equal(last().status, "offline");
      assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.disconnectedA, 20);
    });

    it("an unanswered limit keeps its command: the 0 A allocated meanwhile is a reservation", async () => {
      await connectInZone();
      await allocate(16);
      connection.answer = () => new EvError("EV_OCPP_TIMEOUT", "no answer");
      await allocate(12);
      bench.clock.advance(1000);
      await allocate(0);
      connection.answer = () => ({ status: "Accepted" });
      await pass(5);
      assert.deepEqual(sentLimits(), [16, 12, 12]);
      await allocate(13);
      assert.deepEqual(sentLimits(), [16, 12, 12, 13]);
    });

    it("a database that cannot be written is named in the result, and the limit counts all the same", async () => {
      await connectByHand();
      bench.store.close();
      await ask(16);
      assert.equal(last().status, "accepted");
      assert.match(last().hint ?? "", /database/);
    });
  });

  describe("verification", () => {
    it("tells by a second result that the car keeps to the limit", async () => {
      await connectByHand();
      await ask(16);
      bench.clock.advance(2000);
      bench.meter(16.9);
      await pass(7.5);
      assert.equal(results.length, 1);
      await pass(0.5);
      assert.equal(results.length, 2);
      assert.equal(last().verified, "measured");
      assert.equal(last().status, "accepted");
      await pass(75);
      assert.equal(last().verified, "measured", "a renewal of the same limit stays verified");
    });

    it("stays open while the car draws more, or nothing was measured since", async () => {
      await connectByHand();
      bench.meter(5);
      bench.clock.advance(1000);
      await ask(10);
      await pass(20);
      bench.meter(11.2);
      await pass(5);
      assert.equal(results.length, 1);
      bench.meter(11);
      await pass(1);
      assert.equal(last().verified, "measured");
    });
  });

  it("writes W where the charge point takes only W", async () => {
    await connectByHand();
    bench.station.learn("smart.unit", "W", "test");
    await ask(10);
    const { chargingSchedule } = connection.profiles.at(-1)!.csChargingProfiles;
    assert.equal(chargingSchedule.chargingRateUnit, "W");
    assert.deepEqual(
      chargingSchedule.chargingSchedulePeriod.map(({ limit }) => limit),
      [6900, 4140],
    );
  });

  it("writes baseline and limit anew when something else may have changed the profiles", async () => {
    await connectByHand();
    await ask(16);
    limiter.rearm("cp1");
    await settle();
    assert.deepEqual(sentLimits(), [16, 6, 16]);
  });

  it("leaves charge points without OCPP to flows", () => {
    bench.stations.configure(definition({ ocpp: false }));
    const request = { chargePoint: "CP1", connector: 1, limitA: 6, zone: null, ageMs: 0 };
    assert.throws(() => limiter.request(request), { code: "EV_MESSAGE_INVALID" });
  });

  it("passes every result on as an event of the charge point", async () => {
    await connectByHand();
    const topics: string[] = [];
    bench.stations.onEvent(({ topic }) => topics.push(topic));
    await ask(16);
    assert.deepEqual(topics, ["ocpp/CP1/1/limit"]);
  });

  it("has one timer, and none after it is closed", () => {
    const before = bench.clock.pending;
    limiter.close();
    assert.equal(before - bench.clock.pending, 1);
  });
});
