import { strict as assert } from "node:assert";
import { type MeterProfile, meterProfile } from "../../lib/metering/profiles.ts";
import { valuesInWords } from "../../lib/metering/values-text.ts";

describe("valuesInWords", () => {
  const cases: [string, string | null][] = [
    ["siemens-pac2200", "I, U, P per phase, P, E, f, PF"],
    ["eastron-sdm120", "I, U, P, E, f, PF (1 phase)"],
    ["eastron-sdm72d-m", "P, E"],
    ["siemens-pac4200", "I, U, P per phase, P, f, PF"],
    ["sma-sunny-island-battery", "P, SoC"],
    ["huawei-sun2000-pv", "P, E export"],
    ["sunspec-meter", null],
  ];
  for (const [id, text] of cases) {
    it(`says of ${id}: ${text ?? "found on the device"}`, () => {
      assert.equal(valuesInWords(meterProfile(id) as MeterProfile), text);
    });
  }
});
