/**
 * Every pattern of the product takes time in proportion to the text it meets: one that does not holds up everybody, once a stranger finds
 * the text for it. The patterns are read from the source, so that a new one is tried by itself.
 */
import { strict as assert } from "node:assert";
import { globSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { parse } from "acorn";
import { sample } from "./full.ts";

const ROOT = join(import.meta.dirname, "..");
/** What runs in Node-RED; what runs in the editor meets its own user's words only. */
const FILES = globSync("{lib,nodes}/**/*.ts", { cwd: ROOT }).filter(
  (file) => !/^nodes\/editor\/|\.editor\.ts$/.test(file),
);

interface Pattern {
  where: string;
  source: string;
  flags: string;
}

interface SyntaxNode {
  type: string;
  regex?: { pattern: string; flags: string };
  [member: string]: unknown;
}

function patternsOf(file: string): Pattern[] {
  const code = stripTypeScriptTypes(readFileSync(join(ROOT, file), "utf8"));
  const found: Pattern[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one);
    else if (typeof node === "object" && node !== null && "type" in node) {
      const { regex, ...members } = node as SyntaxNode;
      if (regex) found.push({ where: file, source: regex.pattern, flags: regex.flags });
      for (const member of Object.values(members)) visit(member);
    }
  };
  visit(parse(code, { ecmaVersion: "latest", sourceType: "module" }));
  return found;
}

/** Those that are data (charger models, faults) meet texts of a hundred or two characters only. */
const PATTERNS = FILES.flatMap(patternsOf).filter(({ source }) => /[*+{]/.test(source));

/** Characters that stand in a pattern, and some of each kind. */
function charactersOf(source: string): string[] {
  const literal = source.replace(/\\[dswDSWbBpP]|\\u[0-9a-f]{4}|[\^$()[\]|?*+{}]/g, " ").replaceAll("\\", "");
  return [...new Set([...literal, ...'a1 \n/"\\.-:;=[{,@'])];
}

/** What the pattern may go over again and again, behind what it begins with. */
function* repetitions(source: string): Generator<{ begin: string; unit: string }> {
  const characters = charactersOf(source);
  const units = [...characters, ...(source.match(/[a-z]{3,}/gi) ?? [])];
  for (const one of characters) for (const other of characters.slice(0, 4)) units.push(one + other);
  for (const begin of new Set(["", /^\^?([\w :;"/=-]*)/.exec(source)?.[1] ?? ""]))
    for (const unit of units) yield { begin, unit };
}

/** Ends with what no pattern wants. */
const textOf = (begin: string, unit: string, length: number): string =>
  `${begin}${unit.repeat(length / unit.length)}\u0001`;

/** What tries a pattern on texts, and gives up after a while. */
const TRIAL = createContext({ texts: [""], pattern: /a/, nowMs }) as { texts: readonly string[]; pattern: RegExp };
const TRY = new Script(`texts.map((text) => {
  const before = nowMs();
  pattern.lastIndex = 0;
  while (pattern.exec(text) && pattern.lastIndex > 0);
  return nowMs() - before;
})`);
const LONGEST_MS = 300;

/** So many characters take far less than this, ms, with a pattern that goes over each of them a few times. */
const LENGTH = 10_000;
const AT_ONCE_MS = 4;

/** What shows that it takes more than in proportion to its text; null when nothing does. */
function slowness({ where, source, flags }: Pattern): string | null {
  TRIAL.pattern = new RegExp(source, flags);
  for (const { begin, unit } of slowAtOnce([...repetitions(source)])) {
    const text = textOf(begin, unit, LENGTH);
    // A machine that stands still for so long does not do so again and again.
    const onceMs = quickestMs(text);
    if (onceMs < AT_ONCE_MS) continue;
    // In proportion: 4 times. With the square: 16 times. What else runs on the machine shifts it by less.
    const longer = textOf(begin, unit, 4 * LENGTH);
    if (!Number.isFinite(onceMs) || quickestMs(longer) > 8 * onceMs)
      return `${where}: /${source}/${flags} on ${JSON.stringify(text.slice(0, 30))}…: ${onceMs} ms`;
  }
  return null;
}

/** Those that do not take next to nothing: all are tried together, as each trial that may be given up costs a thread. */
function slowAtOnce<T extends { begin: string; unit: string }>(repeated: readonly T[]): readonly T[] {
  const texts = repeated.map(({ begin, unit }) => textOf(begin, unit, LENGTH));
  const times = timesMs(texts) ?? texts.map(timeMs);
  return repeated.filter((_, index) => times[index]! >= AT_ONCE_MS);
}

const quickestMs = (text: string): number => Math.min(timeMs(text), timeMs(text), timeMs(text));

const timeMs = (text: string): number => timesMs([text])?.[0] ?? Number.POSITIVE_INFINITY;

/** null = it was given up. */
function timesMs(texts: readonly string[]): readonly number[] | null {
  TRIAL.texts = texts;
  try {
    return TRY.runInContext(TRIAL, { timeout: LONGEST_MS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return null;
  }
}

/** Of the processor, so that others on the machine do not count. */
function nowMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe("Patterns", () => {
  it("are found in the source", () => {
    assert.ok(PATTERNS.length > 80, `${PATTERNS.length}`);
    assert.ok(PATTERNS.some(({ where }) => where === "lib/ocpp/server/handshake.ts"));
  });

  it("are told from those that take too long", () => {
    for (const source of ["\\/+$", "^(\\d+\\.?\\d*)$", "^(a+)+$", '"[^"\\\\]*(?:passw|secret)[^"\\\\]*"\\s*:'])
      assert.ok(slowness({ where: "", source, flags: "" }), source);
  });

  it("take time in proportion to the text that they meet", () => {
    // Some ten thousand trials: a machine that is busy with other tests takes longer, which is not counted.
    assert.deepEqual(
      sample(PATTERNS, 3)
        .map(slowness)
        .filter((found) => found !== null),
      [],
    );
  });
});
