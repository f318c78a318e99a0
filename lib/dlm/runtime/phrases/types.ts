import type { ENGLISH } from "./en-us.ts";

export type PhraseKey = keyof typeof ENGLISH;

/** The sentences of one language. */
export type Phrases = Readonly<Record<PhraseKey, string>>;
