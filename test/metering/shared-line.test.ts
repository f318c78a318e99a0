import { strict as assert } from "node:assert";
import type { MeasurementPayload } from "../../lib/messages.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { MeterReader } from "../../lib/metering/reader.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine } from "../../lib/modbus/line.ts";
import { MeterSimulator } from "../../lib/simulator/meter/meter-simulator.ts";
import { FakeClock } from "../fake-clock.ts";

const profile = meterProfile("schneider-iem3x55") as MeterProfile;

describe("Two readers on one Modbus line", () => {
  let clock: FakeClock;
  let simulator: MeterSimulator;
  let bus: ModbusBus;
  let readers: MeterReader[];
  let told: MeasurementPayload[][];

  beforeEach(async () => {
    clock = new FakeClock();
    const meter = {
      host: "127.0.0.1",
      port: 0,
      unitId: 1,
      profile,
      load: [10, 10, 10] as [number, number, number],
      includes: [],
    };
    simulator = new MeterSimulator(meter, clock);
    await simulator.configure(meter);
    await simulator.configure({ ...meter, port: simulator.port });
    bus = openLine({ transport: "tcp", host: "127.0.0.1", port: simulator.port }, { clock, random: () => 0.5 });
    told = [[], []];
    readers = [1, 7].map((unitId, index) => {
      const onMeasurement = (payload: MeasurementPayload) => told[index]?.push(payload);
      const fixed = {
        bus,
        profile,
        unitId,
        intervalMs: 1000,
        timeoutMs: 500,
        invert: false,
        phaseMap: [1, 2, 3] as const,
      };
      return new MeterReader({ ...fixed, clock, onMeasurement, onFailure: () => {} });
    });
  });

  afterEach(async () => {
    for (const reader of readers) reader.stop();
    bus.close();
    await simulator.close();
    assert.equal(clock.pending, 0);
  });

  const qualities = (reader: number) => (told[reader] ?? []).map(({ quality }) => quality);

  /** Lets time pass, and real sockets work, until it holds. */
  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 5000; turn++) {
      if (holds()) return;
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.fail(`never: ${what}`);
  }

  it("share one connection; a unit that is not there does not disturb the other", async () => {
    for (const reader of readers) reader.start();
    await until("five readings", () => qualities(0).length >= 5);
    await until("the other is given up", () => qualities(1).length > 0);
    assert.deepEqual([...new Set(qualities(0))], ["good"]);
    assert.deepEqual([...new Set(qualities(1))], ["bad"]);
    assert.equal(bus.statistics().connects, 1);
    assert.equal(simulator.clients, 1);
  });

  for (const fault of ["stop", "silent"] as const) {
    it(`go stale when the meter acts "${fault}", and recover by themselves`, async () => {
      readers[0]?.start();
      await until("a reading", () => qualities(0).length >= 2);
      await simulator.setFault(fault);
      await until("stale", () => qualities(0).at(-1) === "stale");
      await simulator.setFault("none");
      await until("good again", () => qualities(0).at(-1) === "good");
      assert.equal(qualities(0).filter((quality) => quality === "stale").length, 1);
    });
  }

  it("go stale when the meter freezes while current flows, and recover by themselves", async () => {
    readers[0]?.start();
    await until("a reading", () => qualities(0).length >= 2);
    await simulator.setFault("frozen");
    await until("stale", () => qualities(0).at(-1) === "stale");
    assert.equal(readers[0]?.health.isFrozen, true);
    await simulator.setFault("none");
    await until("good again", () => qualities(0).at(-1) === "good");
  });

  for (const fault of ["garbage", "exception", "nan"] as const) {
    it(`go bad when the meter acts "${fault}", and recover by themselves`, async () => {
      readers[0]?.start();
      await until("a reading", () => qualities(0).length >= 2);
      await simulator.setFault(fault);
      await until("bad", () => qualities(0).at(-1) === "bad");
      assert.ok(!qualities(0).includes("stale"));
      await simulator.setFault("none");
      await until("good again", () => qualities(0).at(-1) === "good");
    });
  }
});
