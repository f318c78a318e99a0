import { strict as assert } from "node:assert";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { saying } from "../wire16.ts";
import { definition, type FakeConnection, StationBench, settle } from "./fake-charge-point.ts";

const HOUR_MS = 3_600_000;

describe("When a clock is wrong", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;

  beforeEach(async () => {
    bench = new StationBench();
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null });
    bench.stations.configure(definition());
    connection = await bench.connect();
    bench.status("Charging");
    limiter.request({ chargePoint: "CP1", connector: 1, limitA: 16, zone: null, ageMs: 0 });
    await settle();
    connection.calls.length = 0;
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const startOf = (profile: SetChargingProfileRequest | undefined): number =>
    Date.parse(profile?.csChargingProfiles.chargingSchedule.startSchedule ?? "");
  const limits = () =>
    connection.profiles.map(
      ({ csChargingProfiles }) => csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0]?.limit,
    );
  /** Seconds by which the newest schedule began before a time on the charge point's clock. */
  const begunBeforeS = (chargerWallMs: number): number => (chargerWallMs - startOf(connection.profiles.at(-1))) / 1000;
  const meterOff = async (offS: number): Promise<void> => {
    const timestamp = new Date(bench.clock.wallMs() - offS * 1000).toISOString();
    bench.meter(15, { timestamp });
    await bench.clock.advanceAsync(10_000, 250);
  };

  for (const stepMs of [HOUR_MS, -HOUR_MS]) {
    it(`because ours was set by ${stepMs / HOUR_MS} h: baseline and lease are written anew in the charge point's time, and again once it was told the new one`, async () => {
      bench.clock.jumpWall(stepMs);
      await bench.clock.advanceAsync(1000);
      await settle();
      assert.deepEqual(limits(), [6, 16]);
      const begunS = begunBeforeS(bench.clock.wallMs() - stepMs);
      assert.ok(begunS >= 60 && begunS < 62, `${begunS} s`);
      connection.calls.length = 0;
      saying(bench.station).heartbeat(bench.context());
      assert.deepEqual(limits(), [], "the answer to the heartbeat leaves first");
      await settle();
      assert.deepEqual(limits(), [6, 16]);
      assert.ok(begunBeforeS(bench.clock.wallMs()) >= 60);
    });
  }

  it("because ours was corrected a little: nothing is written", async () => {
    bench.clock.jumpWall(4000);
    await bench.clock.advanceAsync(2000);
    assert.deepEqual(limits(), []);
  });

  it("at the charge point: the schedules are written anew in its time as soon as it shows, and the offset is remembered", async () => {
    for (let sample = 0; sample < 3; sample++) await meterOff(7200);
    assert.equal(bench.station.clockSkewMs, 7_200_000);
    assert.deepEqual(limits(), [6, 16]);
    const begunS = begunBeforeS(bench.clock.wallMs() - 7_200_000);
    assert.ok(begunS >= 60 && begunS <= 75, `${begunS} s`);
    assert.equal(bench.station.learntFacts.values["charger.clockOffsetS"]?.value, 7200);
    const again = new StationBench(bench.store);
    again.stations.configure(definition());
    assert.equal(again.station.clockSkewMs, 7_200_000);
    again.stations.close();
  });

  it("only as it seems: as soon as a sample shows it, schedules are written that have not ended by either reading of the clock", async () => {
    for (let sample = 0; sample < 3; sample++) await meterOff(190);
    assert.equal(bench.station.clockSkewMs, 190_000);
    connection.calls.length = 0;
    bench.meter(15);
    await settle();
    const leased = connection.profiles.find(
      ({ csChargingProfiles }) => csChargingProfiles.chargingSchedule.chargingSchedulePeriod.length > 1,
    );
    const endsS = leased?.csChargingProfiles.chargingSchedule.chargingSchedulePeriod[1]?.startPeriod ?? 0;
    assert.equal(Math.round((startOf(leased) - bench.clock.wallMs()) / 1000) + endsS, 180);
    for (let sample = 0; sample < 3; sample++) await meterOff(0);
    assert.equal(bench.station.clockSkewMs, 0);
    await bench.clock.advanceAsync(600_000, 250);
    assert.equal(bench.station.clockAheadMs, 0);
  });

  it("and goes back and forth: it is learnt that schedules must not name a time, and why", async () => {
    for (const offS of [0, 0, 0, 40, 40, 40, 0, 0, 0]) await meterOff(offS);
    assert.equal(bench.station.traits.smart.kind, "Relative");
    assert.match(bench.station.learntFacts.values["smart.kind"]!.how, /clock moved by more than 30 s/);
  });
});
