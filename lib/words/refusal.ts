import { EvError } from "../errors.ts";
import { CATALOGUES, sentence } from "./sentence.ts";
import type { CodeOf, Language } from "./types.ts";

/** What somebody at a dashboard is told of an error: a sentence in their words, which names neither messages nor fields. */
export function refusalText(language: Language, error: unknown): string {
  if (!(error instanceof EvError)) return sentence(language, "refused.other");
  const { code, field, values } = error;
  const known = CATALOGUES[language].refused;
  const key = [code, field ?? ""].find((one) => Object.hasOwn(known, one)) ?? "other";
  return sentence(language, `refused.${key}` as CodeOf<"refused">, values);
}
