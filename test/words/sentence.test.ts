import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FAULTS, faultText } from "../../lib/alarm/faults.ts";
import { STATUSES } from "../../lib/ocpp/status-words.ts";
import { stopTransactionRequest } from "../../lib/ocpp/v16/stop-transaction.ts";
import { withForms } from "../../lib/words/plural.ts";
import { CATALOGUES, forReaders, hintFrom, hintText, sentence, sentenceOr } from "../../lib/words/sentence.ts";
import { type Code, LANGUAGES, type Language, languageOf, type ReaderCode } from "../../lib/words/types.ts";

const AUDIENCES = ["driver", "staff", "integrator"] as const;
const ENGLISH = CATALOGUES["en-US"];
const REASONS = Object.keys(ENGLISH.reason);
const LOCALES = join(import.meta.dirname, "../../nodes/locales");

/** A count before a word for many, with no form for one. */
const COUNT_AND_MANY =
  /(?<!All )\{(n|m|count|days|minutes|cars|badges|sessions|entries|phases|terminals|used|edges|waiting|of|total|inputs)\} (more |other |satisfied )*(?!is\b|was\b|has\b)[a-z]+s\b/;
const isCode = (reason: string): boolean => reason === reason.toUpperCase();

/** The names of the values that a sentence takes. */
const values = (said: string): string[] => [...new Set(said.match(/\{\w+\}/g) ?? [])].sort();

/** A catalogue as lines: the code, with the reader where there are several, and what is said. */
function lines(said: object, path = ""): [string, string][] {
  return Object.entries(said).flatMap(([key, one]) =>
    typeof one === "string" ? [[`${path}${key}`, one] as [string, string]] : lines(one, `${path}${key}.`),
  );
}

for (const language of LANGUAGES) {
  describe(`the sentences in ${language}`, () => {
    const said = new Map(lines(CATALOGUES[language]));

    it("have every code of English, and no other", () => {
      const english = lines(ENGLISH).map(([code]) => code);
      assert.deepEqual([...said.keys()].sort(), english.sort());
    });

    it("take the values that English takes, and are not empty", () => {
      for (const [code, english] of lines(ENGLISH)) {
        assert.deepEqual(values(said.get(code)!), values(english), code);
        assert.notEqual(said.get(code)!.trim(), "", code);
      }
    });

    it("say the nine states and every reason to driver, staff and integrator", () => {
      assert.deepEqual(Object.keys(CATALOGUES[language].status).sort(), [...STATUSES].sort());
      const codes = [...STATUSES.map((one) => `status.${one}`), ...REASONS.map((one) => `reason.${one}`)];
      for (const code of codes)
        for (const audience of AUDIENCES) assert.match(forReaders(language, code)![audience], /^.{4,}\.$/u, code);
    });

    it("name the code to the integrator, and to nobody else", () => {
      for (const code of [...STATUSES.map((one) => `status.${one}`), ...REASONS.map((one) => `reason.${one}`)]) {
        const { driver, staff, integrator } = forReaders(language, code as ReaderCode);
        const name = code.slice(code.indexOf(".") + 1);
        assert.ok(integrator.startsWith(name), code);
        if (code.startsWith("reason.") && isCode(name)) assert.ok(!`${driver}${staff}`.includes(name), code);
      }
    });

    it("say to who was stopped for a breaker, or whose badge was refused, that it was, and not that nobody asks", () => {
      const nobodyAsks = forReaders(language, "reason.NOT_REQUESTING");
      const wasStopped = forReaders(language, "reason.stoppedForBreaker");
      const wasRefused = forReaders(language, "reason.badgeRefused");
      for (const audience of AUDIENCES)
        for (const told of [wasStopped, wasRefused]) assert.notEqual(told[audience], nobodyAsks[audience]);
    });

    it("say why a session ended, for every reason that OCPP has and for our own", () => {
      const { enum: reasons = [] } = stopTransactionRequest.properties.reason as { enum?: string[] };
      assert.ok(reasons.includes("EVDisconnected"));
      const all = [...reasons, "notReported", "superseded", "breakerOver"].sort();
      assert.deepEqual(Object.keys(CATALOGUES[language].ended).sort(), all);
    });

    it("have room for what they count in a status line", () => {
      for (const what of ["alarms", "warnings", "cars", "badges", "open", "online", "waiting"] as const)
        for (const n of [0, 1, 12]) {
          const text = sentence(language, `line.${what}`, { n });
          assert.ok(text.length < 20, text);
        }
    });

    it("end what is to be done with a full stop, and begin it with a capital", () => {
      for (const [kind, action] of Object.entries(CATALOGUES[language].action))
        assert.match(action, /^\p{Lu}.*\.$/u, kind);
    });

    it("say of every fault what English says of it", () => {
      for (const fault of FAULTS) {
        const { name, text, cause, action } = faultText(fault, language);
        const english = faultText(fault, "en-US");
        assert.deepEqual([text === null, cause === null], [english.text === null, english.cause === null], fault.key);
        for (const one of [text, cause, action]) if (one !== null) assert.match(one, /^\S.*\.$/u, fault.key);
        assert.match(name, /[^.]$/u, fault.key);
        if (language !== "en-US") assert.notEqual(action, english.action, fault.key);
      }
    });
  });
}

