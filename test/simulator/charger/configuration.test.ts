import { strict as assert } from "node:assert";
import { SimulatedConfiguration } from "../../../lib/simulator/charger/configuration.ts";
import { behaviourOf } from "../../../lib/simulator/charger/presets.ts";

function configuration(names = "normal"): SimulatedConfiguration {
  return new SimulatedConfiguration({ rotation: "STR", meterIntervalS: 10 }, () => behaviourOf(names));
}
const shown = (held: SimulatedConfiguration, key: string): string | undefined =>
  held.read([key]).configurationKey[0]?.value;

describe("the configuration of a simulated charge point", () => {
  it("shows all keys when none is named", () => {
    const { configurationKey, unknownKey } = configuration().read([]);
    assert.ok(configurationKey.length > 20);
    assert.deepEqual(unknownKey, []);
    assert.equal(configurationKey.find(({ key }) => key === "ConnectorPhaseRotation")?.value, "0.STR,1.STR");
  });

  it("finds keys whatever their letter case, and names those it does not know", () => {
    const { configurationKey, unknownKey } = configuration().read(["heartbeatinterval", "Colour"]);
    assert.deepEqual(configurationKey, [{ key: "HeartbeatInterval", readonly: false, value: "60" }]);
    assert.deepEqual(unknownKey, ["Colour"]);
  });

  it("answers writes as OCPP 1.6 §5.3 says", () => {
    const held = configuration();
    assert.equal(held.write("MeterValueSampleInterval", "30"), "Accepted");
    assert.equal(held.number("MeterValueSampleInterval"), 30);
    assert.equal(held.write("MeterValueSampleInterval", "often"), "Rejected");
    assert.equal(held.write("NumberOfConnectors", "2"), "Rejected");
    assert.equal(held.write("ChargeProfileMaxStackLevel", "99"), "Rejected");
    assert.equal(held.write("Colour", "red"), "NotSupported");
    assert.equal(held.number("MeterValueSampleInterval"), 30);
  });

  it("takes only measurands that it measures", () => {
    const held = configuration();
    assert.equal(held.write("MeterValuesSampledData", "Current.Import, SoC"), "Accepted");
    assert.equal(held.text("MeterValuesSampledData"), "Current.Import,SoC");
    assert.equal(held.write("MeterValuesSampledData", "Current.Import,Frequency"), "Rejected");
  });

  it("says what the behaviour can", () => {
    assert.equal(shown(configuration(), "ChargingScheduleAllowedChargingRateUnit"), "Current,Power");
    assert.equal(shown(configuration("wattsOnly"), "ChargingScheduleAllowedChargingRateUnit"), "Power");
    assert.equal(shown(configuration("stackZeroOnly"), "ChargeProfileMaxStackLevel"), "0");
    assert.equal(shown(configuration("stackZeroUnsaid"), "ChargeProfileMaxStackLevel"), "3");
    assert.equal(shown(configuration("oneProfileSlot"), "MaxChargingProfilesInstalled"), "1");
    assert.equal(shown(configuration("onePeriodOnly"), "ChargingScheduleMaxPeriods"), "1");
    assert.equal(shown(configuration("unitUnsaid"), "ChargingScheduleAllowedChargingRateUnit"), undefined);
    assert.equal(
      shown(configuration("notImplemented"), "SupportedFeatureProfiles"),
      "Core,RemoteTrigger,LocalAuthListManagement,Reservation",
    );
    assert.equal(
      shown(configuration("noTrigger"), "SupportedFeatureProfiles"),
      "Core,SmartCharging,LocalAuthListManagement,Reservation",
    );
  });

  it("has no Current.Offered, and a least interval, where the behaviour says so", () => {
    const held = configuration("noCurrentOffered,metersEvery30s");
    assert.equal(held.write("MeterValuesSampledData", "Current.Offered"), "Rejected");
    assert.doesNotMatch(shown(held, "MeterValuesSampledData")!, /Offered/);
    assert.equal(held.meterIntervalS, 30);
    assert.equal(held.write("MeterValueSampleInterval", "29"), "Rejected");
    assert.equal(held.write("MeterValueSampleInterval", "45"), "Accepted");
    assert.equal(held.meterIntervalS, 45);
  });
});
