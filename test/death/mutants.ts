/** The product with one part of the rule taken out: the judge has to find each of them. Put in before the product is loaded. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Mutant {
  /** What is gone, for people. */
  without: string;
  /** By file: text that is there exactly once, and what stands there instead. */
  changes: Readonly<Record<string, readonly (readonly [found: string, instead: string])[]>>;
}

const ROOT = join(import.meta.dirname, "../..");

const BLIND_GATE = {
  "lib/profile/write-gate.ts": [
    [
      "admits(id: string, limit: AskedLimit): boolean {",
      "admits(id: string, limit: AskedLimit): boolean {\n    if (id && limit) return true;",
    ],
  ],
} as const;

/** By name; each has a story of its own in `worked-stories.ts`. */
export const MUTANTS = {
  ownLease: {
    without: "late ends: a limit that ends upwards is leased as any other, and nobody counts it with more",
    changes: {
      ...BLIND_GATE,
      "lib/profile/lease.ts": [
        ["return Math.max(UPWARD_LEAST_S, 2 * longestS + UPWARD_MARGIN_S);", "return 0;"],
        ["return longestS + UPWARD_MARGIN_S;", "return -27;"],
      ],
      "lib/station/facts.ts": [["const aloneA = aloneOf(sources, nowMs);", "const aloneA = null;"]],
    },
  },
  noGate: { without: "the gate before each write", changes: BLIND_GATE },
  ungatedDecrease: {
    without: "the gate before a decrease with a later end",
    changes: {
      "lib/profile/write-gate.ts": [
        ["    if (limitA <= safeA) {", "    if (limitA < heldA(nowMs)) return null;\n    if (limitA <= safeA) {"],
      ],
    },
  },
  laterEnd: {
    without:
      "every limit of which nobody knows which is in force: only the one that ends last counts, and nothing is reserved",
    changes: {
      "lib/station/limits/limit-entry.ts": [
        [
          "return uncertain !== null && !(uncertain.answered && nowMs >= uncertain.leaseUntilMs + END_DOUBT_MS);",
          "return false;",
        ],
        [
          "[...accepted, ...others, ...entry.pending];",
          "[...accepted, ...others, ...entry.pending].toSorted((a, b) => b.untilMs - a.untilMs).slice(0, 1);",
        ],
      ],
    },
  },
  writeOrder: {
    without: "the order of two writes: the tail goes first, also where the limit falls",
    changes: {
      "lib/profile/compile.ts": [["return rises ? [tail, limit] : [limit, tail];", "return [tail, limit];"]],
    },
  },
  noHold: {
    without: "what holds the outlet below the limit of its transaction",
    changes: {
      "lib/profile/variants/variant.ts": [
        ["  const roomForThree =", "  if (connectors > 0) return false;\n  const roomForThree ="],
      ],
    },
  },
} as const satisfies Record<string, Mutant>;

export type MutantName = keyof typeof MUTANTS;

/** Puts a mutant in the place of its files, for all that is loaded from now on. @throws Error when a file has changed */
export function putIn(name: MutantName): void {
  const { changes }: Mutant = MUTANTS[name];
  const sources = new Map<string, string>();
  for (const [file, replaces] of Object.entries(changes)) {
    const path = join(ROOT, file);
    let source = readFileSync(path, "utf8");
    for (const [found, instead] of replaces) {
      if (source.split(found).length !== 2) throw new Error(`${name}: ${file} does not say once: ${found}`);
      source = source.replace(found, () => instead);
    }
    sources.set(path, source);
  }
  registerHooks({
    load: (url, context, next) => {
      const source = url.startsWith("file:") ? sources.get(fileURLToPath(url)) : undefined;
      if (source === undefined) return next(url, context);
      return { format: "module-typescript", source, shortCircuit: true };
    },
  });
}
