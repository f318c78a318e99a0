import type { Language } from "../words/types.ts";
import { GERMAN_REPORT } from "./report-words-de.ts";
import { ENGLISH_REPORT, type ReportWords } from "./report-words-en.ts";
import { FRENCH_REPORT } from "./report-words-fr.ts";

export type { ReportWords } from "./report-words-en.ts";

/** What the maintenance report is written with, by language. */
export const MAINTENANCE_WORDS: Readonly<Record<Language, ReportWords>> = {
  "en-US": ENGLISH_REPORT,
  de: GERMAN_REPORT,
  fr: FRENCH_REPORT,
};
