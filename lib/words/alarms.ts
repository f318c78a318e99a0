import type { AlarmWords } from "./alarm-words.ts";
import { GERMAN_ALARMS } from "./alarms-de.ts";
import { ENGLISH_ALARMS } from "./alarms-en.ts";
import { FRENCH_ALARMS } from "./alarms-fr.ts";
import type { Language } from "./types.ts";

const ALARM_WORDS: Readonly<Record<Language, AlarmWords>> = {
  "en-US": ENGLISH_ALARMS,
  de: GERMAN_ALARMS,
  fr: FRENCH_ALARMS,
};

/** The same object for the same language. */
export function alarmWords(language: Language): AlarmWords {
  return ALARM_WORDS[language];
}
