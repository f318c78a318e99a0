import { readInput } from "../dlm/inputs/input.ts";
import { shortText } from "../local-time.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import { whatText } from "./rows.ts";

/** What somebody at a dashboard has changed. */
export interface Done {
  /** The kind of message that did it. */
  of: string;
  /** In a sentence. */
  text: string;
}

/**
 * What a message of somebody at a dashboard has changed at a load management.
 * @returns null for one that needs no answer, such as a reading
 */
export function doneBy(message: unknown, language: Language, timeZone: string, nowWallMs: number): Done | null {
  const input = readInput(message);
  const { kind: of } = input;
  switch (input.kind) {
    case "override": {
      const { target, sets } = input;
      if (!sets) return { of, text: sentence(language, "done.ended", { target }) };
      const time = shortText(nowWallMs + sets.ttlS * 1000, nowWallMs, timeZone);
      return { of, text: sentence(language, "done.decided", { target, what: whatText(sets, language), time }) };
    }
    case "mode": {
      const { id: target, mode: chosen } = input;
      const mode = sentence(language, chosen === null ? "done.configured" : `mode.${chosen}`);
      return { of, text: sentence(language, "done.mode", { target, mode }) };
    }
    case "priority":
    case "clear":
      return { of, text: sentence(language, "done.noted") };
    default:
      return null;
  }
}
