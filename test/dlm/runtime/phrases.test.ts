import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PhraseKey } from "../../../lib/dlm/runtime/phrases/types.ts";
import { CATALOGUES, ENGLISH, hintIn, phrasesOf, say } from "../../../lib/dlm/runtime/phrases.ts";

/** The names of the values that a sentence takes. */
function values(sentence: string): string[] {
  return [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
}

describe("the sentences of explanations", () => {
  for (const [language, catalogue] of Object.entries(CATALOGUES)) {
    it(`take the same values in every language: ${language}`, () => {
      assert.deepEqual(Object.keys(catalogue).sort(), Object.keys(ENGLISH).sort());
      for (const key of Object.keys(ENGLISH) as PhraseKey[]) {
        assert.deepEqual(values(catalogue[key]), values(ENGLISH[key]), key);
        assert.notEqual(catalogue[key].trim(), "", key);
      }
    });
  }

  it("are English where a language has none, or nothing was said of a language", () => {
    for (const language of ["xx-YY", "", undefined, null, 7, "constructor"]) assert.equal(phrasesOf(language), ENGLISH);
    assert.equal(phrasesOf("en-GB"), ENGLISH);
  });

  it("keep the name of a value that is not given", () => {
    assert.equal(say(ENGLISH, "ifFast", { current: "14 A" }), "would be up to 14 A in mode fast");
    assert.equal(say(ENGLISH, "ifFast"), "would be up to {current} in mode fast");
  });

  it("write tenths as the language does, and leave names alone", () => {
    assert.equal(say(phrasesOf("de"), "ifFast", { current: "10.5 A" }), "im Modus fast wären bis zu 10,5 A möglich");
    assert.match(say(phrasesOf("fr"), "alarmAway", { id: "CP1.2/1", current: "10.5 A" }), /CP1\.2\/1 .* 10,5 A/);
    assert.equal(say(ENGLISH, "ifFast", { current: "10.5 A" }), "would be up to 10.5 A in mode fast");
  });

  describe("about hints", () => {
    const sources = ["lib/profile", "lib/station"].flatMap((folder) =>
      readdirSync(join(import.meta.dirname, "../../..", folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => readFileSync(join(import.meta.dirname, "../../..", folder, name), "utf8")),
    );

    it("know those that are given, by their very words", () => {
      for (const [key, sentence] of Object.entries(ENGLISH)) {
        if (!key.startsWith("hint")) continue;
        const [start = ""] = sentence.split("{");
        assert.ok(
          sources.some((source) => source.includes(start)),
          `${key} is nobody's: ${sentence}`,
        );
      }
    });

    it("say them in the language, and leave a maker's words alone", () => {
      const german = phrasesOf("de");
      const whole = hintIn(
        german,
        `Rejected: ${ENGLISH.hintGeneral}: its composite schedule shows 16.5 A at a limit of 6 A`,
      );
      assert.equal(
        whole,
        `Rejected: ${german.hintGeneral}: ihr Composite Schedule zeigt 16,5 A bei einer Grenze von 6 A`,
      );
      const makers = "In its app, check that OCPP is switched on.";
      assert.equal(hintIn(german, makers), makers);
      assert.equal(hintIn(ENGLISH, ENGLISH.hintNoPause), ENGLISH.hintNoPause);
      assert.equal(hintIn(german, ENGLISH.hintNoPause), german.hintNoPause);
    });
  });
});
