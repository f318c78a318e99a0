import { strict as assert } from "node:assert";
import type { MeasurementPayload } from "../../lib/messages.ts";
import type { MeterBus } from "../../lib/metering/acquisition.ts";
import { decodeRegisters } from "../../lib/metering/decode.ts";
import { encodeRegisters } from "../../lib/metering/encode.ts";
import { type MeterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { MeterReader } from "../../lib/metering/reader.ts";
import { ModbusException } from "../../lib/modbus/transport.ts";
import { answer } from "../../lib/simulator/meter/meter-registers.ts";
import { FakeClock } from "../fake-clock.ts";
import { numbersOf, typical } from "./fixtures.ts";
import { pointsOf, SunSpecImage } from "./sunspec-device.ts";

/** A device of a profile in memory, as picky as the real one, whose values are those of `typical`. */
function deviceOf(profile: MeterProfile): MeterBus {
  const values = encodeRegisters(profile, typical);
  return {
    read: async ({ functionCode, address, count }) => {
      const request = Buffer.from([functionCode, address >> 8, address & 0xff, 0, count]);
      const reply = answer(profile, values, request);
      if (reply.readUInt8(0) & 0x80) throw new ModbusException(reply.readUInt8(1), `registers ${address}`);
      return Array.from({ length: count }, (_, index) => reply.readUInt16BE(2 + 2 * index));
    },
  };
}

/** A SunSpec device of a profile, with the models that it prefers. */
function sunSpecOf({ sunspec }: MeterProfile): MeterBus {
  const image = new SunSpecImage();
  for (let subdevice = 0; subdevice <= (sunspec?.subdevice ?? 0); subdevice++) image.add(1, 66);
  for (const id of [sunspec?.modelPreference[0] as string, ...(sunspec?.companions ?? [])]) {
    const model = sunspec?.models[id];
    const address = image.add(Number(id), model?.length ?? 88);
    for (const point of Object.values(pointsOf(sunspec, Number(id)))) image.set(address, point, 50);
    if (model?.modules) image.words.set(address + model.modules.countOffset, 4);
  }
  return { read: image.end().read };
}

async function read(profile: MeterProfile, bus: MeterBus, intervalMs: number): Promise<MeasurementPayload[]> {
  const clock = new FakeClock();
  const told: MeasurementPayload[] = [];
  const reader = new MeterReader({
    bus,
    profile,
    unitId: 1,
    intervalMs,
    timeoutMs: 500,
    invert: false,
    phaseMap: [1, 2, 3],
    clock,
    onMeasurement: (payload) => told.push(payload),
    onFailure: () => {},
  });
  reader.start();
  await clock.advanceAsync(intervalMs * 8, intervalMs);
  reader.stop();
  assert.equal(clock.pending, 0);
  assert.deepEqual(reader.health.unavailable, []);
  return told;
}

describe("A reader of every profile", () => {
  for (const profile of meterProfiles().filter(({ sunspec }) => !sunspec)) {
    it(`tells in every cycle what a ${profile.id} measures, from a device that answers for nothing else`, async () => {
      const all = encodeRegisters(profile, typical);
      const expected = decodeRegisters(profile, all);
      for (const intervalMs of [1000, 10_000]) {
        const told = await read(profile, deviceOf(profile), intervalMs);
        assert.ok(told.length >= 8);
        for (const payload of told.slice(0, 4)) {
          assert.equal(payload.quality, "good");
          for (const [index, value] of numbersOf(payload).entries()) {
            const should = numbersOf(expected)[index] ?? null;
            const near = value === should || Math.abs((value ?? Number.NaN) - (should ?? Number.NaN)) < 1;
            assert.ok(near, `value ${index} is ${value}, not ${should}`);
          }
        }
      }
    });
  }

  for (const profile of meterProfiles().filter(({ sunspec }) => sunspec)) {
    it(`finds the models of a ${profile.id} and reads them`, async () => {
      const told = await read(profile, sunSpecOf(profile), 1000);
      assert.notEqual(told[0]?.powerW, null);
    });
  }
});
