import { strict as assert } from "node:assert";
import type { MeasurementPayload } from "../../lib/messages.ts";
import { compileMapping } from "../../lib/metering/mapping.ts";
import { MeterInput } from "../../lib/metering/mapping-input.ts";
import { MAPPING_PRESETS } from "../../lib/metering/mapping-presets.ts";
import { FakeClock } from "../fake-clock.ts";

/** What the samples of a preset make together. */
async function reading(
  id: string,
  change: (payload: unknown) => unknown = (payload) => payload,
): Promise<MeasurementPayload> {
  const preset = MAPPING_PRESETS.find((other) => other.id === id);
  assert.ok(preset, id);
  const clock = new FakeClock();
  let told: MeasurementPayload | null = null;
  const input = new MeterInput({
    mapping: compileMapping(preset.mapping),
    staleAfterS: 30,
    clock,
    onMeasurement: (payload) => {
      told = payload;
    },
  });
  for (const sample of preset.samples) await input.accept({ ...sample, payload: change(sample.payload) });
  clock.advance(300);
  input.stop();
  assert.equal(clock.pending, 0);
  assert.ok(told, "no reading");
  return told;
}

const tenths = (values: readonly (number | null)[]) => values.map((value) => value && Math.round(value * 10) / 10);

describe("Presets of the meter input", () => {
  for (const { id, samples } of MAPPING_PRESETS) {
    it(`read the messages of ${id} as objects and as JSON texts`, async () => {
      const asObject = await reading(id);
      assert.equal(asObject.quality, "good");
      assert.notEqual(asObject.powerW, null);
      const asText = await reading(id, (payload) => (typeof payload === "object" ? JSON.stringify(payload) : payload));
      assert.deepEqual(asText, asObject);
      assert.ok(samples.length > 0);
    });

    it(`ignore in ${id} a message of something else`, async () => {
      const preset = MAPPING_PRESETS.find((other) => other.id === id);
      if (id === "power") return;
      const mapping = compileMapping(preset?.mapping ?? "");
      assert.equal(await mapping.evaluate({ topic: "something/else", payload: { temperature: 21 } }), null);
      assert.equal(await mapping.evaluate({ topic: "something/else", payload: "on" }), null);
    });
  }

  for (const id of [
    "shelly-3em-mqtt",
    "shelly-pro-3em",
    "p1-telegram",
    "p1-json",
    "homewizard-p1",
    "tasmota-sml",
    "fronius-solar-api",
    "openwb",
  ]) {
    it(`bring from ${id} the same three phases, feed-in negative`, async () => {
      const { currentA, voltageV, phasePowerW, powerW } = await reading(id);
      assert.deepEqual(
        phasePowerW.map((watts) => watts && Math.round(watts / 10)),
        [132, -41, 9],
      );
      assert.deepEqual(
        voltageV.map((volts) => volts && Math.round(volts)),
        [229, 230, 229],
      );
      assert.ok(Math.abs((powerW ?? 0) - 1000) < 2, `${powerW} W`);
      const [l1, l2, l3] = tenths(currentA);
      assert.ok([5.8, 5.9].includes(l1 ?? 0) && l2 === -1.8 && [0.4, 0.5].includes(l3 ?? 0), `${currentA}`);
    });
  }

  for (const id of [
    "shelly-pro-3em",
    "p1-telegram",
    "p1-json",
    "homewizard-p1",
    "tasmota-sml",
    "fronius-solar-api",
    "evcc",
    "openwb",
  ]) {
    it(`bring from ${id} energies in Wh`, async () => {
      const { energyImportWh, energyExportWh } = await reading(id);
      assert.deepEqual(
        [Math.round(energyImportWh ?? 0), Math.round(energyExportWh ?? 0)].map((wh) => Math.floor(wh / 10)),
        [125_000, 200],
      );
    });
  }

  it("never take a current below what power and voltage say, where the meter cuts amperes off", async () => {
    assert.deepEqual(tenths((await reading("p1-telegram")).currentA), [5.8, -1.8, 0.4]);
  });

  it("convert the kW of Home Assistant, and know nothing of what is unavailable", async () => {
    const { powerW, currentA } = await reading("home-assistant");
    assert.deepEqual([powerW, currentA], [999, [5.85, 1.82, 0.52]]);
    const preset = MAPPING_PRESETS.find(({ id }) => id === "home-assistant");
    const said = await compileMapping(preset?.mapping ?? "").evaluate({
      topic: "sensor.grid_power",
      payload: "unavailable",
    });
    assert.equal(said?.values.get("power"), null);
  });

  it("make one reading of what evcc tells value by value, and know nothing of what it takes back", async () => {
    const { currentA, phasePowerW, powerW } = await reading("evcc");
    assert.deepEqual([powerW, currentA, phasePowerW], [999.9, [5.851, -1.82, 0.52], [1320.4, -410.2, 89.7]]);
    const mapping = compileMapping(MAPPING_PRESETS.find(({ id }) => id === "evcc")?.mapping ?? "");
    const said = await mapping.evaluate({ topic: "evcc/site/grid/power", payload: "" });
    assert.equal(said?.values.get("power"), null);
    for (const topic of ["evcc/site/grid/currents", "evcc/site/pvPower", "evcc/loadpoints/1/chargePower"])
      assert.equal(await mapping.evaluate({ topic, payload: "3" }), null, topic);
  });

  it("read of openWB the counter that is named, and no other one", async () => {
    const mapping = compileMapping(MAPPING_PRESETS.find(({ id }) => id === "openwb")?.mapping ?? "");
    const said = await mapping.evaluate({ topic: "openWB/counter/0/get/power", payload: "-1250.5" });
    assert.equal(said?.values.get("power"), -1250.5);
    assert.equal(await mapping.evaluate({ topic: "openWB/counter/1/get/power", payload: "5" }), null);
  });

  it("read a power that is the payload itself", async () => {
    assert.equal((await reading("power", () => 42.5)).powerW, 42.5);
    assert.equal((await reading("power", () => "42.5")).powerW, 42.5);
  });
});
