import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import { encodeRegisters } from "../../lib/metering/encode.ts";
import { inspectMeter } from "../../lib/metering/inspect.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { type ScanProgress, scanUnits } from "../../lib/metering/scan.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine } from "../../lib/modbus/line.ts";
import { ModbusException, type ReadRequest } from "../../lib/modbus/transport.ts";
import { answer, EXCEPTION, exception } from "../../lib/simulator/meter/meter-registers.ts";
import { MeterServer, replyTo } from "../../lib/simulator/meter/meter-server.ts";
import { FakeClock } from "../fake-clock.ts";
import { typical } from "./fixtures.ts";

const profile = (id: string) => meterProfile(id) as MeterProfile;
const quick = (hasty: MeterProfile) => ({ ...hasty, limits: { ...hasty.limits, minRequestGapMs: 0 } });
const sdm630 = quick(profile("eastron-sdm630"));
const pac2200 = profile("siemens-pac2200");
const em24 = profile("carlo-gavazzi-em24-rtu");

/** A gateway with devices behind some unit ids, on a real socket. */
class Gateway {
  readonly #units: Record<number, MeterProfile>;
  readonly server: MeterServer;
  shows: Measurement = typical;
  /** Units asked, in order, each once in a row. */
  readonly asked: number[] = [];

  /** @param onSilence after a request that nobody answers: the moment for its time-out */
  constructor(units: Record<number, MeterProfile>, onSilence: () => void) {
    this.#units = units;
    this.server = new MeterServer({
      host: "127.0.0.1",
      port: 0,
      respond: (frame) => {
        if (this.asked.at(-1) !== frame.unitId) this.asked.push(frame.unitId);
        const device = this.#units[frame.unitId];
        if (device) return replyTo(frame, answer(device, encodeRegisters(device, this.shows), frame.pdu));
        if (frame.unitId === 200) return replyTo(frame, exception(frame.pdu.readUInt8(0), EXCEPTION.noSuchUnit));
        setImmediate(onSilence);
        return null;
      },
    });
  }
}

describe("scanUnits on a real socket", () => {
  let gateway: Gateway;
  let bus: ModbusBus;
  let clock: FakeClock;
  beforeEach(async () => {
    clock = new FakeClock();
    gateway = new Gateway({ 3: sdm630, 7: pac2200 }, () => clock.advance(1000));
    bus = openLine(
      { transport: "tcp", host: "127.0.0.1", port: await gateway.server.listen() },
      { clock, random: () => 0.5 },
    );
  });

  afterEach(async () => {
    bus.close();
    await gateway.server.close();
  });

  it("tells which units answer and which profiles their values fit", async () => {
    const progress: ScanProgress[] = [];
    const profiles = [pac2200, sdm630, em24];
    const { found, isCancelled } = await scanUnits({
      bus,
      from: 1,
      to: 8,
      profiles,
      onProgress: (step) => progress.push(step),
    });
    assert.equal(isCancelled, false);
    assert.deepEqual(
      found.map(({ unitId, fits }) => [unitId, fits[0]?.profile]),
      [
        [3, "eastron-sdm630"],
        [7, "siemens-pac2200"],
      ],
    );
    assert.match(found[0]?.fits[0]?.text ?? "", /229\.4 V, .*50\.01 Hz/);
    assert.deepEqual(progress.map(({ done, total }) => `${done}/${total}`).slice(-2), ["7/8", "8/8"]);
  });

  it("takes a gateway's word that nobody is there", async () => {
    assert.deepEqual((await scanUnits({ bus, from: 200, to: 200, profiles: [sdm630] })).found, []);
  });

  it("ends when it is cancelled, with what it had found", async () => {
    const controller = new AbortController();
    const { found, isCancelled } = await scanUnits({
      bus,
      from: 1,
      to: 100,
      profiles: [sdm630],
      signal: controller.signal,
      onProgress: ({ unitId }) => unitId === 3 && controller.abort(),
    });
    assert.deepEqual([found.length, isCancelled], [1, true]);
    assert.equal(Math.max(...gateway.asked), 3);
  });

  for (const [from, to, told] of [
    [-1, 5, /from is -1/],
    [1, 256, /to is 256/],
    [5, 1, /must not be above/],
    [1.5, 2, /from is 1.5/],
  ] as const) {
    it(`refuses the range from ${from} to ${to}`, async () => {
      await assert.rejects(scanUnits({ bus, from, to, profiles: [sdm630] }), {
        code: "EV_CONFIG_INVALID",
        message: told,
      });
    });
  }

  it("rejects when the line itself cannot be opened", async () => {
    await gateway.server.close();
    await assert.rejects(scanUnits({ bus, from: 1, to: 5, profiles: [sdm630] }), { code: "EV_MODBUS_CONNECT" });
  });
});

