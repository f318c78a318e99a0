import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import type { MeasurementPayload } from "../../lib/messages.ts";
import type { RegisterRead } from "../../lib/metering/decode.ts";
import { encodeRegisters } from "../../lib/metering/encode.ts";
import type { Measurement } from "../../lib/metering/measurement.ts";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { MeterReader, type MeterReaderOptions } from "../../lib/metering/reader.ts";
import { ModbusException, type ReadRequest } from "../../lib/modbus/transport.ts";
import { FakeClock } from "../fake-clock.ts";
import { typical } from "./fixtures.ts";

const sdm630 = meterProfile("eastron-sdm630") as MeterProfile;

/** A meter in memory that answers at once, fails as told, or keeps a request waiting. */
class Meter {
  shows: Measurement = typical;
  readonly requests: ReadRequest[] = [];
  fail: ((request: ReadRequest) => Error | null) | null = null;
  hang = false;
  isFrozen = false;
  /** All its registers hold this word. */
  answers: number | null = null;
  #profile: MeterProfile;

  constructor(profile: MeterProfile) {
    this.#profile = profile;
  }

  read = (request: ReadRequest): Promise<number[]> => {
    this.requests.push(request);
    if (this.hang) return new Promise(() => {});
    const error = this.fail?.(request);
    return error ? Promise.reject(error) : Promise.resolve(this.#words(request));
  };

  #words({ address, count }: ReadRequest): number[] {
    const words = new Map<number, number>();
    for (const value of encodeRegisters(this.#profile, this.shows) as RegisterRead[]) {
      for (const [index, word] of value.registers.entries()) words.set(value.address + index, word);
    }
    if (this.answers !== null) return Array.from({ length: count }, () => this.answers as number);
    // A live meter never shows twice the same everywhere.
    const restless = this.isFrozen ? 0 : this.requests.length;
    return Array.from({ length: count }, (_, index) => words.get(address + index) ?? restless);
  }
}

describe("MeterReader", () => {
  let clock: FakeClock;
  let meter: Meter;
  let told: MeasurementPayload[];
  let failures: { code: string; isRepeat: boolean }[];
  let reader: MeterReader;

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    failures = [];
    meter = new Meter(sdm630);
  });

  afterEach(() => reader.stop());

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  async function start(options: Partial<MeterReaderOptions> = {}): Promise<void> {
    reader = new MeterReader({
      bus: meter,
      profile: sdm630,
      unitId: 1,
      intervalMs: 1000,
      timeoutMs: 500,
      invert: false,
      phaseMap: [1, 2, 3],
      clock,
      onMeasurement: (payload) => told.push(payload),
      onFailure: ({ code }, isRepeat) => failures.push({ code, isRepeat }),
      ...options,
    });
    reader.start();
    clock.advance(0);
    await settled();
  }

  const timeout = () => new EvError("EV_MODBUS_TIMEOUT", "silent");
  const last = () => told.at(-1) as MeasurementPayload;

  it("tells a complete reading at once and then one per interval, with the time of the reply", async () => {
    await start();
    assert.equal(told.length, 1);
    assert.equal(last().ts, "2026-06-01T12:00:00.000Z");
    assert.deepEqual({ ...last(), ts: undefined }, { ...typical, ts: undefined });
    await clock.advanceAsync(3000, 1000);
    assert.equal(told.length, 4);
    assert.equal(last().ts, "2026-06-01T12:00:03.000Z");
  });

  it("reads currents and powers every cycle and one slow block in turn", async () => {
    await start();
    const first = meter.requests.splice(0).map(({ address }) => address);
    assert.deepEqual(first, [6, 52, 0, 30, 62]);
    for (const slow of [0, 30, 62, 52]) {
      await clock.advanceAsync(1000);
      assert.deepEqual(
        meter.requests.splice(0).map(({ address }) => address),
        [6, slow],
      );
      assert.equal(last().powerW, typical.powerW);
      assert.equal(last().quality, "good");
      assert.equal(last().energyImportWh, typical.energyImportWh);
    }
  });

  it("reads the total power every cycle from a meter whose phases do not add up to one", async () => {
    meter.shows = { ...typical, phasePowerW: [2700, null, 2100] };
    await start();
    await clock.advanceAsync(1000);
    meter.requests.splice(0);
    await clock.advanceAsync(1000);
    assert.ok(meter.requests.some(({ address }) => address === 52));
  });

  it("takes a block of zeros beside a power for no reading, never for no load", async () => {
    await start();
    for (const amps of [0, 2.4e-41, 1.2]) {
      meter.shows = { ...typical, currentA: [amps, amps, amps] };
      await clock.advanceAsync(1000);
      assert.equal(last().quality, "bad", `${amps} A`);
    }
    meter.shows = typical;
    await clock.advanceAsync(1000);
    assert.equal(last().quality, "good");
  });

