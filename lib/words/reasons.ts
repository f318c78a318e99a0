import type { Reason, ReasonCode } from "../dlm/types.ts";
import type { ReasonWords, WordedNote } from "./reason-words.ts";
import { GERMAN_REASONS } from "./reasons-de.ts";
import { ENGLISH_REASONS } from "./reasons-en.ts";
import { FRENCH_REASONS } from "./reasons-fr.ts";
import type { Language, Words } from "./types.ts";

const REASON_WORDS: Readonly<Record<Language, ReasonWords>> = {
  "en-US": ENGLISH_REASONS,
  de: GERMAN_REASONS,
  fr: FRENCH_REASONS,
};

/** Why a car gets what it gets, said to each reader without numbers; the numbers stand in the allocation's own sentence. */
export function reasonWords(code: ReasonCode | WordedNote, language: Language): Words {
  return REASON_WORDS[language][code];
}

/** The words of a reason: those of its note where that has some, else those of its code. */
export function wordsOf({ code, note }: Reason, language: Language): Words {
  return reasonWords(note === "stoppedForBreaker" ? note : code, language);
}
