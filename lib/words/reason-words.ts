import type { ReasonCode, ReasonNote } from "../dlm/types.ts";
import type { Words } from "./types.ts";

/** What readers are told of a reason by its note, as its code would tell them something else. */
export type WordedNote = Extract<ReasonNote, "stoppedForBreaker">;

/** What each reason is called, in one language. */
export type ReasonWords = Readonly<Record<ReasonCode | WordedNote, Words>>;
