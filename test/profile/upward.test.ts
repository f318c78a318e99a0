import { strict as assert } from "node:assert";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import type { SmartTraits } from "../../lib/station/capabilities/models/types.ts";
import type { PossibleLimit } from "../../lib/station/limits/limit-course.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";

const PAUSE_S = 60 + 900;

interface Written {
  purpose: string;
  stackLevel: number;
  id: number;
  periods: [startPeriod: number, limitA: number][];
}

function written({ csChargingProfiles: profile }: SetChargingProfileRequest): Written {
  return {
    purpose: profile.chargingProfilePurpose,
    stackLevel: profile.stackLevel,
    id: profile.chargingProfileId,
    periods: profile.chargingSchedule.chargingSchedulePeriod.map(({ startPeriod, limit }) => [startPeriod, limit]),
  };
}

describe("A limit below the safe current", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  let admits: (limit: PossibleLimit) => boolean;

  beforeEach(() => {
    bench = new StationBench();
    admits = () => true;
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null, admits: (_, limit) => admits(limit) });
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const connect = async (smart: Partial<SmartTraits> = {}): Promise<void> => {
    bench.stations.configure(definition({ overrides: { smart: { composite: "no", ...smart } } }));
    connection = await bench.connect();
    bench.status("Charging");
  };
  const ask = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  };
  const pass = async (seconds: number): Promise<void> => {
    await bench.clock.advanceAsync(seconds * 1000, 250);
  };
  const all = (): Written[] => connection.profiles.map(written);
  const limits = (): Written[] => all().slice(1);

  it("ends after everything that ends downwards, and is renewed while more than that is left of it", async () => {
    await connect();
    await ask(0);
    assert.deepEqual(limits()[0]!.periods, [
      [0, 0],
      [PAUSE_S, 6],
    ]);
    await pass(599);
    assert.equal(limits().length, 1);
    await pass(2);
    assert.equal(limits().length, 2);
  });

  it("ends later where another lease is longer", async () => {
    await connect();
    limiter.configure({ leaseS: 600 });
    await ask(0);
    assert.deepEqual(limits()[0]!.periods.at(-1), [60 + 1320, 6]);
  });

  it("is renewed at once when a longer lease is given to others", async () => {
    await connect();
    await ask(0);
    limiter.configure({ leaseS: 900 });
    await pass(1);
    assert.deepEqual(limits().at(-1)!.periods.at(-1), [60 + 1920, 6]);
  });

  it("holds for the outlet, too, below the limit of its transaction", async () => {
    await connect();
    await ask(0);
    await bench.start();
    await pass(2);
    const [idle, own] = limits();
    assert.deepEqual([idle!.purpose, idle!.stackLevel, idle!.id], ["TxDefaultProfile", 1, 2]);
    assert.deepEqual([own!.purpose, own!.stackLevel, own!.id], ["TxProfile", 1, 101]);
    assert.equal(limits().length, 2, "the outlet was held before the transaction, and is still");
    await pass(700);
    const renewed = limits().slice(2);
    assert.deepEqual(renewed.map(({ purpose }) => purpose).sort(), ["TxDefaultProfile", "TxProfile"]);
  });

  it("holds for the outlet in the place of the baseline where there is no level above it", async () => {
    await connect({ stackMax: 0 });
    await bench.start();
    await ask(16);
    await ask(0);
    await pass(1);
    const [, own, outlet] = limits();
    assert.deepEqual([own!.purpose, own!.id], ["TxProfile", 101]);
    assert.deepEqual(outlet, {
      purpose: "TxDefaultProfile",
      stackLevel: 0,
      id: 1,
      periods: [
        [0, 0],
        [PAUSE_S, 6],
      ],
    });
  });

  it("holds for the outlet before the baseline is written again: what held it may stand in the baseline's place", async () => {
    await connect();
    await ask(16);
    await bench.start();
    await pass(1);
    await ask(0);
    await pass(1);
    connection.close();
    admits = ({ limitA }) => limitA === 0;
    connection = await bench.connect();
    await ask(0);
    await pass(3);
    assert.deepEqual(
      all().map(({ id }) => id),
      [101, 2, 1],
    );
  });

  it("lets the baseline be written after a minute, where nothing may hold the outlet: without one there would be no limit", async () => {
    await connect();
    await ask(16);
    await bench.start();
    await pass(1);
    connection.close();
    let asked = 0;
    admits = ({ limitA, safeA, untilMs }) =>
      limitA === 0 && untilMs < Number.POSITIVE_INFINITY && safeA === 6 && asked++ === 0;
    connection = await bench.connect();
    await ask(0);
    await pass(30);
    const ids = () => all().map(({ id }) => id);
    assert.ok(!ids().includes(1), `${ids()}`);
    await pass(45);
    assert.ok(ids().includes(1), `${ids()}`);
  });

  it("replaces what the outlet was told before its transaction, as soon as that is more", async () => {
    await connect();
    await ask(16);
    await bench.start();
    await pass(1);
    await ask(8);
    await pass(1);
    const { purpose, periods } = limits().at(-1)!;
    assert.deepEqual([purpose, periods[0]], ["TxDefaultProfile", [0, 6]]);
  });

  it("is not written in the place of two: the tail goes before a rise, and after a fall", async () => {
    await connect({ maxPeriods: 1 });
    await ask(0);
    await ask(16);
    await ask(8);
    const order = limits().map(({ stackLevel, periods }) => [stackLevel, periods[0]![1]]);
    assert.deepEqual(order, [
      [0, 0],
      [1, 6],
      [1, 6],
      [0, 16],
      [0, 8],
      [1, 6],
    ]);
  });

  it("holds the baseline at any clock, in 1970, too", async () => {
    await connect();
    const [baseline] = connection.profiles;
    assert.equal(baseline!.csChargingProfiles.chargingSchedule.startSchedule, "1970-01-01T00:00:00Z");
  });

  describe("or any other is written only where it fits if everything here vanished", () => {
    it("a rise and a renewal wait", async () => {
      await connect();
      await ask(10);
      admits = () => false;
      await ask(16);
      await pass(80);
      assert.deepEqual(limits().length, 1);
      admits = () => true;
      await pass(1);
      assert.deepEqual(limits().at(-1)!.periods[0], [0, 16]);
    });

    it("a decrease goes at once, with the end of the limit before where its own is too late", async () => {
      await connect();
      await ask(16);
      await pass(60);
      admits = ({ untilMs }) => untilMs <= bench.clock.nowMs() + 120_000;
      await ask(10);
      assert.deepEqual(limits().at(-1)!.periods, [
        [0, 10],
        [60 + 120, 6],
      ]);
    });
  });
});
