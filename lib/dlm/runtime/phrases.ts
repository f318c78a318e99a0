import { GERMAN } from "./phrases/de.ts";
import { ENGLISH } from "./phrases/en-us.ts";
import { FRENCH } from "./phrases/fr.ts";
import type { PhraseKey, Phrases } from "./phrases/types.ts";

export { ENGLISH } from "./phrases/en-us.ts";

/** By language, in lower case: one file of `phrases/` each. */
export const CATALOGUES: Readonly<Record<string, Phrases>> = { en: ENGLISH, de: GERMAN, fr: FRENCH };

/** The sentences in a language such as `de` or `fr-CA`; English where there are none. */
export function phrasesOf(language: unknown): Phrases {
  const [name = ""] = typeof language === "string" ? language.toLowerCase().split(/[-_]/) : [];
  return Object.hasOwn(CATALOGUES, name) ? CATALOGUES[name]! : ENGLISH;
}

/** A sentence with its values; a value that is not given stays as its name. */
export function say(phrases: Phrases, key: PhraseKey, values: Readonly<Record<string, string | number>> = {}): string {
  return phrases[key].replace(/\{(\w+)\}/g, (whole, name: string) => quantity(phrases, String(values[name] ?? whole)));
}

/** A quantity such as `10.5 A` as the language writes it; what else is said stays, as names do that have a point in them. */
export function quantity(phrases: Phrases, text: string): string {
  return /^-?\d+\.\d+( [AWk]+)?$/.test(text) ? text.replace(".", phrases.decimal) : text;
}

const HINTS = (Object.keys(ENGLISH) as PhraseKey[])
  .filter((key) => key.startsWith("hint"))
  .map((key) => ({ key, pattern: patternOf(ENGLISH[key]) }));

/** A sentence as a pattern whose groups have the names of its values. */
function patternOf(sentence: string): RegExp {
  const quoted = sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(quoted.replace(/\{(\w+)\}/g, "(?<$1>\\S+)"));
}

/**
 * What to look at on a charge point, in a language. Those who find it out speak English; what they add in the words of a charge point's
 * maker, settings above all, stays as it is.
 */
export function hintIn(phrases: Phrases, hint: string): string {
  if (phrases === ENGLISH) return hint;
  return HINTS.reduce(
    (text, { key, pattern }) => text.replace(pattern, (...found) => say(phrases, key, valuesOf(found.at(-1)))),
    hint,
  );
}

/** The named groups that `replace` gives last, if there are any. */
function valuesOf(groups: unknown): Record<string, string> {
  return typeof groups === "object" && groups !== null ? (groups as Record<string, string>) : {};
}
