import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeRegisters } from "../../lib/metering/decode.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { planReads } from "../../lib/metering/plan.ts";
import { type MeterProfile, meterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { discoverSunSpec } from "../../lib/metering/sunspec.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine } from "../../lib/modbus/line.ts";
import { publishDraw, withdraw } from "../../lib/simulator/charger/car/draws.ts";
import { MeterSimulator, type SimulatedMeter } from "../../lib/simulator/meter/meter-simulator.ts";
import { FakeClock } from "../fake-clock.ts";

const sdm630 = meterProfile("eastron-sdm630") as MeterProfile;
const pac2200 = meterProfile("siemens-pac2200") as MeterProfile;

describe("MeterSimulator on a real socket", () => {
  let clock: FakeClock;
  let simulator: MeterSimulator;
  let bus: ModbusBus;
  const open: { close(): unknown }[] = [];

  beforeEach(() => {
    clock = new FakeClock();
  });

  afterEach(async () => {
    for (const thing of open.splice(0)) await thing.close();
  });

  const settings = (changes: Partial<SimulatedMeter> = {}): SimulatedMeter => ({
    host: "127.0.0.1",
    port: 0,
    unitId: 1,
    profile: sdm630,
    load: [10, 5, 2],
    includes: [],
    ...changes,
  });

  async function start(changes: Partial<SimulatedMeter> = {}): Promise<void> {
    simulator = new MeterSimulator(settings(changes), clock);
    open.push(simulator);
    await simulator.configure(settings(changes));
    bus = busTo(simulator.port);
  }

  function busTo(port: number): ModbusBus {
    const made = openLine({ transport: "tcp", host: "127.0.0.1", port });
    open.push(made);
    return made;
  }

  async function measure(profile = sdm630, on = bus, timeoutMs = 1000): Promise<Measurement> {
    const reads = [];
    for (const block of planReads(profile)) {
      reads.push({ ...block, registers: await on.read({ unitId: 1, ...block }, { timeoutMs }) });
    }
    return decodeRegisters(profile, reads);
  }

  const rounded = (values: readonly (number | null)[]) =>
    values.map((value) => Math.round((value ?? Number.NaN) * 10) / 10);

  /** The profile as a reader finds it on the device. */
  async function found(profile: MeterProfile): Promise<MeterProfile> {
    if (!profile.sunspec) return profile;
    return (await discoverSunSpec(profile, (request) => bus.read({ unitId: 1, ...request }))).profile;
  }

  for (const profile of meterProfiles()) {
    it(`speaks ${profile.id} to our own reader`, async () => {
      await start({ profile });
      const asFound = await found(profile);
      const measurement = await measure(asFound);
      assert.equal(measurement.quality, "good");
      const amps = asFound.phases === 1 ? [10, 0, 0] : [10, 5, 2];
      for (const [phase, current] of measurement.currentA.entries()) {
        if (current !== null) assert.ok(Math.abs(current - (amps[phase] ?? 0)) < 0.11, `L${phase + 1}: ${current} A`);
      }
      const total = amps.reduce((sum, current) => sum + current * 229.6 * 0.98, 0);
      assert.ok(Math.abs((measurement.powerW ?? 0) - total) < 25, `${measurement.powerW} W`);
      if ("soc" in asFound.registers) assert.equal(measurement.socPercent, 55);
    });
  }

  it("has no value at all of a SunSpec device where it acts out missing ones", async () => {
    const profile = meterProfile("fronius-smart-meter") as MeterProfile;
    await start({ profile });
    const asFound = await found(profile);
    await simulator.setFault("nan");
    const { quality, powerW, currentA } = await measure(asFound);
    assert.deepEqual([quality, powerW, currentA], ["bad", null, [null, null, null]]);
  });

  it("adds what the included simulated cars draw, and only those", async () => {
    publishDraw("CP1", [16, 0, 0]);
    publishDraw("CP2", [0, 6, 6]);
    open.push({ close: () => withdraw("CP1") }, { close: () => withdraw("CP2") });
    await start({ includes: ["CP1"] });
    assert.deepEqual(rounded((await measure()).currentA), [26, 5, 2]);
    await simulator.configure(settings({ includes: ["*"] }));
    clock.advance(200);
    assert.deepEqual(rounded((await measure()).currentA), [26, 11, 8]);
    withdraw("CP1");
    clock.advance(200);
    assert.deepEqual(rounded((await measure()).currentA), [10, 11, 8]);
  });

  it("shows export as negative current and power, and counts it", async () => {
    await start({ load: [-10, -10, -10] });
    await measure();
    clock.advance(3_600_000);
    const measurement = await measure();
    assert.deepEqual(rounded(measurement.currentA), [-10, -10, -10]);
    assert.ok((measurement.powerW ?? 0) < -6700);
    assert.ok(Math.abs((measurement.energyExportWh ?? 0) - 6800) < 50, `${measurement.energyExportWh} Wh`);
  });

  it("never shows the same to the bit twice, unless it is frozen", async () => {
    await start();
    const first = await measure();
    clock.advance(1000);
    const second = await measure();
    for (const key of ["currentA", "voltageV", "frequencyHz"] as const) assert.notDeepEqual(second[key], first[key]);
    await simulator.setFault("frozen");
    const frozen = await measure();
    simulator.setLoad([20, 20, 20]);
    clock.advance(60_000);
    assert.deepEqual(await measure(), frozen);
  });

  it("answers another unit, other registers, long reads and other functions with exceptions", async () => {
    await start();
    const ask = (request: object) => bus.read({ unitId: 1, functionCode: 4, address: 0, count: 2, ...request });
    await assert.rejects(ask({ unitId: 2 }), { exceptionCode: 11 });
    await assert.rejects(ask({ address: 9000 }), { exceptionCode: 2 });
    await assert.rejects(ask({ count: 81 }), { exceptionCode: 3 });
    await assert.rejects(ask({ functionCode: 3 }), { exceptionCode: 1 });
  });

  it("refuses reads that cut a value where the device does", async () => {
    await start({ profile: pac2200 });
    const ask = (address: number, count: number) => bus.read({ unitId: 1, functionCode: 3, address, count });
    await assert.rejects(ask(2, 2), { exceptionCode: 2 });
    await assert.rejects(ask(801, 3), { exceptionCode: 2 });
    assert.equal((await ask(801, 16)).length, 16);
    assert.equal((await bus.read({ unitId: 1, functionCode: 4, address: 1, count: 6 })).length, 6);
  });

  it("acts out silence, garbage, refusal and missing values, and recovers", async () => {
    await start();
    await simulator.setFault("silent");
    await assert.rejects(measure(sdm630, bus, 40), { code: "EV_MODBUS_TIMEOUT" });
    await simulator.setFault("garbage");
    await assert.rejects(measure(), { code: "EV_MODBUS_FRAME" });
    await simulator.setFault("exception");
    await assert.rejects(measure(sdm630, busTo(simulator.port)), { exceptionCode: 4 });
    await simulator.setFault("nan");
    const unknown = await measure(sdm630, busTo(simulator.port));
    assert.equal(unknown.quality, "bad");
    assert.equal(unknown.powerW, null);
    await simulator.setFault("none");
    assert.equal((await measure(sdm630, busTo(simulator.port))).quality, "good");
  });

  it("cuts every connection and frees its port when switched off, and listens again afterwards", async () => {
    await start();
    const { port } = simulator;
    await simulator.configure(settings({ port }));
    await measure(sdm630, busTo(simulator.port));
    const own = simulator.port;
    await simulator.setFault("stop");
    assert.equal(simulator.port, 0);
    await assert.rejects(busTo(own).read({ unitId: 1, functionCode: 4, address: 0, count: 2 }), {
      code: "EV_MODBUS_CONNECT",
    });
    await simulator.setFault("none");
    assert.equal((await measure(sdm630, busTo(simulator.port))).quality, "good");
  });

  it("names the port that is in use", async () => {
    await start();
    const { port } = simulator;
    const other = new MeterSimulator(settings({ port }), clock);
    await assert.rejects(other.configure(settings({ port })), {
      code: "EV_PORT_IN_USE",
      message: `port ${port} is in use already`,
    });
    await other.close();
  });

  it("keeps its clients when it becomes another meter on the same port", async () => {
    await start();
    await measure();
    await simulator.configure(settings({ profile: pac2200, load: [1, 2, 3] }));
    clock.advance(200);
    assert.deepEqual(rounded((await measure(pac2200)).currentA), [1, 2, 3]);
    assert.equal(bus.statistics().connects, 1);
  });

  it("serves many clients at once and drops one that sends anything else", async () => {
    await start();
    const rude = await rawClient(simulator.port);
    const gone = once(rude, "close");
    rude.write("GET / HTTP/1.1\r\nHost: meter\r\n\r\n");
    const buses = Array.from({ length: 20 }, () => busTo(simulator.port));
    const readings = await Promise.all(buses.map((each) => measure(sdm630, each)));
    assert.ok(readings.every(({ quality }) => quality === "good"));
    await gone;
  });

  it("survives half frames, foreign function codes and connections that are reset", async () => {
    await start();
    const raw = await rawClient(simulator.port);
    raw.write(Buffer.from([0, 1, 0, 0, 0, 2, 1, 0x2b]));
    const [reply] = (await once(raw, "data")) as [Buffer];
    assert.deepEqual([...reply.subarray(7)], [0xab, 1]);
    raw.write(Buffer.from([0, 2, 0, 0]));
    raw.resetAndDestroy();
    assert.equal((await measure()).quality, "good");
  });

  async function rawClient(port: number): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    open.push({ close: () => socket.destroy() });
    await once(socket, "connect");
    return socket;
  }
});
