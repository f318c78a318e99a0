import { EvError } from "../errors.ts";

/** One addend of a computed value. */
export interface Term {
  sign: 1 | -1;
  name: string;
}

const TERM = /([+-])?\s*([A-Za-z][A-Za-z0-9.]*)\s*/y;

/**
 * Reads a sum or difference of names such as `powerImport - powerExport`; nothing else is understood, nothing is executed.
 * @throws EvError EV_CONFIG_INVALID at anything that is not a name, `+` or `-`
 */
export function parseSum(expression: string): Term[] {
  const text = expression.trim();
  const terms: Term[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length || terms.length === 0) {
    const at = TERM.lastIndex;
    const match = TERM.exec(text);
    if (!match || (terms.length > 0 && !match[1])) {
      throw new EvError(
        "EV_CONFIG_INVALID",
        `"${expression}" is not a sum of names: "${text.slice(at)}" is not understood`,
      );
    }
    terms.push({ sign: match[1] === "-" ? -1 : 1, name: match[2] as string });
  }
  return terms;
}

/** The sum, or null as soon as one addend is unknown. */
export function evaluateSum(terms: readonly Term[], lookUp: (name: string) => number | null): number | null {
  let sum = 0;
  for (const { sign, name } of terms) {
    const value = lookUp(name);
    if (value === null) return null;
    sum += sign * value;
  }
  return sum;
}
