import { strict as assert } from "node:assert";
import type { MeasurementPayload } from "../../lib/messages.ts";
import { decodeWithProblems } from "../../lib/metering/decode.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { planReads } from "../../lib/metering/plan.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { MeterReader } from "../../lib/metering/reader.ts";
import { discoverSunSpec } from "../../lib/metering/sunspec.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine } from "../../lib/modbus/line.ts";
import type { MeterServer } from "../../lib/simulator/meter/meter-server.ts";
import { FakeClock } from "../fake-clock.ts";
import { pointsOf, SunSpecImage } from "./sunspec-device.ts";

const profile = (id: string) => meterProfile(id) as MeterProfile;
const meter = profile("sunspec-meter");

const LIVE: Record<string, number> = {
  currentL1: 12.1,
  currentL2: 8,
  currentL3: 9.4,
  voltageL1: 229.4,
  voltageL2: 229.6,
  voltageL3: 229.5,
  powerL1: 2700,
  powerL2: 1800,
  powerL3: 2100,
  power: 6600,
  frequency: 50.01,
  energyImport: 125_000,
  energyExport: 2000,
};
const EXPONENTS: Record<string, number> = { current: -2, voltage: -1, frequency: -2 };

/** Fills a model with what `LIVE` says. */
function fill(image: SunSpecImage, address: number, points: ReturnType<typeof pointsOf>, live = LIVE): void {
  for (const [name, point] of Object.entries(points)) {
    const exponent = EXPONENTS[name.replace(/L[123]$/, "")] ?? 0;
    image.set(address, point, live[name] ?? null, point.scaleFactorOffset === undefined ? 0 : exponent);
  }
}

async function measure(image: SunSpecImage, found: MeterProfile): Promise<Measurement> {
  const reads = [];
  for (const block of planReads(found)) reads.push({ ...block, registers: await image.read(block) });
  return decodeWithProblems(found, reads).measurement;
}

