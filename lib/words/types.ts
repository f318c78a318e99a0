import type { Words } from "../messages.ts";
import type { ENGLISH } from "./en-US/index.ts";

/** Languages that sentences exist in; the first is what is fallen back to. */
export const LANGUAGES = ["en-US", "de", "fr", "nl"] as const;
export type Language = (typeof LANGUAGES)[number];

type English = typeof ENGLISH;

/** What English says, in another language: the same codes, by subject. */
export type Catalogue = {
  readonly [Subject in keyof English]: {
    readonly [Key in keyof English[Subject]]: English[Subject][Key] extends string ? string : Words;
  };
};

/** Codes of a subject, as `load.idle`. */
export type CodeOf<Subject extends keyof English> = {
  [One in Subject]: `${One}.${keyof English[One] & string}`;
}[Subject];

/** Subjects whose codes stand for one sentence to each reader. */
type ReaderSubject = "reason" | "status";

/** What stands for one sentence. */
export type Code = CodeOf<Exclude<keyof English, ReaderSubject>>;

/** What stands for a sentence to each reader. */
export type ReaderCode = CodeOf<ReaderSubject>;

/** By the name in the sentence. Numbers are written as the language does, and so are quantities such as `10.5 A`. */
export type Values = Readonly<Record<string, string | number>>;

/** A sentence that is worded later, in the language of who reads it. */
export interface Note {
  code: Code;
  values?: Values;
}

/** Notes in a row, and words that are not ours, such as a maker's or a charge point's: they stay as they came. */
export type Hint = string | Note | readonly Hint[];

/** The language of ours that fits a tag such as `de-AT` or `fr_CH.UTF-8`; English where there is none. */
export function languageOf(tag: string): Language {
  const wanted = tag.toLowerCase().slice(0, 2);
  return LANGUAGES.find((language) => language.slice(0, 2) === wanted) ?? LANGUAGES[0];
}
