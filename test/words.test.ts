import { strict as assert } from "node:assert";
import { FAULT_WORDS, FAULTS, faultIn } from "../lib/alarm/faults/index.ts";
import type { ReasonCode } from "../lib/dlm/types.ts";
import { MAINTENANCE_WORDS } from "../lib/maintenance/report-words.ts";
import { STATUSES } from "../lib/ocpp/v16/status-words.ts";
import { stopTransactionRequest } from "../lib/ocpp/v16/stop-transaction.ts";
import { alarmWords } from "../lib/words/alarms.ts";
import { AUTHORIZATION_WORDS } from "../lib/words/authorizations.ts";
import { reasonWords, wordsOf } from "../lib/words/reasons.ts";
import { ENGLISH_REASONS } from "../lib/words/reasons-en.ts";
import { counted, line, STATUS_LINES } from "../lib/words/status-lines.ts";
import { statusWords } from "../lib/words/statuses.ts";
import { STOP_REASONS } from "../lib/words/stop-reasons.ts";
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
    it(`says to who was stopped for a breaker that it was, and not that nobody asks: ${language}`, () => {
      const nobodyAsks = wordsOf({ code: "NOT_REQUESTING" }, language);
      const wasStopped = wordsOf({ code: "NOT_REQUESTING", note: "stoppedForBreaker" }, language);
      for (const audience of AUDIENCES) assert.notEqual(wasStopped[audience], nobodyAsks[audience]);
      assert.equal(wordsOf({ code: "SETTLING", note: "disobeys" }, language), reasonWords("SETTLING", language));
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

  it("says why a session ended in every language, for every reason that OCPP has and for our own", () => {
    const { enum: reasons = [] } = stopTransactionRequest.properties.reason as { enum?: string[] };
    assert.ok(reasons.includes("EVDisconnected"));
    const all = [...reasons, "notReported", "superseded", "breakerOver"].sort();
    for (const language of LANGUAGES) assert.deepEqual(Object.keys(STOP_REASONS[language]).sort(), all);
  });

  it("takes the language from a tag, English where there is none of ours", () => {
    assert.equal(languageOf("de-AT"), "de");
    assert.equal(languageOf("fr_CH.UTF-8"), "fr");
    assert.equal(languageOf("ja"), "en-US");
    assert.equal(languageOf(""), "en-US");
  });
});

/** The names of the values that a sentence takes. */
const values = (sentence: string): string[] => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();

/** A catalogue of catalogues as lines. */
const lines = (catalogue: object, path = ""): [string, string][] =>
  Object.entries(catalogue).flatMap(([key, said]) =>
    typeof said === "string" ? [[`${path}${key}`, said] as [string, string]] : lines(said, `${path}${key}/`),
  );

for (const language of LANGUAGES) {
  describe(`what people read of alarms and in status lines: ${language}`, () => {
    for (const [what, english, other] of [
      ["alarms", alarmWords("en-US"), alarmWords(language)],
      ["status lines", STATUS_LINES["en-US"], STATUS_LINES[language]],
    ] as const) {
      it(`has the sentences of ${what} that English has, with the same values`, () => {
        const said = new Map(lines(other));
        assert.deepEqual(
          [...said.keys()].sort(),
          lines(english)
            .map(([key]) => key)
            .sort(),
        );
        for (const [key, sentence] of lines(english)) {
          assert.deepEqual(values(said.get(key)!), values(sentence), key);
          assert.notEqual(said.get(key)!.trim(), "", key);
        }
      });
    }

    it("has room for what it counts in a status line", () => {
      for (const what of ["alarms", "warnings", "cars", "badges", "open", "online", "waiting"] as const)
        for (const n of [0, 1, 12]) assert.ok(counted(what, n, language).length < 20, counted(what, n, language));
    });

    it("ends what is to be done with a full stop, and begins it with a capital", () => {
      for (const [kind, action] of Object.entries(alarmWords(language).actions))
        assert.match(action, /^\p{Lu}.*\.$/u, kind);
    });

    it("says of every fault what English says of it", () => {
      for (const fault of FAULTS) {
        const { name, text, cause, action } = faultIn(fault, language);
        assert.deepEqual([text === null, cause === null], [fault.text === null, fault.cause === null], fault.key);
        for (const said of [text, cause, action]) if (said !== null) assert.match(said, /^\S.*\.$/u, fault.key);
        assert.match(name, /[^.]$/u, fault.key);
        if (language !== "en-US") assert.notEqual(action, fault.action, fault.key);
      }
    });
  });
}

describe("words of faults", () => {
  it("belong to a fault that there is", () => {
    const known = new Set(FAULTS.map(({ key }) => key));
    for (const said of Object.values(FAULT_WORDS))
      assert.deepEqual(
        Object.keys(said).filter((key) => !known.has(key)),
        [],
      );
  });
});

describe("a status line", () => {
  it("counts one and many, and none as each language does", () => {
    assert.equal(counted("cars", 1, "de"), "1 Auto");
    assert.equal(counted("cars", 3, "de"), "3 Autos");
    assert.equal(counted("cars", 0, "en-US"), "0 cars");
    assert.equal(counted("cars", 0, "fr"), "0 voiture");
    assert.equal(line("failSafe", "de", { meter: "grid" }), "Ausfall: Zähler grid");
  });
});

describe("the words of the maintenance report", () => {
  for (const language of LANGUAGES)
    it(`are there in every language, with the same values: ${language}`, () => {
      const said = MAINTENANCE_WORDS[language] as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(said), Object.keys(MAINTENANCE_WORDS["en-US"]));
      for (const [key, english] of Object.entries(MAINTENANCE_WORDS["en-US"])) {
        assert.deepEqual(values(said[key]!), values(english), key);
        assert.notEqual(said[key]!.trim(), "", key);
      }
    });
});

describe("why a badge was let in or refused", () => {
  for (const language of LANGUAGES)
    it(`is said with the same values in every language: ${language}`, () => {
      const said = AUTHORIZATION_WORDS[language] as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(said).sort(), Object.keys(AUTHORIZATION_WORDS["en-US"]).sort());
      for (const [key, english] of Object.entries(AUTHORIZATION_WORDS["en-US"]))
        assert.deepEqual(values(said[key]!), values(english), key);
    });
});
