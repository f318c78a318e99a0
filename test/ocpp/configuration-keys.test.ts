import { strict as assert } from "node:assert";
import { CONFIGURATION_KEYS } from "../../lib/ocpp/configuration-keys.ts";
import { keyMeaning } from "../../lib/station/capabilities/models/key-words.ts";
import { LANGUAGES } from "../../lib/words/types.ts";

const keyOf = (name: string) => CONFIGURATION_KEYS.find(({ key }) => key === name);

describe("the configuration keys of OCPP 1.6", () => {
  it("are those of §9, of the errata and of the security white paper, each once", () => {
    assert.equal(new Set(CONFIGURATION_KEYS.map(({ key }) => key.toLowerCase())).size, CONFIGURATION_KEYS.length);
    const count = (feature: string) => CONFIGURATION_KEYS.filter((key) => key.feature === feature).length;
    const features = [
      "Core",
      "LocalAuthListManagement",
      "Reservation",
      "SmartCharging",
      "FirmwareManagement",
      "Security",
    ];
    assert.deepEqual(features.map(count), [36, 3, 1, 5, 1, 6]);
  });

  it("say in a sentence what they do", () => {
    for (const { key } of CONFIGURATION_KEYS) {
      assert.match(key, /^[A-Z][A-Za-z0-9]{2,49}$/);
      for (const language of LANGUAGES) assert.match(keyMeaning(language, key, "standard") ?? "", /^\p{Lu}.*\.$/u, key);
    }
  });

  it("have type, unit and access as the standard has them", () => {
    const { type, unit, access, required } = keyOf("MeterValueSampleInterval")!;
    assert.deepEqual({ type, unit, access, required }, { type: "integer", unit: "s", access: "rw", required: true });
    assert.equal(keyOf("NumberOfConnectors")?.access, "ro");
    assert.equal(keyOf("AuthorizationKey")?.access, "wo");
    assert.equal(keyOf("StopTransactionOnEVSideDisconnect")?.required, false, "errata 3.80");
    assert.match(keyOf("ChargingScheduleAllowedChargingRateUnit")?.range ?? "", /Current.*Power/);
  });
});
