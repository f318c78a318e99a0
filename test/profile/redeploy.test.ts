import { strict as assert } from "node:assert";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";

const limitOf = ({ csChargingProfiles }: SetChargingProfileRequest): number | undefined =>
  csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit;

describe("A deploy in the middle of it", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;

  beforeEach(async () => {
    bench = new StationBench();
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null });
    stations.configure(definition({ overrides: { smart: { composite: "no" } } }));
    connection = await bench.connect();
    bench.status("Charging");
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const ask = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  };
  const deploySafeCurrent = (safeA: number): void => {
    const overrides = { smart: { composite: "no" as const } };
    const [wiring] = definition().connectors;
    bench.stations.configure(definition({ safeA, overrides, connectors: [{ ...wiring!, safeA }] }));
  };
  const draw = async (seconds: number, drawA: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      bench.meter(drawA);
      await bench.clock.advanceAsync(1000, 250);
    }
    await settle();
  };
  const trouble = () => bench.station.facts(bench.clock.nowMs())[0]!.trouble;

  it("nothing that was on its way before goes on after it", async () => {
    await ask(8);
    connection.answer = () => null;
    bench.boot();
    await bench.ready();
    const baseline = connection.calls.findLast(({ action }) => action === "SetChargingProfile")!;
    connection.answer = () => ({ status: "Accepted" });
    deploySafeCurrent(0);
    await ask(6);
    await bench.clock.advanceAsync(1000, 250);
    const before = connection.profiles.length;
    baseline.resolve({ status: "Accepted" });
    await bench.clock.advanceAsync(5000, 250);
    await settle();
    assert.deepEqual(connection.profiles.slice(before).map(limitOf), []);
    assert.equal(limitOf(connection.profiles.at(-1)!), 6);
  });

  describe("takes a source away", () => {
    const askBy = async (source: string, limitA: number): Promise<void> => {
      limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0, source });
      await settle();
    };
    const written = () => connection.profiles.map(limitOf);

    it("its limit is renewed no more, and the lease runs out", async () => {
      await askBy("a", 16);
      const before = written().length;
      limiter.withdraw("a");
      await bench.clock.advanceAsync(600_000, 250);
      await settle();
      assert.deepEqual(written().slice(before), []);
      assert.equal(bench.stations.limits.inForceA("CP1", 1, 32, bench.clock.nowMs()), 6);
    });

    it("what another one asked for goes on", async () => {
      await askBy("a", 16);
      await askBy("b", 12);
      const before = written().length;
      limiter.withdraw("a");
      await bench.clock.advanceAsync(200_000, 250);
      await settle();
      const renewals = written().slice(before);
      assert.ok(renewals.length > 0 && renewals.every((limitA) => limitA === 12), String(renewals));
    });

    it("a new limit by the same source holds again", async () => {
      await askBy("a", 16);
      limiter.withdraw("a");
      await askBy("a", 10);
      const before = written().length;
      await bench.clock.advanceAsync(100_000, 250);
      await settle();
      assert.ok(written().slice(before).includes(10));
    });
  });

  it("a charger known not to obey has to keep to its limit for a minute all the same, and then counts again", async () => {
    await ask(10);
    await draw(120, 16);
    assert.equal(trouble(), "nonCompliant");
    deploySafeCurrent(0);
    await draw(50, 9.9);
    assert.equal(trouble(), "nonCompliant");
    await draw(30, 9.9);
    assert.equal(trouble(), null);
  });

  it("a second connector that shares the room is taken into account at once", async () => {
    await ask(16);
    bench.station.learn("smart.maxInstalled", 3, "refused a fourth profile");
    const [wiring] = definition().connectors;
    const overrides = { smart: { composite: "no" as const } };
    bench.stations.configure(definition({ overrides, connectors: [wiring!, { ...wiring!, number: 2 }] }));
    await bench.clock.advanceAsync(3000, 250);
    const ofFirst = connection.profiles.filter(({ connectorId }) => connectorId === 1).at(-1)!;
    assert.deepEqual([limitOf(ofFirst), ofFirst.csChargingProfiles.stackLevel], [16, 0]);
  });

  it("what is learnt later shapes its profiles as before", async () => {
    deploySafeCurrent(0);
    await ask(10);
    bench.station.learn("smart.unit", "W", "refused limits in A");
    await bench.clock.advanceAsync(1000, 250);
    assert.equal(connection.profiles.at(-1)!.csChargingProfiles.chargingSchedule.chargingRateUnit, "W");
  });

  it("a claim that changes nothing about the profiles writes none anew", async () => {
    const before = connection.profiles.length;
    bench.station.learn("smart.stackMax", 8, "GetConfiguration");
    bench.station.learn("smart.maxInstalled", 20, "GetConfiguration");
    bench.station.learn("smart.unit", "A", "GetConfiguration");
    await bench.clock.advanceAsync(1000, 250);
    assert.equal(connection.profiles.length, before);
    bench.station.learn("smart.unit", "W", "refused limits in A");
    await bench.clock.advanceAsync(1000, 250);
    assert.equal(connection.profiles.at(-1)!.csChargingProfiles.chargingSchedule.chargingRateUnit, "W");
  });
});
