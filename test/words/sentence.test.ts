import { strict as assert } from "node:assert";
import { FAULTS, faultText } from "../../lib/alarm/faults.ts";
import { STATUSES } from "../../lib/ocpp/status-words.ts";
import { stopTransactionRequest } from "../../lib/ocpp/v16/stop-transaction.ts";
import { CATALOGUES, counted, forReaders, hintFrom, hintText, sentence, sentenceOr } from "../../lib/words/sentence.ts";
import { type Code, LANGUAGES, languageOf, type ReaderCode } from "../../lib/words/types.ts";

const AUDIENCES = ["driver", "staff", "integrator"] as const;
const ENGLISH = CATALOGUES["en-US"];
const REASONS = Object.keys(ENGLISH.reason);
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
          const text = counted(language, `line.${what}`, n);
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
    assert.equal(counted("de", "line.cars", 1), "1 Auto");
    assert.equal(counted("de", "line.cars", 3), "3 Autos");
    assert.equal(counted("en-US", "line.cars", 0), "0 cars");
    assert.equal(counted("fr", "line.cars", 0), "0 voiture");
    assert.equal(counted("nl", "line.cars", 0), "0 auto's");
    assert.equal(sentence("de", "line.failSafe", { meter: "grid" }), "Ausfall: Zähler grid");
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
