import { strict as assert } from "node:assert";
import { decodeRegisters } from "../../lib/metering/decode.ts";
import { planReads } from "../../lib/metering/plan.ts";
import type { SunSpecModel, SunSpecPoint } from "../../lib/metering/profile-schema.ts";
import { type MeterProfile, meterProfiles } from "../../lib/metering/profiles.ts";
import { discoverSunSpec } from "../../lib/metering/sunspec.ts";
import { numbersOf } from "./fixtures.ts";
import { bitsOf, expectedOf, wordsOf, wordsOfBits } from "./golden-device.ts";

/** What the device shows, by the unit of the point, and the exponent that its scale factor has. */
const SHOWN: Record<string, { value: number; exponent: number }> = {
  V: { value: 231.4, exponent: -1 },
  A: { value: 12.34, exponent: -2 },
  W: { value: 2710, exponent: 1 },
  Wh: { value: 1_250_000, exponent: 3 },
  Hz: { value: 50.02, exponent: -2 },
  "%": { value: 63, exponent: 0 },
  "": { value: 0.98, exponent: -1 },
};

/** A SunSpec device with one model, its companions and all that leads to them; written from the models' data alone. */
class GoldenSunSpec {
  readonly #profile: MeterProfile;
  readonly #memory = new Map<number, number>();
  readonly values = new Map<string, number>();

  constructor(profile: MeterProfile, modelId: string) {
    this.#profile = profile;
    const { baseCandidates = [], companions = [], subdevice = 0, models = {} } = profile.sunspec ?? {};
    let at = baseCandidates.at(-1) ?? 0;
    const put = (words: readonly number[]) => {
      this.#put(at, words);
      at += words.length;
    };
    put([0x5375, 0x6e53]);
    for (let common = 0; common <= subdevice; common++) put([1, 4, 0, 0, 0, 0]);
    for (const id of [modelId, ...companions]) {
      const model = models[id] as SunSpecModel;
      const blocks = Object.keys(model.modules?.meaning ?? {}).length;
      const length = model.length ?? (model.modules?.start ?? 2) - 2 + blocks * (model.modules?.length ?? 0);
      const begin = at;
      put([Number(id), length, ...Array.from({ length }, () => 0x8000)]);
      for (const [name, point] of Object.entries(model.points)) this.#value(name, point, begin, model.phases === 1);
      if (!model.modules) continue;
      this.#put(begin + model.modules.countOffset, [blocks]);
      for (let block = 0; block < blocks; block++) {
        for (const [name, point] of Object.entries(model.modules.points)) {
          const moved = { ...point, offset: point.offset + block * model.modules.length };
          this.#value(`module${block + 1}.${name}`, moved, begin, false, 100 * block);
        }
      }
    }
    put([0xffff, 0]);
  }

  #value(name: string, point: SunSpecPoint, begin: number, single: boolean, more = 0): void {
    const { type, scale = 1, offset, scaleFactorOffset, notAvailable = [] } = point;
    const shown = SHOWN[point.unit] as { value: number; exponent: number };
    const factor = scaleFactorOffset === undefined ? 1 : 10 ** shown.exponent;
    if (scaleFactorOffset !== undefined) this.#put(begin + scaleFactorOffset, wordsOf(shown.exponent, "int16", "big"));
    if (single && /L[23]$/.test(name)) {
      this.#put(begin + offset, wordsOfBits(notAvailable[0] ?? "0x8000", "big"));
      return;
    }
    const exact = (shown.value + more) / scale / factor;
    const raw = type === "float32" ? Math.fround(exact) : Math.round(exact);
    assert.ok(Math.abs(raw) < 2 ** (bitsOf(type) - 1));
    this.#put(begin + offset, wordsOf(raw, type, "big"));
    this.values.set(name, raw * scale * factor);
  }

  #put(address: number, words: readonly number[]): void {
    for (const [index, word] of words.entries()) this.#memory.set(address + index, word);
  }

  read = ({ functionCode, address, count }: { functionCode: number; address: number; count: number }) => {
    assert.equal(functionCode, this.#profile.functionCode);
    return Promise.resolve(Array.from({ length: count }, (_, index) => this.#memory.get(address + index) ?? 0));
  };
}

describe("Golden vectors of SunSpec devices", () => {
  const devices = meterProfiles().filter(({ sunspec }) => sunspec);

  it("exist for every one of them", () => assert.equal(devices.length, 9));

  for (const profile of devices) {
    for (const modelId of profile.sunspec?.modelPreference ?? []) {
      it(`${profile.id} reads what a device with model ${modelId} sends`, async () => {
        const device = new GoldenSunSpec(profile, modelId);
        const found = (await discoverSunSpec(profile, device.read)).profile;
        const reads = [];
        for (const block of planReads(found)) reads.push({ ...block, registers: await device.read(block) });
        const phases = profile.sunspec?.models[modelId]?.phases ?? profile.phases;
        const expected = expectedOf({ ...profile, phases }, device.values);
        const actual = decodeRegisters(found, reads);
        assert.equal(actual.quality, "good");
        for (const [index, value] of numbersOf(expected).entries()) {
          const got = numbersOf(actual)[index] ?? null;
          const near = value === null ? got === null : got !== null && Math.abs(got - value) <= Math.abs(value) * 2e-7;
          assert.ok(near, `${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
        }
      });
    }
  }
});
