import { strict as assert } from "node:assert";
import { STATUSES } from "../lib/ocpp/v16/status-words.ts";
import { type ReasonCode, reasonWords } from "../lib/words/reasons.ts";
import { ENGLISH_REASONS } from "../lib/words/reasons-en.ts";
import { statusWords } from "../lib/words/statuses.ts";
import { AUDIENCES, LANGUAGES, languageOf, type Words } from "../lib/words/types.ts";

const CODES = Object.keys(ENGLISH_REASONS) as ReasonCode[];

describe("states and reasons in words", () => {
  for (const language of LANGUAGES) {
    const said = (words: Words | null): string[] => AUDIENCES.map((audience) => words?.[audience] ?? "");
    it(`says the nine states and every reason to driver, staff and integrator: ${language}`, () => {
      const all = [
        ...STATUSES.map((one) => statusWords(one, language)),
        ...CODES.map((one) => reasonWords(one, language)),
      ];
      for (const words of all) for (const sentence of said(words)) assert.match(sentence, /^.{4,}\.$/u);
    });
    it(`names the code to the integrator, and to nobody else: ${language}`, () => {
      for (const code of [...STATUSES, ...CODES]) {
        const words = statusWords(code, language) ?? reasonWords(code as ReasonCode, language);
        assert.ok(words.integrator.startsWith(code), code);
        if (code !== code.toLowerCase() && !STATUSES.includes(code as (typeof STATUSES)[number]))
          assert.ok(!`${words.driver}${words.staff}`.includes(code), code);
      }
    });
  }

  it("knows no word that is none of OCPP's", () => {
    assert.equal(statusWords("Occupied", "de"), null);
  });

  it("takes the language from a tag, English where there is none of ours", () => {
    assert.equal(languageOf("de-AT"), "de");
    assert.equal(languageOf("fr_CH.UTF-8"), "fr");
    assert.equal(languageOf("ja"), "en-US");
    assert.equal(languageOf(""), "en-US");
  });
});
