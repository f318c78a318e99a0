/** Lines of files that are only ever written at their end: each stands for itself, and one that is not whole ends what is read. */
import { readFileSync } from "node:fs";
import type { SQLInputValue } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { JsonValue } from "../../units.ts";
import { LIMITS } from "../statements.ts";
import type { LimitRecord } from "../types.ts";

export type Line = { limit: LimitRecord } | { key: string; value: JsonValue };

/** As it is written: the columns of a limit, key and value of a document, or the number of the round in the first line. */
type WrittenLine = SQLInputValue[] | { [key: string]: JsonValue } | number;

/** Whose limit it is. */
export const nameOf = ({ chargePoint, connector }: Pick<LimitRecord, "chargePoint" | "connector">): string =>
  `${connector} ${chargePoint}`;

/** @param round with which the check sum begins */
export function lineOf(line: Line, round = 0): Buffer {
  return encoded("limit" in line ? LIMITS.valuesOf(line.limit) : { [line.key]: line.value }, round);
}

/** The line that gives those behind it their round. */
export function firstLineOf(round: number): Buffer {
  return encoded(round, 0);
}

function encoded(line: WrittenLine, round: number): Buffer {
  const text = JSON.stringify(line);
  return Buffer.from(`${crc32(text, round).toString(16)} ${text}\n`);
}

/** The lines up to the first that is not whole, how many bytes they take, and their round: the first one without a number at the begin. */
export function linesOf(path: string): { lines: Line[]; bytes: number; round: number } {
  const lines: Line[] = [];
  let [bytes, round] = [0, 0];
  let all: Buffer;
  try {
    all = readFileSync(path);
  } catch {
    return { lines, bytes, round };
  }
  for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, bytes)) {
    const [sum, ...words] = all.toString("utf8", bytes, end).split(" ");
    const text = words.join(" ");
    if (crc32(text, round).toString(16) !== sum) break;
    const written = JSON.parse(text) as WrittenLine;
    if (typeof written === "number") round = written;
    else if (Array.isArray(written)) lines.push({ limit: LIMITS.recordAt(written) });
    else for (const [key, value] of Object.entries(written)) lines.push({ key, value });
    bytes = end + 1;
  }
  return { lines, bytes, round };
}

/** What lines say in the end. */
export function saidBy(lines: readonly Line[]): {
  limits: LimitRecord[];
  documents: [key: string, value: JsonValue][];
} {
  const limits = new Map<string, LimitRecord>();
  const documents = new Map<string, JsonValue>();
  for (const line of lines) {
    if ("limit" in line) limits.set(nameOf(line.limit), line.limit);
    else documents.set(line.key, line.value);
  }
  return { limits: [...limits.values()], documents: [...documents] };
}
