import { strict as assert } from "node:assert";
import { EvError } from "../../../lib/errors.ts";
import type { StationEvent } from "../../../lib/messages.ts";
import { definition, type FakeConnection, StationBench, settle } from "../fake-charge-point.ts";
import { reads, type Script, ScriptedCharger, triggers, writes } from "../scripted-charger.ts";

/** A charge point that needs no change. */
const GOOD = {
  MeterValueSampleInterval: "10",
  MeterValuesSampledData:
    "Current.Import,Current.Offered,Voltage,Power.Active.Import,Energy.Active.Import.Register,SoC",
  ClockAlignedDataInterval: "900",
  HeartbeatInterval: "60",
  WebSocketPingInterval: "30",
};

describe("Set-up of a charge point", () => {
  let bench: StationBench;
  let events: StationEvent[];

  beforeEach(() => {
    bench = new StationBench();
    bench.stations.configure(definition());
    events = [];
    bench.stations.onEvent((event) => events.push(event));
  });

  afterEach(() => bench.close());

  const setUp = async (charger: ScriptedCharger | Script): Promise<FakeConnection> => {
    const connection = bench.attach();
    connection.answer = (charger instanceof ScriptedCharger ? charger : new ScriptedCharger(charger)).answer;
    bench.boot();
    await bench.ready();
    return connection;
  };
  const deviations = (): string[] =>
    events.flatMap(({ payload }) => (typeof payload["deviation"] === "string" ? [payload["deviation"]] : []));
  const fact = (path: string): unknown => bench.station.learntFacts.values[path]?.value;
  const sent = ({ calls }: FakeConnection, action: string) =>
    calls.filter((call) => call.action === action).map(({ payload }) => payload);

  describe("asks for states", () => {
    it("all at once, and for the readings of each connector", async () => {
      assert.deepEqual(triggers(await setUp({})), ["StatusNotification", "MeterValues 1"]);
    });

    it("one by one where that is refused", async () => {
      const connection = await setUp({
        triggers: { StatusNotification: "Rejected", "StatusNotification 1": "Accepted" },
      });
      assert.deepEqual(triggers(connection), ["StatusNotification", "StatusNotification 1", "MeterValues 1"]);
    });

    it("one by one, too, where it stays silent for 10 s", async () => {
      const connection = await setUp({});
      await bench.clock.advanceAsync(9_999);
      assert.equal(triggers(connection).length, 2);
      await bench.clock.advanceAsync(1);
      await settle();
      assert.equal(triggers(connection).at(-1), "StatusNotification 1");
    });

    it("not again where the state came", async () => {
      const connection = await setUp({});
      bench.status("Available");
      await bench.clock.advanceAsync(20_000, 1000);
      assert.deepEqual(triggers(connection), ["StatusNotification", "MeterValues 1"]);
    });

    it("never again where the message is unknown", async () => {
      const charger = new ScriptedCharger({
        triggers: { StatusNotification: "unknown", MeterValues: "NotImplemented" },
      });
      assert.equal(triggers(await setUp(charger)).length, 2);
      assert.deepEqual(fact("config.triggers"), { StatusNotification: "no", MeterValues: "no" });
      bench.clock.advance(61_000);
      assert.deepEqual(triggers(await setUp(charger)), []);
    });
  });

  describe("reads the configuration", () => {
    it("all at once", async () => {
      assert.deepEqual(reads(await setUp({ keys: GOOD })), [[]]);
    });

    it("in portions that the charge point names, when it does not list all its keys, and remembers that", async () => {
      const charger = new ScriptedCharger({ keys: { ...GOOD, GetConfigurationMaxKeys: "4" }, maxKeys: 4 });
      const [all, size, ...portions] = reads(await setUp(charger));
      assert.deepEqual([all, size], [[], ["GetConfigurationMaxKeys"]]);
      assert.deepEqual(
        portions.map(({ length }) => length),
        [4, 4, 4, 2],
      );
      bench.clock.advance(61_000);
      assert.equal(reads(await setUp(charger))[0]?.length, 4);
    });

    it("key by key when it does not say how many it takes", async () => {
      const portions = reads(await setUp({ keys: GOOD, maxKeys: 1 })).slice(2);
      assert.ok(portions.length >= 12 && portions.every(({ length }) => length === 1));
    });

    it("key by key in place of a portion that is not answered", async () => {
      const connection = await setUp({ keys: { ...GOOD, GetConfigurationMaxKeys: "9" }, maxKeys: 3 });
      assert.deepEqual(
        reads(connection)
          .slice(2, 6)
          .map(({ length }) => length),
        [9, 1, 1, 1],
      );
      assert.deepEqual(writes(connection), []);
    });

    it("not at all beyond two questions in a row without an answer; readings are asked for all the same", async () => {
      const connection = await setUp({ silent: "configuration" });
      assert.equal(reads(connection).length, 2);
      assert.equal(triggers(connection).at(-1), "MeterValues 1");
      assert.match(deviations().at(-1) ?? "", /the rest of it is left out/);
    });

    it("and waits for no answer longer than 10 s", async () => {
      const { calls } = await setUp({ keys: GOOD });
      const own = calls.filter(({ action }) => action === "GetConfiguration" || action === "TriggerMessage");
      assert.ok(own.every(({ options }) => options.timeoutMs === 10_000));
    });
  });

  describe("writes the configuration", () => {
    it("only where it differs", async () => {
      assert.deepEqual(writes(await setUp({ keys: GOOD })), []);
    });

    it("under the charge point's own spelling, and not a second time", async () => {
      const charger = new ScriptedCharger({
        keys: {
          meterValueSampleInterval: "60",
          MeterValuesSampledData: "SoC",
          clockAlignedDataInterval: "0",
          HeartbeatInterval: "14400",
          WebSocketPingInterval: "0",
        },
      });
      assert.deepEqual(writes(await setUp(charger)), [
        "meterValueSampleInterval=10",
        "clockAlignedDataInterval=900",
        "HeartbeatInterval=60",
        "WebSocketPingInterval=30",
        `MeterValuesSampledData=${GOOD.MeterValuesSampledData}`,
      ]);
      bench.clock.advance(61_000);
      const second = await setUp(charger);
      assert.equal(reads(second).length, 1);
      assert.deepEqual(writes(second), []);
    });

    it("not where it is good enough, read-only or not there", async () => {
      assert.deepEqual(writes(await setUp({ keys: { MeterValueSampleInterval: "5" } })), []);
      bench.clock.advance(61_000);
      const readonly = { value: "60", readonly: true };
      assert.deepEqual(writes(await setUp({ keys: { MeterValueSampleInterval: readonly } })), []);
    });

    it("not the keys that a user wants left alone", async () => {
      bench.stations.configure(definition({ overrides: { config: { skip: ["heartbeatinterval"] } } }));
      assert.deepEqual(writes(await setUp({ keys: { ...GOOD, HeartbeatInterval: "1" } })), []);
    });

    it("and keeps for a person what needs a reboot, without asking for it twice", async () => {
      const charger = new ScriptedCharger({
        keys: { HeartbeatInterval: { value: "300", says: () => "RebootRequired" } },
        triggers: { BootNotification: "Rejected" },
      });
      const first = await setUp(charger);
      assert.deepEqual(bench.station.pendingReboot, ["HeartbeatInterval"]);
      assert.deepEqual(sent(first, "Reset"), []);
      first.close();
      const again = bench.attach();
      again.answer = charger.answer;
      await bench.clock.advanceAsync(5_000);
      await settle();
      bench.stations.configure(definition({ overrides: { smart: { settleS: 30 } } }));
      await bench.clock.advanceAsync(60_000, 1000);
      assert.deepEqual(writes(again), []);
      charger.keys.get("HeartbeatInterval")!.value = "60";
      bench.boot();
      assert.deepEqual(bench.station.pendingReboot, []);
    });

    it("and does not force on it what it accepts and does not keep", async () => {
      const charger = new ScriptedCharger({
        keys: { ...GOOD, WebSocketPingInterval: { value: "0", keeps: () => "0" } },
      });
      assert.deepEqual(writes(await setUp(charger)), ["WebSocketPingInterval=30"]);
      assert.match(deviations().at(-1) ?? "", /accepted 30 and keeps 0/);
      bench.clock.advance(61_000);
      assert.deepEqual(writes(await setUp(charger)), []);
    });

    it("and goes on after a step that failed, saying which one", async () => {
      const connection = bench.attach();
      connection.answer = (action) =>
        action === "GetConfiguration" ? new EvError("EV_OCPP_TIMEOUT", "no answer") : { status: "Accepted" };
      bench.boot();
      await bench.ready();
      assert.equal(triggers(connection).at(-1), "MeterValues 1");
      assert.match(deviations()[0] ?? "", /^GetConfiguration: no answer/);
    });

    it("with readings at the meter's pace where it charges without transactions", async () => {
      bench.stations.configure(definition({ overrides: { transaction: { withoutTransactions: true } } }));
      const keys = { ...GOOD, ClockAlignedDataInterval: "0", MeterValuesAlignedData: "" };
      assert.deepEqual(writes(await setUp({ keys })), [
        "ClockAlignedDataInterval=10",
        `MeterValuesAlignedData=${GOOD.MeterValuesSampledData}`,
      ]);
    });
  });

  describe("chooses measurands", () => {
    const picky = (...taken: string[]) => ({
      value: "",
      says: (value: string) =>
        value.split(",").every((name) => taken.includes(name)) ? ("Accepted" as const) : ("Rejected" as const),
    });

    it("by trying each one where all together are refused, and learns which it takes", async () => {
      const takes = picky("Current.Import", "Voltage", "Energy.Active.Import.Register");
      const charger = new ScriptedCharger({ keys: { ...GOOD, MeterValuesSampledData: takes } });
      const written = writes(await setUp(charger));
      assert.equal(written.at(-1), "MeterValuesSampledData=Current.Import,Voltage,Energy.Active.Import.Register");
      assert.deepEqual(fact("config.measurands"), ["Current.Import", "Voltage", "Energy.Active.Import.Register"]);
      bench.clock.advance(61_000);
      assert.deepEqual(writes(await setUp(charger)), []);
    });

    it("fewer and fewer where only so many are taken together", async () => {
      const two = {
        value: "",
        says: (value: string) => (value.split(",").length > 2 ? ("Rejected" as const) : ("Accepted" as const)),
      };
      const charger = new ScriptedCharger({ keys: { ...GOOD, MeterValuesSampledData: two } });
      assert.equal(writes(await setUp(charger)).at(-1), "MeterValuesSampledData=Current.Import,Current.Offered");
    });

    it("not at all where the model says never", async () => {
      bench.stations.configure(definition({ overrides: { config: { measurandMode: "never" } } }));
      assert.deepEqual(writes(await setUp({ keys: { ...GOOD, MeterValuesSampledData: "" } })), []);
    });
  });

  describe("puts back into service", () => {
    const availability = (connection: FakeConnection) => sent(connection, "ChangeAvailability");
    const connect = async (out: boolean): Promise<FakeConnection> => {
      const connection = await setUp({ keys: GOOD });
      if (out) await bench.station.call("ChangeAvailability", { connectorId: 1, type: "Inoperative" });
      connection.calls.length = 0;
      bench.status("Unavailable");
      await bench.clock.advanceAsync(10_000, 1000);
      await settle();
      return connection;
    };

    it("what somebody else took out of it", async () => {
      assert.deepEqual(availability(await connect(false)), [{ connectorId: 1, type: "Operative" }]);
    });

    it("not what was taken out of it from here", async () => {
      assert.deepEqual(availability(await connect(true)), []);
    });

    it("nothing that is available", async () => {
      const connection = await setUp({ keys: GOOD });
      bench.status("Available");
      await bench.clock.advanceAsync(10_000, 1000);
      assert.deepEqual(availability(connection), []);
    });
  });

  describe("clears profiles", () => {
    const cleared = (connection: FakeConnection) => sent(connection, "ClearChargingProfile");

    it("of others when it is adopted, just before ours come, and never again", async () => {
      const charger = new ScriptedCharger({ keys: GOOD });
      const first = await setUp(charger);
      assert.deepEqual(cleared(first), [
        { chargingProfilePurpose: "TxDefaultProfile" },
        { chargingProfilePurpose: "TxProfile" },
      ]);
      assert.equal(first.calls[0]?.action, "ClearChargingProfile");
      bench.clock.advance(61_000);
      assert.deepEqual(cleared(await setUp(charger)), []);
    });

    it("of our own on a connector that is no longer described, by their ids", async () => {
      const [wiring] = definition().connectors;
      const second = { ...wiring!, number: 2 };
      bench.stations.configure(definition({ connectors: [wiring!, second] }));
      const connection = await setUp({ keys: GOOD });
      bench.clock.advance(61_000);
      bench.stations.configure(definition());
      await settle();
      assert.deepEqual(cleared(connection).slice(2), [{ id: 3 }, { id: 4 }, { id: 102 }]);
    });
  });

  it("touches no profile of a connector that stays, where ids are so few that they are shared out otherwise", async () => {
    const [wiring] = definition().connectors;
    const numbered = (...numbers: number[]) => numbers.map((number) => ({ ...wiring!, number }));
    const overrides = { smart: { idMax: 5 } };
    bench.stations.configure(definition({ overrides, connectors: numbered(1, 2, 3) }));
    const connection = await setUp({ keys: GOOD });
    bench.clock.advance(61_000);
    bench.stations.configure(definition({ overrides, connectors: numbered(1, 3) }));
    await settle();
    const ids = sent(connection, "ClearChargingProfile").flatMap(({ id }) => (id === undefined ? [] : [id]));
    assert.deepEqual(ids, []);
  });

  describe("is repeated", () => {
    it("in full after a boot, for readings and states only after a mere reconnect", async () => {
      const charger = new ScriptedCharger({ keys: GOOD, triggers: { BootNotification: "Rejected" } });
      (await setUp(charger)).close();
      bench.clock.advance(61_000);
      const connection = bench.attach();
      connection.answer = charger.answer;
      await bench.clock.advanceAsync(5_000);
      await settle();
      assert.deepEqual(reads(connection), []);
      assert.deepEqual(triggers(connection), ["BootNotification", "StatusNotification", "MeterValues 1"]);
    });

    it("for states also of connectors that were known, which may have changed unseen", async () => {
      const charger = new ScriptedCharger({ keys: GOOD, triggers: { StatusNotification: "Rejected" } });
      const first = await setUp(charger);
      bench.status("Available");
      first.close();
      const connection = bench.attach();
      connection.answer = charger.answer;
      await bench.clock.advanceAsync(30_000, 1000);
      await settle();
      assert.ok(triggers(connection).includes("StatusNotification 1"));
    });

    it("at most once a minute", async () => {
      const connection = await setUp({ keys: GOOD });
      bench.boot();
      await bench.ready();
      bench.status("Available");
      assert.equal(reads(connection).length, 1);
      await bench.clock.advanceAsync(60_000, 1000);
      await settle();
      assert.equal(reads(connection).length, 2);
    });

    it("when the user changes what is wanted of it", async () => {
      const connection = await setUp({ keys: { ...GOOD } });
      bench.clock.advance(61_000);
      bench.stations.configure(definition({ overrides: { config: { measurands: ["Power.Offered"] } } }));
      await settle();
      assert.deepEqual(writes(connection), ["MeterValuesSampledData=Power.Offered"]);
    });

    it("no more once it boots again and again: then nothing but its profiles is written", async () => {
      const connection = await setUp({ keys: GOOD });
      for (let boot = 0; boot < 3; boot++) {
        bench.clock.advance(61_000);
        connection.calls.length = 0;
        bench.boot();
        await bench.ready();
      }
      assert.deepEqual(connection.calls, []);
      assert.match(deviations().at(-1) ?? "", /booted 4 times in 10 minutes/);
      bench.clock.advance(600_000);
      bench.boot();
      await bench.ready();
      assert.equal(reads(connection).length, 1);
    });

    it("on the next connection from the beginning; what is left of the old one goes nowhere", async () => {
      const old = bench.attach();
      old.answer = () => null;
      bench.boot();
      await bench.ready();
      old.close();
      const current = await setUp({ keys: GOOD });
      for (const call of old.calls) call.reject(new EvError("EV_OCPP_OFFLINE", "closed"));
      await settle();
      assert.equal(reads(current).length, 1);
      assert.deepEqual(deviations(), []);
    });
  });
});
