import { strict as assert } from "node:assert";
import type { BootNotificationRequest } from "../../lib/ocpp/v16/index.ts";
import { saying } from "../wire16.ts";
import { definition, type FakeConnection, StationBench, settle } from "./fake-charge-point.ts";
import { reads, type Script, ScriptedCharger, triggers, writes } from "./scripted-charger.ts";

/** Departures from OCPP 1.6 that are known from the field, as their models' profiles describe them. */
describe("Set-up copes with a charge point that", () => {
  let bench: StationBench;

  beforeEach(() => {
    bench = new StationBench();
    bench.stations.configure(definition());
  });

  afterEach(() => bench.close());

  const serve = async (
    charger: ScriptedCharger | Script,
    boot: Partial<BootNotificationRequest> = {},
  ): Promise<FakeConnection> => {
    const connection = bench.attach();
    connection.answer = (charger instanceof ScriptedCharger ? charger : new ScriptedCharger(charger)).answer;
    bench.boot(boot);
    await bench.ready();
    return connection;
  };
  const ABB = { chargePointVendor: "ABB", chargePointModel: "TAC-W22-T-R-C-0" };
  const EVLINK = {
    chargePointVendor: "Schneider Electric",
    chargePointModel: "EVlink Parking",
    firmwareVersion: "3.2.0-12",
  };

  it("restarts when its list of measurands is read (ABB Terra AC): it is written once and never asked for", async () => {
    const charger = new ScriptedCharger({
      keys: { MeterValueSampleInterval: "10", MeterValuesSampledData: "everything", GetConfigurationMaxKeys: "20" },
    });
    const first = await serve(charger, ABB);
    assert.equal(bench.station.modelProfile?.id, "abb-terra-ac");
    bench.clock.advance(61_000);
    const second = await serve(charger, ABB);
    const asked = [...reads(first), ...reads(second)];
    assert.ok(asked.every((keys) => keys.length > 0 && !keys.includes("MeterValuesSampledData")));
    assert.deepEqual(writes(first), [
      "MeterValuesSampledData=Current.Import,Current.Offered,Energy.Active.Import.Register,Power.Active.Import,Voltage",
    ]);
    assert.deepEqual(writes(second), []);
  });

  it("reports stack levels that it does not take (ABB Terra AC): its model is believed", async () => {
    await serve({ keys: { ChargeProfileMaxStackLevel: "3", GetConfigurationMaxKeys: "20" } }, ABB);
    assert.equal(bench.station.traits.smart.stackMax, 0);
    assert.equal(bench.station.learntFacts.values["smart.stackMax"], undefined);
  });

  it("lists no remote trigger and has it (EVlink): it is asked, for readings only while it charges", async () => {
    const keys = { SupportedFeatureProfiles: "Core,SmartCharging" };
    const idle = await serve({ keys }, EVLINK);
    assert.deepEqual(triggers(idle), ["StatusNotification"]);
    bench.status("Charging");
    await bench.start();
    bench.clock.advance(61_000);
    assert.deepEqual(triggers(await serve({ keys }, EVLINK)), ["StatusNotification", "MeterValues 1"]);
    assert.deepEqual(bench.station.learntFacts.values["charger.featureProfiles"]?.value, ["Core", "SmartCharging"]);
  });

  it("spells keys in its own way and lets some only be read (EVlink)", async () => {
    const keys = {
      meterValueSampleInterval: "900",
      HeartBeatInterval: "300",
      WebSocketPingInterval: { value: "0", readonly: true },
    };
    const [interval, ...others] = writes(await serve({ keys }, EVLINK));
    assert.equal(interval, "meterValueSampleInterval=15");
    assert.ok(!others.some((write) => write.startsWith("WebSocketPing")));
  });

  it("sends no readings faster than every 30 s (Easee)", async () => {
    const easee = { chargePointVendor: "Easee", chargePointModel: "Charge" };
    const charger = new ScriptedCharger({ keys: { MeterValueSampleInterval: "120" } });
    assert.ok(writes(await serve(charger, easee)).includes("MeterValueSampleInterval=30"));
    bench.clock.advance(61_000);
    assert.ok(!writes(await serve(charger, easee)).some((write) => write.startsWith("MeterValueSampleInterval")));
  });

  it("refuses a short interval that nobody knows of: a longer one is found and learnt", async () => {
    const says = (value: string) => (Number(value) < 30 ? ("Rejected" as const) : ("Accepted" as const));
    const charger = new ScriptedCharger({ keys: { MeterValueSampleInterval: { value: "300", says } } });
    assert.deepEqual(
      writes(await serve(charger)),
      [10, 15, 30].map((s) => `MeterValueSampleInterval=${s}`),
    );
    const { value, how } = bench.station.learntFacts.values["config.minIntervalS"]!;
    assert.deepEqual([value, how], [30, "refused 10 s"]);
    bench.clock.advance(61_000);
    assert.deepEqual(writes(await serve(charger)), []);
  });

  it("refuses every interval shorter than the one it has: that one is learnt, and nothing tried again", async () => {
    const charger = new ScriptedCharger({
      keys: { MeterValueSampleInterval: { value: "45", says: () => "Rejected" as const } },
    });
    assert.deepEqual(
      writes(await serve(charger)),
      [10, 15, 30].map((s) => `MeterValueSampleInterval=${s}`),
    );
    assert.equal(bench.station.traits.config.minIntervalS, 45);
    bench.clock.advance(61_000);
    assert.deepEqual(writes(await serve(charger)), []);
  });

  it("accepts a short interval and keeps a longer one: that is learnt, and not forced again", async () => {
    const charger = new ScriptedCharger({ keys: { MeterValueSampleInterval: { value: "300", keeps: () => "60" } } });
    assert.deepEqual(writes(await serve(charger)), ["MeterValueSampleInterval=10"]);
    assert.equal(bench.station.traits.config.minIntervalS, 60);
    bench.clock.advance(61_000);
    assert.deepEqual(writes(await serve(charger)), []);
  });

  it("does not boot when it connects, or boots for ever when it is called before (Wallbox firmware 6): silence, one question after 5 s, service after 30 s", async () => {
    await serve({}, { chargePointVendor: "Wall Box Chargers", chargePointModel: "PLP1", firmwareVersion: "6.4.12" });
    assert.equal(bench.station.modelProfile?.id, "wallbox-fw6");
    bench.clock.advance(61_000);
    const connection = bench.attach();
    connection.answer = () => null;
    bench.status("Available");
    await bench.clock.advanceAsync(29_999, 1000);
    assert.deepEqual(triggers(connection), ["BootNotification"]);
    assert.equal(bench.station.state, "awaitBoot");
    await bench.clock.advanceAsync(1);
    assert.equal(bench.station.state, "ready");
  });

  it("cannot be asked to boot (EVlink): it is served after 5 s without a boot, and nothing is asked", async () => {
    await serve({}, EVLINK);
    bench.clock.advance(61_000);
    const connection = bench.attach();
    connection.answer = () => null;
    await bench.clock.advanceAsync(4_999);
    assert.deepEqual(connection.calls, []);
    await bench.clock.advanceAsync(1);
    assert.equal(bench.station.state, "ready");
    assert.ok(!triggers(connection).includes("BootNotification"));
  });

  it("says in a key of its own what it can measure (EVBox Elvi)", async () => {
    const keys = {
      MeterValuesSampledData: "",
      evb_SupportedMeasurands: "Energy.Active.Import.Register,Current.Import,Power.Active.Import",
    };
    assert.deepEqual(writes(await serve({ keys }, { chargePointVendor: "EV-BOX", chargePointModel: "Elvi" })), [
      "MeterValuesSampledData=Current.Import,Power.Active.Import,Energy.Active.Import.Register",
    ]);
  });

  it("takes measurands by phase, and no more than so many (Alfen)", async () => {
    const alfen = { chargePointVendor: "Alfen BV", chargePointModel: "NG910-60023" };
    const says = (value: string) => (value.split(",").length > 9 ? ("Rejected" as const) : ("Accepted" as const));
    const keys = { MeterValuesSampledData: { value: "", says }, MeterValuesSampledDataMaxLength: "9" };
    const [written] = writes(await serve({ keys }, alfen));
    assert.match(written ?? "", /^MeterValuesSampledData=Current\.Import\.L1,Current\.Import\.L2,Current\.Import\.L3/);
    bench.stations.configure(definition({ overrides: { config: { measurandMode: "probe" } } }));
    bench.clock.advance(61_000);
    const few = { MeterValuesSampledData: { value: "", says }, MeterValuesSampledDataMaxLength: "2" };
    assert.deepEqual(writes(await serve({ keys: few }, alfen)), [
      "MeterValuesSampledData=Current.Import.L1,Current.Import.L2",
    ]);
  });

  it("must not be put into service, and answers no configuration calls after a restart (EN+)", async () => {
    const enPlus = { chargePointVendor: "EN+", chargePointModel: "AC" };
    const connection = await serve({ silent: "configuration" }, enPlus);
    bench.status("Unavailable");
    await bench.clock.advanceAsync(11_000, 1000);
    await settle();
    assert.ok(!connection.calls.some(({ action }) => action === "ChangeAvailability"));
    assert.equal(reads(connection).length, 2);
    assert.equal(bench.station.state, "ready");
  });

  it("answers four keys at a time and never all (Entratek Power Dot)", async () => {
    const keys = { MeterValueSampleInterval: "60", ChargeProfileMaxStackLevel: "8", NumberOfConnectors: "1" };
    const boot = { chargePointVendor: "Entratek", chargePointModel: "Power Dot Fix" };
    const connection = await serve({ keys, maxKeys: 4 }, boot);
    assert.ok(reads(connection).every(({ length }) => length >= 1 && length <= 4));
    assert.equal(bench.station.traits.smart.stackMax, 8);
    assert.deepEqual(writes(connection), ["MeterValueSampleInterval=10"]);
  });

  it("lists no smart charging (Grizzl-E): its profiles are tried all the same", async () => {
    const grizzl = { chargePointVendor: "United Chargers", chargePointModel: "GRS-32" };
    await serve({ keys: { SupportedFeatureProfiles: "Core,FirmwareManagement" } }, grizzl);
    assert.equal(bench.station.traits.smart.supported, "probe");
  });

  it("begins its register anew with each session: that is learnt from the second one", async () => {
    await serve({});
    bench.status("Charging");
    await bench.start({ meterStart: 0 });
    assert.equal(bench.station.traits.meter.sessionRegister, false);
    const sampledValue = [{ value: "4200", measurand: "Energy.Active.Import.Register" as const, unit: "Wh" as const }];
    const meterValue = [{ timestamp: bench.time(), sampledValue }];
    saying(bench.station).meterValues({ connectorId: 1, meterValue }, bench.context());
    bench.clock.advance(60_000);
    await bench.start({ meterStart: 0 });
    assert.equal(bench.station.traits.meter.sessionRegister, true);
  });
});
