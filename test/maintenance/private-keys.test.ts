import { strict as assert } from "node:assert";
import { privateKind, shownValue } from "../../lib/maintenance/private-keys.ts";
import { CONFIGURATION_KEYS } from "../../lib/ocpp/configuration-keys.ts";
import { modelProfiles } from "../../lib/station/capabilities/models/index.ts";

const kinds = (keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.flatMap((key) => (privateKind(key) ? [[key, privateKind(key)!]] : [])));

describe("keys that belong to one charge point alone", () => {
  it("are few among the standard's", () => {
    assert.deepEqual(kinds(CONFIGURATION_KEYS.map(({ key }) => key)), {
      ConnectorPhaseRotation: "wiring",
      AuthorizationKey: "secret",
      SecurityProfile: "address",
    });
  });

  it("are found among those of the models", () => {
    const keys = modelProfiles().flatMap(({ vendorKeys }) => vendorKeys.filter(({ access }) => access !== "local"));
    const found = kinds([...new Set(keys.map(({ key }) => key))]);
    for (const key of ["G_ServerURL", "ocppCentralAddress", "ocppBoxPublicPort"])
      assert.equal(found[key], "address", key);
    for (const key of ["stationName", "boxIdentity"]) assert.equal(found[key], "identity", key);
    for (const key of ["G_MaxCurrent", "UseAuthorizationKeyWithoutDecoding", "OperatorCurrentLimit", "EMsetting"])
      assert.equal(found[key], undefined, key);
  });

  it("are known by their words, however makers write them", () => {
    const secret = ["WifiPassword", "wifi_psk", "APNUser", "apn_username", "SimPin", "api-key", "AccessToken"];
    const address = ["CentralSystemURL", "OCPPServer", "ocpp.url", "WiFiSSID", "BackendURL", "Apn", "ModemIPAddress"];
    const identity = ["ChargeBoxIdentity", "ChargePointId", "EvseId", "Station.SerialNumber", "IMEI"];
    for (const key of secret) assert.equal(privateKind(key), "secret", key);
    for (const key of address) assert.equal(privateKind(key), "address", key);
    for (const key of identity) assert.equal(privateKind(key), "identity", key);
    for (const key of ["UserInterfaceLanguage", "Pinout", "LightIntensity", "PlugAndCharge"])
      assert.equal(privateKind(key), null, key);
  });

  it("are known by their value, where the name says nothing", () => {
    for (const value of ["wss://host/ocpp", "10.0.0.1", "192.168.1.5:9000"])
      assert.equal(privateKind("Own", value), "address", value);
    for (const value of ["5.33", "6..32", "", "true"]) assert.equal(privateKind("Own", value), null, value);
  });

  it("are shown without what is secret in them", () => {
    assert.equal(shownValue("AuthorizationKey", "00ff"), null);
    assert.equal(
      shownValue("BackendURL", "wss://bob:se@cret@host/ocpp?token=abc&x"),
      "wss://•••@host/ocpp?token=•••&•••",
    );
    assert.equal(shownValue("LightIntensity", "50"), "50");
  });
});