describe("words of faults", () => {
  it("belong to a fault that there is", () => {
    const known = new Set(FAULTS.map(({ key }) => key));
    const keys = Object.keys(ENGLISH.fault).map((code) => code.slice(0, code.lastIndexOf(".")));
    assert.deepEqual(
      keys.filter((key) => !known.has(key)),
      [],
    );
  });
});

describe("a language", () => {
  it("is taken from a tag, English where there is none of ours", () => {
    assert.equal(languageOf("de-AT"), "de");
    assert.equal(languageOf("fr_CH.UTF-8"), "fr");
    assert.equal(languageOf("nl-BE"), "nl");
    for (const tag of ["ja", "", "xx-YY", "constructor"]) assert.equal(languageOf(tag), "en-US");
    assert.equal(languageOf("en-GB"), "en-US");
  });
});

describe("a sentence", () => {
  it("keeps the name of a value that is not given", () => {
    assert.equal(sentence("en-US", "load.ifFast", { current: "14 A" }), "would be up to 14 A in mode fast");
    assert.equal(sentence("en-US", "load.ifFast"), "would be up to {current} in mode fast");
  });

  it("has tenths as the language writes them, and leaves names alone", () => {
    assert.equal(sentence("de", "load.ifFast", { current: "10.5 A" }), "im Modus fast wären bis zu 10,5 A möglich");
    assert.match(sentence("fr", "alarm.away", { id: "CP1.2/1", current: "10.5 A" }), /CP1\.2\/1 .* 10,5 A/);
    assert.match(sentence("nl", "alarm.away", { id: "CP1.2/1", current: "10.5 A" }), /CP1\.2\/1 .* 10,5 A/);
    assert.match(sentence("de", "alarm.meterUnheard", { meter: "2.1" }), /2\.1/);
    assert.equal(sentence("de", "line.asked", { amps: 10.5 }), "10,5 A verlangt");
    assert.equal(sentence("en-US", "load.ifFast", { current: "10.5 A" }), "would be up to 10.5 A in mode fast");
  });

  it("counts one and many, and none as each language does", () => {
    assert.equal(sentence("de", "line.cars", { n: 1 }), "1 Auto");
    assert.equal(sentence("de", "line.cars", { n: 3 }), "3 Autos");
    assert.equal(sentence("en-US", "line.cars", { n: 0 }), "0 cars");
    assert.equal(sentence("fr", "line.cars", { n: 0 }), "0 voiture");
    assert.equal(sentence("nl", "line.cars", { n: 0 }), "0 auto's");
    assert.equal(sentence("de", "line.failSafe", { meter: "grid" }), "Ausfall: Zähler grid");
    const gone = (language: Language, n: number) =>
      sentence(language, "done.holderFound", { badges: n, sessions: n, entries: n });
    assert.match(gone("de", 1), /1 Badge, 1 Ladevorgang und 1 weiterer Eintrag\./);
    assert.match(gone("nl", 1), /^1 laadpas, 1 sessie en 1 andere regel hebben/);
    assert.match(gone("fr", 0), /^0 badge, 0 charge et 0 autre entrée portent/);
    assert.match(gone("en-US", 2), /^2 badges, 2 sessions and 2 other entries have/);
  });

  it("has forms for one and many wherever a count stands before what is counted", () => {
    for (const [code, said] of lines(ENGLISH)) assert.doesNotMatch(said, COUNT_AND_MANY, code);
    const catalogues = readdirSync(join(LOCALES, "en-US")).map((name) => readFileSync(join(LOCALES, "en-US", name)));
    for (const text of catalogues) assert.doesNotMatch(String(text).replaceAll(/__(\w+?)__/g, "{$1}"), COUNT_AND_MANY);
  });

  it("leaves a form whose count is not given, and what only looks like one", () => {
    assert.equal(withForms("en-US", "3 {n|car|cars}", { n: 3 }), "3 cars");
    assert.equal(withForms("en-US", "{n|car|cars} {n} {identity}", {}), "{n|car|cars} {n} {identity}");
    assert.equal(withForms("fr", "1,5 {n|jour|jours}", { n: 1.5 }), "1,5 jour");
  });

  it("is another one where a code is unknown, as with what a charge point says", () => {
    assert.equal(sentenceOr("de", "ended.Local", "Local"), "an der Ladestation");
    assert.equal(sentenceOr("de", "ended.Maker", "Maker"), "Maker");
    assert.equal(forReaders("de", "status.Occupied"), null);
  });
});

describe("a hint", () => {
  it("is worded in the language, and leaves a maker's words alone", () => {
    const schedule = { code: "hint.schedule" as Code, values: { nowA: 16.5, limitA: 6 } };
    assert.equal(
      hintText("de", ["Rejected", { code: "hint.general" }, schedule]),
      `Rejected: ${sentence("de", "hint.general")}: ihr Composite Schedule zeigt 16,5 A bei einer Grenze von 6 A`,
    );
    const makers = "In its app, check that OCPP is switched on.";
    for (const language of LANGUAGES) assert.equal(hintText(language, makers), makers);
  });

  it("is taken over from what was kept, also by an earlier version", () => {
    const kept = ["Rejected", { code: "hint.schedule", values: { nowA: 16, limitA: 6 } }];
    assert.deepEqual(hintFrom(JSON.parse(JSON.stringify(kept))), kept);
    assert.equal(hintFrom("check its network"), "check its network");
    for (const unknown of [null, 7, {}, { code: "hint.ofTomorrow" }, ["a", null], { code: "reason.MAX" }])
      assert.equal(hintFrom(unknown), null);
  });
});
