import { isTraitPath, TRAIT_PATHS, TRAIT_RULES, type TraitPath, traitProblem } from "./rules.ts";
import type { TraitPatch } from "./types.ts";

/** What a user says of a charge point, by path (`{"smart.stackMax": 0}`), as a patch; or the first thing that is wrong with it. */
export type ReadOverrides = { patch: TraitPatch; problem: null } | { patch: null; problem: string };

/**
 * Reads overrides as a flow file or a dialog has them. Numbers, lists and null may be text. `problem` is a sentence that names path
 * and fix.
 */
export function readOverrides(given: unknown): ReadOverrides {
  if (given === undefined || given === null || given === "") return { patch: {}, problem: null };
  const wrong = (problem: string): ReadOverrides => ({ patch: null, problem });
  if (typeof given !== "object" || Array.isArray(given)) {
    return wrong('overrides must be an object by path, such as {"smart.stackMax": 0}');
  }
  const patch: Record<string, Record<string, unknown>> = {};
  for (const [path, written] of Object.entries(given)) {
    if (!isTraitPath(path)) {
      return wrong(`overrides["${path.slice(0, 60)}"] is no setting; the nearest is ${nearest(path)}`);
    }
    const value = typedValue(path, written);
    const mustBe = traitProblem(path, value);
    if (mustBe !== null) return wrong(`overrides["${path}"] is ${short(written)}; it must be ${mustBe}`);
    const [group, name] = path.split(".") as [string, string];
    patch[group] ??= {};
    patch[group][name] = value;
  }
  return { patch: patch as TraitPatch, problem: null };
}

/** A value that was written as text, in the type of its trait: `0`, `true`, `null`, `[6,8]` or `6, 8`, `{"a":"b"}`; else as it was. */
export function typedValue(path: TraitPath, written: unknown): unknown {
  if (typeof written !== "string") return written;
  const { kind } = TRAIT_RULES[path];
  const text = written.trim();
  if (kind === "choice") return text;
  const value = fromJson(text);
  if (value !== undefined && typeof value !== "string") return kind === "numbers" ? listed(value) : value;
  const items = text.split(",").map((item) => item.trim());
  if (kind === "texts") return items.filter(Boolean);
  if (kind === "numbers") return items.map((item) => (item === "" ? Number.NaN : Number(item)));
  return written;
}

/** One number is a list of one. */
function listed(value: unknown): unknown {
  return typeof value === "number" ? [value] : value;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The path that differs in the fewest letters. */
function nearest(path: string): TraitPath {
  const wanted = path.slice(0, 60).toLowerCase();
  const distances = TRAIT_PATHS.map((known) => [distance(wanted, known.toLowerCase()), known] as const);
  return distances.reduce((best, one) => (one[0] < best[0] ? one : best))[1];
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
