/** Tables of others, row by row: separator found out, bytes order mark and quotes as they come. Of a long one, others get their turn. */
import type { Writable } from "node:stream";
import { parse } from "csv";
import { breather } from "./yielding.ts";

export const SEPARATORS = [";", ",", "\t"] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface CsvRow {
  cells: string[];
  /** Line of the table, the first is 1. */
  line: number;
}

/** Bytes of a table that are parsed in one turn of the event loop. */
const BYTES_PER_TURN = 32 * 1024;

/** @param most rows @throws Error in plain English where it is no table, or has more rows: `tooMany` */
export async function readCsvRows(text: string, most: number, tooMany: string): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const parser = parse({
    bom: true,
    delimiter: separatorOf(text),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    info: true,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on("data", ({ record, info }: { record: string[]; info: { lines: number } }) => {
        rows.push({ cells: record.map(plain), line: info.lines });
        if (rows.length > most) reject(new Error(tooMany));
      });
      parser.on("error", reject);
      parser.on("end", resolve);
      feed(parser, Buffer.from(text)).catch(reject);
    });
    return rows;
  } finally {
    parser.destroy();
  }
}

async function feed(parser: Writable, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && !parser.destroyed; at += BYTES_PER_TURN) {
    await new Promise<void>((done) => parser.write(bytes.subarray(at, at + BYTES_PER_TURN), () => done()));
    await breather();
  }
  if (!parser.destroyed) parser.end();
}

/** The separator that stands most often in the first line that has one. */
function separatorOf(text: string): Separator {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/, 20);
  const count = (line: string, separator: string) => line.split(separator).length;
  const first = lines.find((line) => SEPARATORS.some((one) => line.includes(one))) ?? "";
  return [...SEPARATORS].sort((a, b) => count(first, b) - count(first, a))[0]!;
}

/** The apostrophe that keeps spreadsheets from reading a text as a formula goes again. */
function plain(text: string): string {
  return text.replace(/^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/, "");
}
