import { strict as assert } from "node:assert";
import type { MeterValue, SampledValue } from "../../../lib/ocpp/v16/index.ts";
import { DEFAULT_TRAITS } from "../../../lib/station/capabilities/models/traits.ts";
import type { MeterTraits } from "../../../lib/station/capabilities/models/types.ts";
import { mergeReadings, readMeterValue } from "../../../lib/station/transactions/meter-values.ts";

const TIME = "2026-06-01T12:00:00Z";
const read = (sampledValue: SampledValue[], phases: 1 | 2 | 3 = 3) =>
  readMeterValue({ timestamp: TIME, sampledValue }, phases);
const current = (value: string, phase?: string, more: Partial<SampledValue> = {}): SampledValue => ({
  value,
  measurand: "Current.Import",
  unit: "A",
  ...(phase && { phase }),
  ...more,
});

describe("meter values of a charge point", () => {
  describe("current", () => {
    it("is read per terminal, under each of a terminal's names", () => {
      assert.deepEqual(read([current("10.1", "L1"), current("9", "L2-N"), current("8", "L3")]).currentA, [10.1, 9, 8]);
    });

    it("leaves a terminal without a sample unknown", () => {
      assert.deepEqual(read([current("10", "L1")]).currentA, [10, null, null]);
    });

    it("without a phase counts on every wired terminal", () => {
      assert.deepEqual(read([current("16")], 3).currentA, [16, 16, 16]);
      assert.deepEqual(read([current("16")], 1).currentA, [16, null, null]);
    });

    it("on the neutral conductor alone stands for the charge point", () => {
      assert.deepEqual(read([current("16", "N")], 1).currentA, [16, null, null]);
    });

    it("is derived from power and voltage per phase", () => {
      const samples: SampledValue[] = [
        { value: "2.3", measurand: "Power.Active.Import", phase: "L1", unit: "kW" },
        { value: "1150", measurand: "Power.Active.Import", phase: "L2", unit: "W" },
        { value: "230", measurand: "Voltage", phase: "L1-N" },
        { value: "230", measurand: "Voltage", phase: "L2-N" },
      ];
      assert.deepEqual(read(samples).currentA, [10, 5, null]);
    });

    it("is derived from the total power over the wired phases, at nominal voltage if none is reported", () => {
      assert.deepEqual(read([{ value: "6900", measurand: "Power.Active.Import" }], 3).currentA, [10, 10, 10]);
      assert.deepEqual(read([{ value: "2300", measurand: "Power.Active.Import" }], 1).currentA, [10, null, null]);
    });

    it("is unknown, not 0, when nothing says what flows", () => {
      assert.equal(read([{ value: "1234" }]).currentA, null);
    });

    it("just below zero is noise, far below it is no reading", () => {
      assert.deepEqual(read([current("-0.2", "L1"), current("-16", "L2")]).currentA, [0, null, null]);
    });

    it("of the moment at which charging ended no longer flows", () => {
      assert.equal(read([current("16", "L1", { context: "Transaction.End" })]).currentA, null);
    });
  });

  describe("units", () => {
    const rows: [SampledValue, keyof ReturnType<typeof read>, number][] = [
      [{ value: "1500" }, "energyWh", 1500],
      [{ value: "1.5", unit: "kWh" }, "energyWh", 1500],
      [{ value: "7.2", unit: "kW", measurand: "Power.Active.Import" }, "powerW", 7200],
      [{ value: "7200", unit: "power", measurand: "Power.Active.Import" }, "powerW", 7200],
      [{ value: "16000", unit: "mA", measurand: "Current.Offered" }, "offeredA", 16],
      [{ value: "80", unit: "Percent", measurand: "SoC" }, "socPercent", 80],
    ];
    for (const [sample, quantity, value] of rows) {
      it(`reads ${sample.value} ${sample.unit ?? "without a unit"} of ${sample.measurand ?? "no measurand"} as ${quantity} ${value}`, () => {
        assert.equal(read([sample])[quantity], value);
      });
    }

    it("sums phases where no total is reported", () => {
      const samples = ["L1", "L2", "L3"].map((phase) => ({ value: "1000", measurand: "Power.Active.Import", phase }));
      assert.equal(read(samples).powerW, 3000);
    });

    it("turns a voltage between two phases into one to neutral", () => {
      assert.deepEqual(read([{ value: "400", measurand: "Voltage", phase: "L1-L2" }]).voltageV, [230.9, null, null]);
    });
  });

  describe("what is no reading", () => {
    for (const value of [
      "",
      "  ",
      "NaN",
      "230,5",
      "Infinity",
      "0x10",
      "2147483647",
      "4294967295",
      "null",
      "12 A",
      "1e400",
    ]) {
      it(`${JSON.stringify(value)} is dropped`, () => {
        const { currentA, energyWh } = read([current(value, "L1"), { value }]);
        assert.equal(currentA, null);
        assert.equal(energyWh, null);
      });
    }

    it("signed data is dropped", () => {
      assert.equal(read([{ value: "1000", format: "SignedData" }]).energyWh, null);
    });

    it("a current or voltage that no charge point has is dropped", () => {
      const reading = read([current("4000", "L1"), { value: "23000", measurand: "Voltage", phase: "L1" }]);
      assert.equal(reading.currentA, null);
      assert.deepEqual(reading.voltageV, [null, null, null]);
    });
  });

  it("reads padded numbers", () => {
    assert.deepEqual(read([current(" 10.50 ", "L1")]).currentA, [10.5, null, null]);
  });

  it("prefers periodic over clock over triggered samples, and the outlet over the inlet", () => {
    const samples = [
      current("1", "L1", { context: "Trigger" }),
      current("2", "L1", { context: "Sample.Clock" }),
      current("3", "L1", { location: "Inlet" }),
      current("4", "L1", { context: "Sample.Periodic" }),
    ];
    assert.deepEqual(read(samples).currentA, [4, null, null]);
    assert.deepEqual(read(samples.slice(0, 3)).currentA, [2, null, null]);
  });

  it("puts readings of several moments together, the newest value of each quantity winning", () => {
    const at = (timestamp: string, sampledValue: SampledValue[]): MeterValue => ({ timestamp, sampledValue });
    const merged = mergeReadings(
      [
        at("2026-06-01T12:00:10Z", [current("12", "L1")]),
        at("2026-06-01T12:00:00Z", [current("10", "L1"), { value: "500" }]),
      ].map((meterValue) => readMeterValue(meterValue, 3)),
    );
    assert.deepEqual(merged?.currentA, [12, null, null]);
    assert.equal(merged?.energyWh, 500);
    assert.equal(mergeReadings([]), null);
  });

  describe("by the traits of a model", () => {
    const energy = (value: string, phase?: SampledValue["phase"]): SampledValue => ({
      value,
      unit: "Wh",
      ...(phase && { phase }),
    });
    const readWith = (traits: Partial<MeterTraits>, ...sampledValue: SampledValue[]) =>
      readMeterValue({ timestamp: TIME, sampledValue }, 3, { ...DEFAULT_TRAITS.meter, ...traits });

    it("drops register values that stand for unknown", () => {
      assert.equal(readWith({ sentinelsWh: [4_294_967_000] }, energy("4294967000")).energyWh, null);
      assert.equal(readWith({ sentinelsWh: [4_294_967_000] }, energy("4294966999")).energyWh, 4_294_966_999);
    });

    it("believes the phases where the total disagrees, and the total otherwise", () => {
      const samples = [energy("100"), energy("40", "L1"), energy("50", "L2"), energy("60", "L3")];
      assert.equal(readWith({ preferPhases: true }, ...samples).energyWh, 150);
      assert.equal(readWith({}, ...samples).energyWh, 100);
      assert.equal(readWith({ preferPhases: true }, energy("100")).energyWh, 100);
    });

    it("reads what is offered to the car per phase, the highest of the phases", () => {
      const offered = (value: string, phase?: SampledValue["phase"]): SampledValue => ({
        value,
        measurand: "Current.Offered",
        unit: "A",
        ...(phase && { phase }),
      });
      assert.equal(readWith({}, offered("16")).offeredA, 16);
      assert.equal(readWith({}, offered("10", "L1"), offered("13", "L2")).offeredA, 13);
    });
  });
});