  it("tells one total, the phases' sum, while both agree", async () => {
    meter.shows = { ...typical, powerW: (typical.powerW as number) + 100 };
    await start();
    await clock.advanceAsync(6000, 500);
    assert.equal(told.length, 7);
    assert.deepEqual(new Set(told.map(({ powerW }) => powerW)), new Set([typical.powerW]));
  });

  it("holds to the meter's own total once the phases have contradicted it twice, and suspects the sign", async () => {
    const ownW = -(typical.powerW as number);
    meter.shows = { ...typical, powerW: ownW };
    await start();
    await clock.advanceAsync(14_000, 500);
    const totals = told.map(({ powerW }) => powerW);
    const from = totals.indexOf(ownW);
    assert.ok(from > 0 && from <= 6, `from reading ${from}`);
    assert.ok(totals.slice(from).every((watts) => watts === ownW));
    assert.match(reader.health.suspicions[0] ?? "", /^sign\?/);
  });

  it("asks what phases are wired to that have nothing to say beside one that is well", async () => {
    const texts: string[] = [];
    const onFailure = ({ message }: EvError) => void texts.push(message);
    meter.shows = { ...typical, voltageV: [230, 0, 0], currentA: [5, 0, 0], phasePowerW: [1150, 0, 0], powerW: 1150 };
    await start({ onFailure });
    assert.equal(last().quality, "bad");
    assert.match(texts[0] ?? "", /if its L2 and L3 are not wired, set these phases to –/);
    reader.stop();
    await start({ onFailure, phaseMap: [1, null, null] });
    assert.equal(last().quality, "good");
    assert.deepEqual(last().currentA, [5, null, null]);
  });

  it("reads everything every time when the interval is long", async () => {
    await start({ intervalMs: 10_000 });
    await clock.advanceAsync(10_000);
    assert.equal(meter.requests.length, 8);
  });

  it("skips cycles while one is running, and never catches up", async () => {
    meter.hang = true;
    await start();
    await clock.advanceAsync(3000, 1000);
    assert.equal(meter.requests.length, 1);
    assert.equal(reader.health.skippedCycles, 3);
  });

  it("tells the last reading once more as stale after five seconds without a new one, with its old time", async () => {
    await start();
    meter.fail = timeout;
    await clock.advanceAsync(4900, 100);
    assert.equal(told.length, 1);
    await clock.advanceAsync(10_000, 100);
    assert.equal(told.length, 2);
    assert.deepEqual(last(), { ...told[0], quality: "stale" });
    meter.fail = null;
    await clock.advanceAsync(1000, 100);
    assert.equal(last().quality, "good");
  });

  it("counts three intervals before stale when they are long", async () => {
    await start({ intervalMs: 10_000 });
    meter.fail = timeout;
    await clock.advanceAsync(29_000, 1000);
    assert.equal(told.length, 1);
    await clock.advanceAsync(2000, 1000);
    assert.equal(last().quality, "stale");
  });

  it("tells a reading without values as bad when there never was one", async () => {
    meter.fail = timeout;
    await start();
    await clock.advanceAsync(5000, 1000);
    assert.equal(told.length, 1);
    assert.equal(last().quality, "bad");
    assert.deepEqual(last().currentA, [null, null, null]);
  });

  for (const error of [new ModbusException(4, "x"), new EvError("EV_MODBUS_FRAME", "x")]) {
    it(`is bad at once, and says so once, on ${error.code}`, async () => {
      await start();
      meter.fail = () => error;
      await clock.advanceAsync(3000, 1000);
      assert.equal(told.length, 2);
      assert.equal(last().quality, "bad");
      assert.equal(last().powerW, null);
    });
  }

  it("is bad in every reading whose values cannot be true, and names the first", async () => {
    meter.shows = { ...typical, frequencyHz: 500 };
    await start();
    await clock.advanceAsync(1000);
    assert.deepEqual(
      told.map(({ quality }) => quality),
      ["bad", "bad"],
    );
    assert.deepEqual(failures, [
      { code: "EV_METER_IMPLAUSIBLE", isRepeat: false },
      { code: "EV_METER_IMPLAUSIBLE", isRepeat: true },
    ]);
  });

  it("reports the same error as new once a minute, another one at once", async () => {
    meter.fail = timeout;
    await start();
    await clock.advanceAsync(61_000, 1000);
    assert.equal(failures.filter(({ isRepeat }) => !isRepeat).length, 2);
    meter.fail = () => new EvError("EV_MODBUS_CONNECT", "gone");
    await clock.advanceAsync(1000);
    assert.deepEqual(failures.at(-1), { code: "EV_MODBUS_CONNECT", isRepeat: false });
  });

