import { CATALOGUES, sentence } from "../../../words/sentence.ts";
import type { Code, Language } from "../../../words/types.ts";

/** Ends of ranges that only the charge point knows. */
const MOST: Readonly<Record<string, Code>> = {
  "installation current limit": "keyValues.installationLimit",
  "largest current of the board": "keyValues.boardCurrent",
  "largest current of the station": "keyValues.stationCurrent",
};

/** Units that are words. */
const UNITS: Readonly<Record<string, Code>> = { times: "keyValues.times", characters: "keyValues.characters" };

/** Ranges as the models have them, and what is said of each. */
const RANGES: readonly [RegExp, (language: Language, ...found: string[]) => string][] = [
  [/^(-?[\d.]*\d)\.\.(-?[\d.]*\d)$/, (language, min, max) => sentence(language, "keyValues.between", pair(min, max))],
  [/^(-?[\d.]*\d)\.\.$/, (language, min = "") => sentence(language, "keyValues.atLeast", { min })],
  [
    /^(-?[\d.]*\d)\.\.(.+)$/,
    (language, min = "", most = "") =>
      sentence(language, "keyValues.upTo", { min, most: said(language, MOST[most], most) }),
  ],
  [/^true\|false$/, (language) => sentence(language, "keyValues.flag")],
  [/^text$/, (language) => sentence(language, "keyValues.text")],
  [/^at most (\d+) characters$/, (language, n = "") => sentence(language, "keyValues.length", { n })],
  [/^list, at most (\d+) characters$/, (language, n = "") => sentence(language, "keyValues.list", { n })],
  [/^hexadecimal digits$/, (language) => sentence(language, "keyValues.hex")],
  [
    /^(\d+) to (\d+) hexadecimal digits$/,
    (language, min, max) => sentence(language, "keyValues.hexLength", pair(min, max)),
  ],
  [/^measurands$/, (language) => sentence(language, "keyValues.measurands")],
  [/^measurands such as (.+)$/, (language, such = "") => sentence(language, "keyValues.measurandsSuch", { such })],
  [
    /^such as (.+?): (.+)$/,
    (language, such = "", words = "") =>
      sentence(language, "keyValues.listSuch", { such, words: words.replace(" or ", ", ") }),
  ],
];

/** What a key does, one sentence: of a model as it has it, else of the standard; null where the catalogues have neither. */
export function keyMeaning(language: Language, key: string, origin: "standard" | "model"): string | null {
  const { modelKey, standardKey } = CATALOGUES[language];
  return (origin === "model" ? named(modelKey, key) : null) ?? named(standardKey, key);
}

/** What the values of a key may be, with their unit; words of the protocol stay as they are. null = nothing is known of them. */
export function valuesText(language: Language, range: string | null, unit: string | null): string | null {
  const shown = unit && said(language, UNITS[unit], unit);
  if (range === null) return shown;
  for (const [pattern, words] of RANGES) {
    const found = pattern.exec(range);
    if (found) return withUnit(words(language, ...found.slice(1)), shown);
  }
  return withUnit(range, shown);
}

/** Behind a number the unit stands as it is, behind words in brackets. */
function withUnit(text: string, unit: string | null): string {
  if (!unit) return text;
  return /\d$/.test(text) ? `${text} ${unit}` : `${text} (${unit})`;
}

function pair(min = "", max = ""): { min: string; max: string } {
  return { min, max };
}

function said(language: Language, code: Code | undefined, otherwise: string): string {
  return code ? sentence(language, code) : otherwise;
}

function named(texts: Readonly<Record<string, string>>, key: string): string | null {
  const name = Object.keys(texts).find((one) => one.toLowerCase() === key.toLowerCase());
  return name === undefined ? null : texts[name]!;
}
