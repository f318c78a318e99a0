import type { KnownKey } from "../station/capabilities/models/known-keys.ts";

/** What speaks against a value of a configuration key, as what it must be; null when nothing is known to. */
export function valueProblem({ type, range }: Pick<KnownKey, "type" | "range">, value: string): string | null {
  const text = value.trim();
  if ((type === "boolean" || range === "true|false") && !/^(true|false)$/i.test(text)) return "true or false";
  if (type === "integer" && !/^-?\d+$/.test(text)) return "a whole number";
  const [, low, high = ""] = /^(-?\d+(?:\.\d+)?)\.\.(.*)$/.exec(range ?? "") ?? [];
  if (low !== undefined) return outside(text, Number(low), high);
  const most = Number(/^at most (\d+) characters$/.exec(range ?? "")?.[1] ?? Number.POSITIVE_INFINITY);
  return value.length > most ? `at most ${most} characters long` : null;
}

/** @param high a number, nothing, or words for what only the charge point knows */
function outside(text: string, low: number, high: string): string | null {
  const number = text === "" ? Number.NaN : Number(text);
  const most = /^-?\d+(\.\d+)?$/.test(high) ? Number(high) : Number.POSITIVE_INFINITY;
  if (number >= low && number <= most) return null;
  return most === Number.POSITIVE_INFINITY ? `a number of at least ${low}` : `a number from ${low} to ${most}`;
}

/** The key of this name, in any letter case. */
export function keyNamed(known: readonly KnownKey[], name: string): KnownKey | undefined {
  return known.find(({ key }) => key.toLowerCase() === name.trim().toLowerCase());
}
