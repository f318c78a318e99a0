import type { Words } from "../messages.ts";
import { GERMAN } from "./de/index.ts";
import { ENGLISH } from "./en-US/index.ts";
import { FRENCH } from "./fr/index.ts";
import { DUTCH } from "./nl/index.ts";
import { formFor } from "./plural.ts";
import type { Catalogue, Code, Hint, Language, Note, ReaderCode, Values } from "./types.ts";

/** Everything that is said, by language and subject. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  "en-US": ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  nl: DUTCH,
};

/** The same by code: a sentence, or one for each reader. */
const BY_CODE: Readonly<Record<Language, ReadonlyMap<string, string | Words>>> = {
  "en-US": flat(ENGLISH),
  de: flat(GERMAN),
  fr: flat(FRENCH),
  nl: flat(DUTCH),
};

function flat(catalogue: Catalogue): Map<string, string | Words> {
  const subjects: [string, Readonly<Record<string, string | Words>>][] = Object.entries(catalogue);
  return new Map(
    subjects.flatMap(([subject, said]) => Object.entries(said).map(([key, one]) => [`${subject}.${key}`, one])),
  );
}

/** What is filled in: `{n}` = the value itself, `{n|car|cars}` = the form for so many. */
const PLACE = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/** The sentence of a code with its values, in the form for as many as there are; a value that is not given stays as its name. */
export function sentence(language: Language, code: Code, values: Values = {}): string {
  const said = BY_CODE[language].get(code) as string;
  if (!said.includes("{")) return said;
  return said.replace(PLACE, (whole, name: string, one?: string, many = "") => {
    const value = values[name];
    if (value === undefined) return whole;
    return one === undefined ? quantity(language, value) : formFor(language, Number(value), one, many);
  });
}

/** Parts of a sentence one after the other; what is empty is left out. */
export function joined(language: Language, parts: readonly (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(CATALOGUES[language].number.between);
}

/** A number, or a quantity such as `10.5 A`, as the language writes it; other text stays, as names do that have a point in them. */
export function quantity(language: Language, value: string | number): string {
  const text = String(value);
  const isQuantity = typeof value === "number" || /^-?\d+\.\d+ k?[AW]$/.test(text);
  return isQuantity ? text.replace(".", CATALOGUES[language].number.decimal) : text;
}

/** One thing said to each reader; null for a code that there is none of. */
export function forReaders(language: Language, code: ReaderCode): Words;
export function forReaders(language: Language, code: string): Words | null;
export function forReaders(language: Language, code: string): Words | null {
  return (BY_CODE[language].get(code) as Words | undefined) ?? null;
}

/** The sentence of a code that a charge point or a flow gave part of; `otherwise` where there is none. */
export function sentenceOr(language: Language, code: string, otherwise: string): string {
  const said = BY_CODE[language].get(code);
  return typeof said === "string" ? said : otherwise;
}

/** Notes in the words of a language, one after the other. */
export function hintText(language: Language, hint: Hint): string {
  if (typeof hint === "string") return hint;
  if ("code" in hint) return sentence(language, hint.code, hint.values);
  return hint.map((one) => hintText(language, one)).join(": ");
}

/** A hint as it was kept, also by an earlier version, which kept it in English; null where it cannot be said. */
export function hintFrom(kept: unknown): Hint | null {
  if (typeof kept === "string") return kept;
  if (Array.isArray(kept)) return kept.every((one) => hintFrom(one) !== null) ? (kept as Hint) : null;
  const code = typeof kept === "object" && kept !== null && "code" in kept ? String(kept.code) : "";
  return typeof BY_CODE["en-US"].get(code) === "string" ? (kept as Note) : null;
}