describe("SunSpec discovery", () => {
  for (const [id, length] of [
    [213, 124],
    [203, 105],
  ] as const) {
    it(`reads a meter of model ${id} that it found by walking`, async () => {
      const image = new SunSpecImage();
      image.add(1, 66);
      image.add(120, 26);
      const address = image.add(id, length);
      fill(image, address, pointsOf(meter.sunspec, id));
      const device = await discoverSunSpec(meter, image.end().read);
      assert.deepEqual([device.models, device.text], [[id], `SunSpec model ${id} at ${address}`]);
      const measurement = await measure(image, device.profile);
      assert.equal(measurement.quality, "good");
      assert.deepEqual(measurement.currentA, [12.1, 8, 9.4]);
      assert.deepEqual(measurement.voltageV, [229.4, 229.6, 229.5]);
      assert.deepEqual([measurement.powerW, measurement.frequencyHz], [6600, 50.01]);
      assert.deepEqual([measurement.energyImportWh, measurement.energyExportWh], [125_000, 2000]);
    });
  }

  for (const id of [213, 203]) {
    it(`promises no phase powers where model ${id} leaves out all of them, and is good without`, async () => {
      const image = new SunSpecImage();
      const points = pointsOf(meter.sunspec, id);
      const { powerL1: _1, powerL2: _2, powerL3: _3, ...live } = LIVE;
      fill(image, image.add(id, id === 213 ? 124 : 105), points, live);
      const device = await discoverSunSpec(meter, image.end().read);
      const measurement = await measure(image, device.profile);
      assert.equal(measurement.quality, "good");
      assert.deepEqual([measurement.powerW, ...measurement.phasePowerW], [6600, null, null, null]);
      assert.deepEqual(measurement.currentA, [12.1, 8, 9.4]);
    });
  }

  it("goes on asking for a single phase power that is missing", async () => {
    const image = new SunSpecImage();
    const { powerL2: _, ...live } = LIVE;
    fill(image, image.add(213, 124), pointsOf(meter.sunspec, 213), live);
    const device = await discoverSunSpec(meter, image.end().read);
    assert.equal((await measure(image, device.profile)).quality, "bad");
  });

  for (const base of [50_000, 0]) {
    it(`finds the marker at ${base}`, async () => {
      const image = new SunSpecImage(base);
      fill(image, image.add(213, 124), pointsOf(meter.sunspec, 213));
      assert.deepEqual((await discoverSunSpec(meter, image.end().read)).models, [213]);
    });
  }

  it("prefers the float model to the integer one, whichever comes first", async () => {
    const image = new SunSpecImage();
    image.add(1, 66);
    image.add(203, 105);
    image.add(213, 124);
    assert.deepEqual((await discoverSunSpec(meter, image.end().read)).models, [213]);
  });

  it("follows scale factors that change while the device runs", async () => {
    const image = new SunSpecImage();
    const address = image.add(203, 105);
    const points = pointsOf(meter.sunspec, 203);
    fill(image, address, points);
    const { profile: found } = await discoverSunSpec(meter, image.end().read);
    for (const exponent of [-2, -1, 0]) {
      for (const name of ["currentL1", "currentL2", "currentL3"])
        image.set(address, points[name] as (typeof points)[string], 100, exponent);
      assert.deepEqual((await measure(image, found)).currentA, [100, 100, 100]);
    }
  });

  it("knows nothing of a value whose scale factor is not implemented", async () => {
    const image = new SunSpecImage();
    const address = image.add(203, 105);
    const points = pointsOf(meter.sunspec, 203);
    fill(image, address, points);
    image.breakScaleFactor(address, points["currentL1"] as (typeof points)[string]);
    const { profile: found } = await discoverSunSpec(meter, image.end().read);
    const measurement = await measure(image, found);
    assert.deepEqual([measurement.currentA, measurement.quality], [[null, null, null], "bad"]);
  });

  it("reads a value and its scale factor in one request", async () => {
    const image = new SunSpecImage();
    image.add(203, 105);
    const { profile: found } = await discoverSunSpec(meter, image.end().read);
    const blocks = planReads(found, { maxGap: 0 });
    for (const [name, { address, scaleFactorAddress = address }] of Object.entries(found.registers)) {
      const within = blocks.filter((block) =>
        [address, scaleFactorAddress].every((at) => at >= block.address && at < block.address + block.count),
      );
      assert.equal(within.length, 1, name);
    }
  });

  it("takes the second meter behind an inverter when the profile says so, with its sign", async () => {
    const solarEdge = profile("solaredge-meter-via-inverter");
    const image = new SunSpecImage();
    image.add(1, 65);
    image.add(103, 50);
    image.add(1, 65);
    const address = image.add(203, 105);
    fill(image, address, pointsOf(solarEdge.sunspec, 203));
    const device = await discoverSunSpec(solarEdge, image.end().read);
    assert.deepEqual(device.text, `SunSpec model 203 at ${address}`);
    assert.equal((await measure(image, device.profile)).powerW, 6600);
    assert.equal(image.words.get(address + 18), -6600 & 0xffff);
  });

  it("adds the strings that an inverter has, and counts an idle one as nothing", async () => {
    const gen24 = profile("fronius-gen24-pv");
    const image = new SunSpecImage();
    const address = image.add(160, 8 + 2 * 20);
    image.words.set(address + 8, 2);
    image.words.set(address + 21, 1500);
    image.words.set(address + 41, 0xffff);
    const { profile: found } = await discoverSunSpec(gen24, image.end().read);
    assert.equal((await measure(image, found)).powerW, 1500);
  });

  it("knows no battery power where the inverter has no inputs for one", async () => {
    const image = new SunSpecImage();
    const address = image.add(160, 8 + 2 * 20);
    image.words.set(address + 8, 2);
    const { profile: found } = await discoverSunSpec(profile("fronius-gen24-hybrid"), image.end().read);
    assert.equal((await measure(image, found)).powerW, null);
  });

  it("says what the device has when it has nothing that fits", async () => {
    const image = new SunSpecImage();
    image.add(1, 66);
    image.add(103, 50);
    await assert.rejects(discoverSunSpec(meter, image.end().read), {
      code: "EV_METER_NOT_FOUND",
      message: /none of the models 213, .*; it has 1, 103/,
    });
  });

  it("says where it looked when there is no marker", async () => {
    const image = new SunSpecImage(30_000);
    await assert.rejects(discoverSunSpec(meter, image.read), { message: /not at 40000, 50000, 0/ });
  });

  it("ends on a device whose models never end", async () => {
    const endless = async ({ address, count }: { address: number; count: number }) =>
      address === 40_000 ? [0x5375, 0x6e53] : Array.from({ length: count }, (_, index) => (index === 0 ? 7 : 0));
    await assert.rejects(discoverSunSpec(meter, endless), { code: "EV_METER_NOT_FOUND" });
  });
});