  it("knows no voltages, yet is good, while only their block fails", async () => {
    meter.fail = ({ address }) => (address === 0 ? timeout() : null);
    await start();
    assert.equal(last().quality, "good");
    assert.deepEqual(last().voltageV, [null, null, null]);
  });

  it("reads without holes from a device that has none of the registers in them", async () => {
    meter.fail = ({ address, count }) => (address === 62 && count === 14 ? new ModbusException(2, "x") : null);
    await start();
    await clock.advanceAsync(1000);
    assert.equal(last().frequencyHz, typical.frequencyHz);
    assert.equal(failures.length, 0);
  });

  it("stops asking for a slow block that the device does not have", async () => {
    meter.fail = ({ address }) => (address === 30 ? new ModbusException(2, "x") : null);
    await start();
    await clock.advanceAsync(10_000, 1000);
    const before = meter.requests.filter(({ address }) => address === 30).length;
    await clock.advanceAsync(10_000, 1000);
    assert.equal(meter.requests.filter(({ address }) => address === 30).length, before);
    assert.equal(last().quality, "good");
    assert.equal(last().frequencyHz, typical.frequencyHz);
  });

  it("turns all directions of a meter that is mounted backwards", async () => {
    await start({ invert: true });
    assert.deepEqual(last().currentA, [-12.1, -8, -9.4]);
    assert.equal(last().powerW, -6600);
    assert.equal(last().energyImportWh, typical.energyExportWh);
    assert.equal(last().energyExportWh, typical.energyImportWh);
    assert.deepEqual(last().voltageV, typical.voltageV);
  });

  it("puts each phase of the meter on the site's phase it is wired to", async () => {
    await start({ phaseMap: [2, 3, 1] });
    assert.deepEqual(last().currentA, [9.4, 12.1, 8]);
    assert.deepEqual(last().phasePowerW, [2100, 2700, 1800]);
  });

  it("minds no missing value of a phase that is not wired", async () => {
    meter.shows = { ...typical, currentA: [12.1, null, null], voltageV: [230, 0, 0] };
    await start({ phaseMap: [2, null, null] });
    assert.equal(last().quality, "good");
    assert.deepEqual(last().currentA, [null, 12.1, null]);
  });

  it("reads only when asked with an interval of 0", async () => {
    await start({ intervalMs: 0 });
    await clock.advanceAsync(60_000, 10_000);
    assert.equal(meter.requests.length, 0);
    const payload = await reader.readNow();
    assert.equal(payload.quality, "good");
    assert.equal(told.length, 0);
  });

  it("joins the reading under way when asked, and rejects with its error", async () => {
    await start({ intervalMs: 0 });
    const [one, other] = await Promise.all([reader.readNow(), reader.readNow()]);
    assert.equal(one, other);
    meter.fail = timeout;
    await assert.rejects(reader.readNow(), { code: "EV_MODBUS_TIMEOUT" });
  });

  it("calls a meter stale that repeats itself to the bit while current flows, since when it does", async () => {
    await start();
    await clock.advanceAsync(5000, 1000);
    meter.isFrozen = true;
    const frozenFrom = told.length;
    await clock.advanceAsync(20_000, 1000);
    const stale = told.slice(frozenFrom).findIndex(({ quality }) => quality === "stale");
    assert.ok(stale >= 9 && stale <= 13, `after ${stale} readings`);
    assert.equal(last().ts, "2026-06-01T12:00:07.000Z");
    assert.equal(failures.at(-1)?.code, "EV_METER_FROZEN");
    assert.equal(reader.health.isFrozen, true);
    meter.isFrozen = false;
    await clock.advanceAsync(4000, 1000);
    assert.deepEqual([last().quality, reader.health.isFrozen], ["good", false]);
  });

  it("never calls a meter frozen through which nothing flows", async () => {
    meter.isFrozen = true;
    meter.shows = { ...typical, currentA: [0, 0, 0], phasePowerW: [0, 0, 0], powerW: 0 };
    await start();
    await clock.advanceAsync(30_000, 1000);
    assert.deepEqual([...new Set(told.map(({ quality }) => quality))], ["good"]);
  });

  it("is bad for a reading in which a counter falls", async () => {
    await start({ intervalMs: 10_000 });
    meter.shows = { ...typical, energyImportWh: 3 };
    await clock.advanceAsync(10_000, 1000);
    assert.equal(last().quality, "bad");
    assert.equal(failures.at(-1)?.code, "EV_METER_IMPLAUSIBLE");
    await clock.advanceAsync(20_000, 1000);
    assert.equal(last().quality, "good");
  });

