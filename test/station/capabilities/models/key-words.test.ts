import { strict as assert } from "node:assert";
import { CONFIGURATION_KEYS } from "../../../../lib/ocpp/configuration-keys.ts";
import { modelProfiles } from "../../../../lib/station/capabilities/models/index.ts";
import { keyMeaning, valuesText } from "../../../../lib/station/capabilities/models/key-words.ts";
import { knownKeys } from "../../../../lib/station/capabilities/models/known-keys.ts";
import { CATALOGUES } from "../../../../lib/words/sentence.ts";
import { LANGUAGES } from "../../../../lib/words/types.ts";

/** Words of the protocol and figures: they are the same in every language. */
const OF_THE_PROTOCOL = /^[A-Za-z0-9.]+( \([AW]\))?(, ?[A-Za-z0-9.]+( \([AW]\))?)*$/;
const KEYS = modelProfiles().flatMap((profile) => knownKeys(profile).map((known) => ({ ...known, id: profile.id })));
const VENDOR_KEYS = modelProfiles().flatMap(({ vendorKeys }) => vendorKeys.filter(({ access }) => access !== "local"));

for (const language of LANGUAGES) {
  describe(`The settings of chargers in ${language}`, () => {
    it("each say what they do, of every model", () => {
      for (const profile of modelProfiles())
        for (const { key, text } of knownKeys(profile, language))
          assert.match(text, /^\p{Lu}.*\.$/u, `${profile.id} ${key}`);
    });

    it("each say what their value may be, without a word of another language", () => {
      for (const { id, key, range, unit } of KEYS) {
        const text = valuesText(language, range, unit);
        if (range === null && unit === null) assert.equal(text, null, `${id} ${key}`);
        else assert.match(text ?? "", /\S/, `${id} ${key}`);
        if (language === "en-US" || range === null || OF_THE_PROTOCOL.test(range)) continue;
        const isFigures = /^[\d.]+\.\.[\d.]*$/.test(range);
        assert.ok(isFigures || text !== valuesText("en-US", range, unit) || range === "text", `${id} ${key}: ${range}`);
      }
    });
  });
}

describe("The words of charger settings", () => {
  it("are there for keys of the standard and of models alone, and once for what both say alike", () => {
    const { standardKey, modelKey } = CATALOGUES["en-US"];
    assert.deepEqual(Object.keys(standardKey).sort(), CONFIGURATION_KEYS.map(({ key }) => key).sort());
    const names = new Set(VENDOR_KEYS.map(({ key }) => key));
    for (const [key, text] of Object.entries(modelKey)) {
      assert.ok(names.has(key), key);
      assert.notEqual(text, keyMeaning("en-US", key, "standard"), key);
    }
  });

  for (const [range, unit, text] of [
    ["0..100", "%", "0 bis 100 %"],
    ["1..", "s", "mindestens 1 s"],
    ["1.5..1.6", null, "1.5 bis 1.6"],
    ["0..largest current of the board", "A", "0 bis zum größten Strom der Platine (A)"],
    ["0..", "times", "mindestens 0 Mal"],
    ["true|false", null, "true (ja) oder false (nein)"],
    ["list, at most 500 characters", null, "eine Liste von höchstens 500 Zeichen"],
    ["FTP, FTPS", null, "FTP, FTPS"],
    [null, "kW", "kW"],
    [null, null, null],
  ] as const)
    it(`say of ${range} ${unit ?? ""}: ${text}`, () => assert.equal(valuesText("de", range, unit), text));

  it("say nothing of a key that nobody knows", () => {
    assert.equal(keyMeaning("nl", "Unheard", "model"), null);
    assert.equal(keyMeaning("nl", "constructor", "standard"), null);
  });
});
