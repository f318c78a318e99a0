import { strict as assert } from "node:assert";
import type { StationChange } from "../../../lib/station/types.ts";
import { saying } from "../../wire16.ts";
import { definition, StationBench } from "../fake-charge-point.ts";
import { ScriptedCharger } from "../scripted-charger.ts";

describe("What is known of a charge point", () => {
  let bench: StationBench;
  let changes: StationChange[];

  const begin = (store?: StationBench["store"]): void => {
    bench = new StationBench(store);
    bench.stations.configure(definition());
    changes = [];
    bench.stations.onChange((change) => changes.push(change));
  };
  /** Everything in memory is gone; the database stays. */
  const restart = (): void => {
    bench.stations.close();
    begin(bench.store);
  };
  const learnt = () => changes.filter(({ kind }) => kind === "learnt").map(({ paths }) => paths);
  const stackMax = (): number | null => bench.station.traits.smart.stackMax;

  beforeEach(() => begin());
  afterEach(() => bench.close());

  it("is the default, then its model, then what it showed, then what the user says, each with its source", () => {
    const view = () => bench.station.traitViews().find(({ path }) => path === "smart.stackMax");
    assert.deepEqual(view(), { path: "smart.stackMax", value: null, source: "default", note: null });
    bench.stations.configure(definition({ model: "abb-terra-ac" }));
    assert.deepEqual(view(), { path: "smart.stackMax", value: 0, source: "model", note: "ABB Terra AC" });
    bench.station.learn("smart.stackMax", 2, "took level 2");
    assert.deepEqual(view(), {
      path: "smart.stackMax",
      value: 2,
      source: "learnt",
      note: "took level 2, 2026-06-01T12:00:00.000Z",
    });
    bench.stations.configure(definition({ model: "abb-terra-ac", overrides: { smart: { stackMax: 5 } } }));
    assert.equal(view()?.source, "user");
  });

  it("changes with its model as soon as a boot tells it", () => {
    bench.attach();
    const model = () => bench.station.modelProfile?.id;
    assert.equal(model(), undefined);
    bench.boot({ chargePointVendor: "ABB", chargePointModel: "TAC-W22" });
    assert.equal(model(), "abb-terra-ac");
    assert.equal(stackMax(), 0);
  });

  it("is forgotten when a charger of another make comes under its identity, also over a restart", () => {
    const swap = { chargePointVendor: "Other", chargePointModel: "Thing" };
    bench.attach();
    bench.boot({ firmwareVersion: "1.0" });
    bench.station.learn("smart.stackMax", 0, "refused stack level 1");
    bench.boot({ firmwareVersion: "1.0" });
    assert.equal(stackMax(), 0);
    restart();
    bench.attach();
    bench.boot({ ...swap, firmwareVersion: "1.0" });
    assert.equal(stackMax(), null);
    restart();
    assert.deepEqual([bench.station.vendor, stackMax()], ["Other", null]);
  });

  it("is what it showed, also where it had claimed the same", () => {
    bench.stations.configure(definition({ model: "abb-terra-ac" }));
    bench.station.learn("smart.stackMax", 3, "GetConfiguration");
    assert.equal(stackMax(), 0, "its model knows better");
    bench.station.learn("smart.stackMax", 3, "took stack level 3");
    assert.equal(stackMax(), 3);
  });

  it("is told once, with the traits that became different", () => {
    bench.station.learn("smart.stackMax", 0, "refused stack level 1");
    bench.station.learn("smart.stackMax", 0, "refused stack level 1");
    bench.station.learn("charger.connectors", 2, "GetConfiguration");
    assert.deepEqual(learnt(), [["smart.stackMax"]]);
  });

  it("is told when the user changes it", () => {
    bench.stations.configure(definition({ overrides: { smart: { unit: "W" } } }));
    assert.deepEqual(learnt(), [["smart.unit"]]);
  });

  it("outlives a restart, with how and when it was learnt, before anybody connects", () => {
    bench.attach();
    bench.boot({ chargePointVendor: "ABB", chargePointModel: "TAC-W22", firmwareVersion: "1.8" });
    bench.station.learn("smart.purposes", ["TxDefaultProfile"], "TxProfile was refused");
    restart();
    assert.equal(bench.station.modelProfile?.id, "abb-terra-ac");
    assert.deepEqual(bench.station.learntFacts.firmware, "1.8");
    assert.deepEqual(bench.station.learntFacts.values["smart.purposes"], {
      value: ["TxDefaultProfile"],
      how: "TxProfile was refused",
      at: "2026-06-01T12:00:00.000Z",
    });
  });

  it("begins anew with another firmware, and comes back with the old one", () => {
    bench.attach();
    bench.boot({ firmwareVersion: "1" });
    bench.station.learn("smart.stackMax", 0, "refused stack level 1");
    bench.boot({ firmwareVersion: "2" });
    assert.equal(stackMax(), null);
    restart();
    assert.equal(stackMax(), null);
    bench.attach();
    bench.boot({ firmwareVersion: "1" });
    assert.equal(stackMax(), 0);
  });

  it("is kept for five firmwares at most", () => {
    bench.attach();
    for (let version = 1; version <= 6; version++) {
      bench.boot({ firmwareVersion: String(version) });
      bench.station.learn("smart.stackMax", version, "test");
    }
    bench.boot({ firmwareVersion: "2" });
    assert.equal(stackMax(), 2);
    bench.boot({ firmwareVersion: "1" });
    assert.equal(stackMax(), null);
  });

  it("is not written for a charge point that nobody described", () => {
    bench.stations.makeRoomFor("STRANGER");
    const stranger = bench.stations.get("STRANGER")!;
    saying(stranger).bootNotification({ chargePointVendor: "X", chargePointModel: "Y" }, bench.context());
    assert.equal(stranger.vendor, "X");
    assert.equal(bench.store.document("station/STRANGER"), undefined);
  });

  it("is kept of a charge point that was parked until it was described", () => {
    bench.stations.makeRoomFor("NEW");
    const request = { chargePointVendor: "X", chargePointModel: "Y", firmwareVersion: "3" };
    saying(bench.stations.get("NEW")!).bootNotification(request, bench.context());
    bench.stations.configure(definition({ identity: "NEW" }));
    restart();
    bench.stations.configure(definition({ identity: "NEW" }));
    const { vendor, model, firmware } = bench.stations.get("NEW")!;
    assert.deepEqual([vendor, model, firmware], ["X", "Y", "3"]);
  });

  it("is read of a damaged record as far as it makes sense", () => {
    bench.stations.close();
    const values = {
      "smart.stackMax": { value: -3, how: "x", at: "y" },
      "smart.unit": { value: "W", how: "seen", at: "" },
    };
    bench.store.saveDocument("station/CP1", {
      vendor: 7,
      firmwares: [{ firmware: null, values }, null],
      profiled: "no",
    });
    begin(bench.store);
    assert.equal(bench.station.vendor, null);
    assert.equal(stackMax(), null);
    assert.equal(bench.station.traits.smart.unit, "W");
  });

  describe("from its configuration", () => {
    const claim = async (keys: Record<string, string>): Promise<void> => {
      const connection = bench.attach();
      connection.answer = new ScriptedCharger({ keys }).answer;
      bench.boot();
      await bench.ready();
      bench.clock.advance(61_000);
    };

    const units: [string | undefined, "A" | "W" | "auto"][] = [
      ["Current", "A"],
      ["A", "A"],
      ["Power", "W"],
      ["power", "W"],
      ["W", "W"],
      ["Current,Power", "A"],
      ["?", "auto"],
      [undefined, "auto"],
    ];
    for (const [value, unit] of units) {
      it(`the unit is ${unit} where it says ${value ?? "nothing"}`, async () => {
        await claim({ Anything: "1", ...(value !== undefined && { ChargingScheduleAllowedChargingRateUnit: value }) });
        assert.equal(bench.station.traits.smart.unit, unit);
      });
    }

    it("are its stack levels, periods and profiles", async () => {
      await claim({
        ChargeProfileMaxStackLevel: "8",
        ChargingScheduleMaxPeriods: "24",
        MaxChargingProfilesInstalled: " 10 ",
        NumberOfConnectors: "2",
      });
      const { stackMax: levels, maxPeriods, maxInstalled } = bench.station.traits.smart;
      assert.deepEqual([levels, maxPeriods, maxInstalled], [8, 24, 10]);
      assert.equal(bench.station.learntFacts.values["charger.connectors"]?.value, 2);
      assert.equal(learnt().length, 1, "told at once");
    });

    for (const [levels, expected] of [
      ["1000000000", 999],
      ["-1", null],
      ["", null],
      ["many", null],
      ["1e3", null],
    ] as const) {
      it(`stack level "${levels}" counts as ${expected ?? "unknown"}`, async () => {
        await claim({ ChargeProfileMaxStackLevel: levels });
        assert.equal(stackMax(), expected);
      });
    }

    for (const periods of ["-5", "0"]) {
      it(`${periods} periods are not believed`, async () => {
        await claim({ ChargingScheduleMaxPeriods: periods, MaxChargingProfilesInstalled: periods });
        const { maxPeriods, maxInstalled } = bench.station.traits.smart;
        assert.deepEqual([maxPeriods, maxInstalled], [null, null]);
      });
    }

    it("gives way to a model that is chosen later and knows better", async () => {
      await claim({ ChargeProfileMaxStackLevel: "3" });
      assert.equal(stackMax(), 3);
      bench.stations.configure(definition({ model: "abb-terra-ac" }));
      assert.equal(stackMax(), 0);
    });

    it("gives way to what it showed", async () => {
      bench.attach();
      bench.boot();
      bench.station.learn("smart.stackMax", 0, "refused stack level 1");
      await claim({ ChargeProfileMaxStackLevel: "8" });
      assert.equal(stackMax(), 0);
    });
  });

  for (const [path, value] of [
    ["smart.stackMax", -1],
    ["smart.stackMax", 0.5],
    ["smart.unit", "kW"],
    ["smart.purposes", []],
    ["smart.decimals", 7],
    ["smart.nothing", true],
    ["charger.connectors", 10_000],
    ["toString", 1],
  ] as const) {
    it(`does not become ${path} = ${JSON.stringify(value)}, which cannot be`, () => {
      bench.station.learn(path, value, "test");
      assert.deepEqual(bench.station.learntFacts.values, {});
    });
  }
});