describe("inspectMeter", () => {
  const clock = new FakeClock();

  /** A device in memory. */
  const busOf = (device: MeterProfile, shows = typical, fail?: (request: ReadRequest) => EvError | null) => ({
    read: async (request: ReadRequest) => {
      const error = fail?.(request);
      if (error) throw error;
      const words = new Map<number, number>();
      for (const value of encodeRegisters(device, shows)) {
        for (const [index, word] of value.registers.entries()) words.set(value.address + index, word);
      }
      return Array.from({ length: request.count }, (_, index) => words.get(request.address + index) ?? 0);
    },
  });
  const inspect = (bus: ReturnType<typeof busOf>, inspected = sdm630) =>
    inspectMeter({ bus, profile: inspected, unitId: 1, timeoutMs: 500, clock });

  it("shows every register raw and decoded, and what the profile says of itself", async () => {
    const { values, blocks, measurement, suspicions, notes, disagreements } = await inspect(busOf(sdm630));
    const voltage = values.find(({ name }) => name === "voltageL1");
    assert.deepEqual([voltage?.raw, voltage?.value, voltage?.unit, voltage?.problem], ["0x43656666", 229.4, "V", null]);
    assert.equal(values.length, Object.keys(sdm630.registers).length);
    assert.deepEqual(blocks.find(({ address }) => address === 0)?.words?.slice(0, 2), ["4365", "6666"]);
    assert.deepEqual([measurement.quality, suspicions], ["good", []]);
    assert.deepEqual([notes, disagreements], [sdm630.notes, sdm630.disagreements]);
  });

  it("says what cannot be true", async () => {
    const { values, measurement } = await inspect(busOf(sdm630, { ...typical, frequencyHz: 500 }));
    const frequency = values.find(({ name }) => name === "frequency");
    assert.equal(frequency?.value, 500);
    assert.match(frequency?.problem ?? "", /outside 45 to 65/);
    assert.equal(measurement.quality, "bad");
  });

  it("reads the rest of a block in which one register is refused", async () => {
    const { values, blocks } = await inspect(
      busOf(sdm630, typical, ({ address, count }) =>
        address <= 70 && address + count > 70 ? new ModbusException(2, "x") : null,
      ),
    );
    assert.equal(values.find(({ name }) => name === "frequency")?.problem, "not read");
    assert.equal(values.find(({ name }) => name === "energyImport")?.value, typical.energyImportWh);
    assert.match(blocks.find(({ words }) => words === null)?.error ?? "", /exception 2/);
  });

  it("suspects the word order where the other one would make sense", async () => {
    const little: MeterProfile = { ...sdm630, wordOrder: "little" };
    const { suspicions } = await inspect(busOf(little), sdm630);
    assert.match(suspicions.join(), /word order\?/);
  });

  it("rejects when everything is refused, as by a gateway that reaches no device", async () => {
    const gateway = busOf(sdm630, typical, () => new ModbusException(11, "x"));
    await assert.rejects(inspect(gateway), { code: "EV_MODBUS_EXCEPTION", message: /no device behind the gateway/ });
  });

  it("rejects when the device is silent", async () => {
    const silent = busOf(sdm630, typical, () => new EvError("EV_MODBUS_TIMEOUT", "x"));
    await assert.rejects(inspect(silent), { code: "EV_MODBUS_TIMEOUT" });
  });
});