  it("knows a phase current no more that the device refuses, and asks for it again after a minute", async () => {
    meter.fail = ({ address, count }) => (address <= 8 && address + count > 8 ? new ModbusException(2, "x") : null);
    await start();
    assert.deepEqual([last().quality, last().currentA], ["good", [12.1, null, 9.4]]);
    assert.deepEqual(reader.health.unavailable, ["currentL2"]);
    meter.fail = null;
    await clock.advanceAsync(62_000, 1000);
    assert.deepEqual(last().currentA, [12.1, 8, 9.4]);
    assert.deepEqual(reader.health.unavailable, []);
  });

  it("is bad when the device refuses everything that could be steered by", async () => {
    meter.fail = ({ address }) => (address < 60 ? new ModbusException(2, "x") : null);
    await start();
    assert.equal(last().quality, "bad");
  });

  for (const exceptionCode of [5, 6, 10, 11]) {
    it(`waits for the next cycle at exception ${exceptionCode}, and goes stale like a silent device`, async () => {
      await start();
      meter.fail = () => new ModbusException(exceptionCode, "x");
      await clock.advanceAsync(4000, 1000);
      assert.equal(told.length, 1);
      await clock.advanceAsync(2000, 1000);
      assert.equal(last().quality, "stale");
    });
  }

  it("tells 0 W and asleep of an inverter that fell silent at dusk, and knows no currents", async () => {
    const inverter: MeterProfile = { ...sdm630, kind: "pv" };
    meter.shows = { ...typical, powerW: 20, phasePowerW: [7, 7, 6], currentA: [0.1, 0.1, 0.1] };
    await start({ profile: inverter });
    meter.fail = timeout;
    await clock.advanceAsync(60_000, 1000);
    assert.deepEqual([last().quality, last().powerW, last().asleep], ["good", 0, true]);
    assert.deepEqual(last().currentA, [null, null, null]);
    assert.equal(last().energyImportWh, typical.energyImportWh);
    assert.deepEqual([failures, reader.health.isAsleep], [[], true]);
    meter.fail = null;
    await clock.advanceAsync(1000);
    assert.equal(last().asleep, undefined);
  });

  it("tells asleep of an inverter that answers at night without a supply to measure", async () => {
    meter.shows = {
      ...typical,
      powerW: 0,
      phasePowerW: [0, 0, 0],
      currentA: [0, 0, 0],
      voltageV: [0, 0, 0],
      frequencyHz: 0,
    };
    await start({ profile: { ...sdm630, kind: "pv" } });
    assert.deepEqual([last().quality, last().powerW, last().asleep], ["good", 0, true]);
    assert.deepEqual(last().voltageV, [null, null, null]);
  });

  it("is bad at once when a gateway answers all ones for phases that it no longer reaches", async () => {
    await start();
    meter.answers = 0xffff;
    await clock.advanceAsync(1000);
    assert.deepEqual([last().quality, last().currentA], ["bad", [null, null, null]]);
  });

  it("goes stale like any other when an inverter vanishes while it produces", async () => {
    await start({ profile: { ...sdm630, kind: "pv" } });
    meter.fail = timeout;
    await clock.advanceAsync(6000, 1000);
    assert.equal(last().quality, "stale");
  });

  it("tells how the reading goes", async () => {
    await start();
    await clock.advanceAsync(2500, 500);
    const { ageMs, cycles, requestsPerCycle, failedCycles, suspicions, found } = reader.health;
    assert.deepEqual([ageMs, cycles, requestsPerCycle, failedCycles, suspicions, found], [500, 3, 2, 0, [], null]);
  });

  it("suspects a swapped word order, and goes on reading as declared", async () => {
    meter = new Meter({ ...sdm630, wordOrder: "little" });
    await start();
    await clock.advanceAsync(6000, 1000);
    assert.match(reader.health.suspicions.join(), /word order\?/);
    assert.equal(last().quality, "bad");
  });

  it("reads over wider holes on a serial line once it knows how slowly the device answers", async () => {
    let turnaroundMs: number | null = null;
    const format = { baudRate: 19_200, bitsPerCharacter: 10 };
    const bus = { read: meter.read, format, turnaroundMs: () => turnaroundMs };
    await start({ bus, profile: { ...sdm630, limits: { ...sdm630.limits, maxGap: 125, maxRegistersPerRead: 125 } } });
    const before = reader.health.requestsPerCycle;
    turnaroundMs = 50;
    await clock.advanceAsync(61_000, 1000);
    assert.ok(reader.health.requestsPerCycle < before, `${before} → ${reader.health.requestsPerCycle}`);
    assert.equal(last().quality, "good");
  });

  it("tells nothing and leaves no timer after stop", async () => {
    await start();
    const pending = reader.readNow();
    reader.stop();
    await pending;
    await clock.advanceAsync(20_000, 1000);
    assert.equal(told.length, 1);
    assert.equal(clock.pending, 0);
  });
});
