import type { Reason } from "../dlm/types.ts";
import { GERMAN_REASONS } from "./reasons-de.ts";
import { ENGLISH_REASONS } from "./reasons-en.ts";
import { FRENCH_REASONS } from "./reasons-fr.ts";
import type { Language, Words } from "./types.ts";

export type ReasonCode = Reason["code"];
export type ReasonWords = Readonly<Record<ReasonCode, Words>>;

const REASON_WORDS: Readonly<Record<Language, ReasonWords>> = {
  "en-US": ENGLISH_REASONS,
  de: GERMAN_REASONS,
  fr: FRENCH_REASONS,
};

/** Why a car gets what it gets, said to each reader without numbers; the numbers stand in the allocation's own sentence. */
export function reasonWords(code: ReasonCode, language: Language): Words {
  return REASON_WORDS[language][code];
}