describe("A SunSpec meter on a real socket", () => {
  let clock: FakeClock;
  let server: MeterServer;
  let bus: ModbusBus;
  let reader: MeterReader;
  let image: SunSpecImage;
  let address: number;
  let told: MeasurementPayload[];
  let port: number;

  beforeEach(async () => {
    clock = new FakeClock();
    image = new SunSpecImage();
    image.add(1, 66);
    address = image.add(213, 124);
    fill(image, address, pointsOf(meter.sunspec, 213));
    server = image.end().server(7);
    port = await server.listen();
    bus = openLine({ transport: "tcp", host: "127.0.0.1", port }, { clock, random: () => 0.5 });
    told = [];
    reader = new MeterReader({
      bus,
      profile: meter,
      unitId: 7,
      intervalMs: 1000,
      timeoutMs: 500,
      invert: false,
      phaseMap: [1, 2, 3],
      clock,
      onMeasurement: (payload) => told.push(payload),
      onFailure: () => {},
    });
  });

  afterEach(async () => {
    reader.stop();
    bus.close();
    await server.close();
    assert.equal(clock.pending, 0);
  });

  async function until(what: string, holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 5000; turn++) {
      if (holds()) return;
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.fail(`never: ${what}`);
  }

  it("is discovered once and then read in one block per cycle", async () => {
    reader.start();
    await until("a reading", () => told.length === 1);
    assert.equal(told[0]?.quality, "good");
    assert.equal(reader.health.found, `SunSpec model 213 at ${address}`);
    await until("three more", () => told.length === 4);
    assert.deepEqual([reader.health.requestsPerCycle, told.at(-1)?.quality], [1, "good"]);
  });

  it("is looked at again when its values stay impossible: its models may have moved", async () => {
    reader.start();
    await until("a reading", () => told.length === 1);
    for (let offset = 0; offset < 200; offset++) image.words.set(address + offset, 0x4000);
    await until("bad", () => told.at(-1)?.quality === "bad");
    image.words.set(address, 203);
    image.words.set(address + 1, 105);
    image.words.set(address + 107, 0xffff);
    fill(image, address, pointsOf(meter.sunspec, 203));
    await until("good again", () => told.at(-1)?.quality === "good");
    assert.equal(reader.health.found, `SunSpec model 203 at ${address}`);
  });

  it("is not believed when it was restarted with other models between two readings", async () => {
    reader.start();
    await until("a reading", () => told.length === 1);
    await server.close();
    const other = new SunSpecImage();
    other.add(1, 66);
    fill(other, other.add(212, 124), pointsOf(meter.sunspec, 212));
    server = other.end().server(7, port);
    await server.listen();
    await until("the other models", () => reader.health.found === `SunSpec model 212 at ${address}`);
    const known = told.length;
    await until("a reading of them", () => told.length > known);
    assert.ok(told.slice(1, known).every(({ quality }) => quality !== "good"));
    assert.equal(told.at(-1)?.quality, "good");
  });

  it("is not walked in every cycle while it has nothing that fits", async () => {
    image.words.set(address, 999);
    reader.start();
    await until("bad", () => told.at(-1)?.quality === "bad");
    const before = image.requests;
    await until("many cycles", () => reader.health.cycles > 20);
    assert.equal(image.requests, before);
  });

  it("is discovered anew after the connection was lost", async () => {
    reader.start();
    await until("a reading", () => told.length === 1);
    await server.close();
    await until("stale", () => told.at(-1)?.quality === "stale");
    const moved = new SunSpecImage(50_000);
    moved.add(1, 66);
    const movedAt = moved.add(203, 105);
    fill(moved, movedAt, pointsOf(meter.sunspec, 203));
    server = moved.end().server(7, port);
    await server.listen();
    await until("good again", () => told.at(-1)?.quality === "good");
    assert.equal(reader.health.found, `SunSpec model 203 at ${movedAt}`);
  });
});
