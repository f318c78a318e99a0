import type { KnownKey } from "../station/capabilities/models/known-keys.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";

/** What speaks against a value of a configuration key, as what it must be; null when nothing is known to. */
export function valueProblem(
  { type, range }: Pick<KnownKey, "type" | "range">,
  value: string,
  language: Language = "en-US",
): string | null {
  const text = value.trim();
  if ((type === "boolean" || range === "true|false") && !/^(true|false)$/i.test(text))
    return sentence(language, "keyProblem.flag");
  if (type === "integer" && !/^-?\d+$/.test(text)) return sentence(language, "keyProblem.whole");
  const [, low, high = ""] = /^(-?\d+(?:\.\d+)?)\.\.(.*)$/.exec(range ?? "") ?? [];
  if (low !== undefined) return outside(language, text, Number(low), high);
  const most = Number(/^at most (\d+) characters$/.exec(range ?? "")?.[1] ?? Number.POSITIVE_INFINITY);
  return value.length > most ? sentence(language, "keyProblem.length", { n: most }) : null;
}

/** @param high a number, nothing, or words for what only the charge point knows */
function outside(language: Language, text: string, low: number, high: string): string | null {
  const number = text === "" ? Number.NaN : Number(text);
  const most = /^-?\d+(\.\d+)?$/.test(high) ? Number(high) : Number.POSITIVE_INFINITY;
  if (number >= low && number <= most) return null;
  return most === Number.POSITIVE_INFINITY
    ? sentence(language, "keyProblem.least", { min: low })
    : sentence(language, "keyProblem.between", { min: low, max: most });
}

/** The key of this name, in any letter case. */
export function keyNamed(known: readonly KnownKey[], name: string): KnownKey | undefined {
  return known.find(({ key }) => key.toLowerCase() === name.trim().toLowerCase());
}
