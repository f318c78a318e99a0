import { readInput } from "../dlm/inputs/input.ts";
import { shortText } from "../local-time.ts";
import type { ShownNames } from "../shown-names.ts";
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

/** Whose people read it. */
interface Readers {
  language: Language;
  timeZone: string;
  names: Pick<ShownNames, "called">;
}

/**
 * What a message of somebody at a dashboard has changed at a load management.
 * @returns null for one that needs no answer, such as a reading
 */
export function doneBy(message: unknown, { language, timeZone, names }: Readers, nowWallMs: number): Done | null {
  const input = readInput(message);
  const { kind: of } = input;
  switch (input.kind) {
    case "override": {
      const { sets } = input;
      const target = names.called(input.target);
      if (!sets) return { of, text: sentence(language, "done.ended", { target }) };
      const time = shortText(nowWallMs + sets.ttlS * 1000, nowWallMs, timeZone);
      return { of, text: sentence(language, "done.decided", { target, what: whatText(sets, language), time }) };
    }
    case "mode": {
      const { id, mode: chosen } = input;
      const target = names.called(id);
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
