import type { EvidenceItem } from "./item.ts";

/** How a table is written: spreadsheets of different countries want different ones. */
export interface CsvStyle {
  separator: "," | ";" | "\t";
  decimal: "." | ",";
}

const COLUMNS = [
  "received",
  "zone",
  "source",
  "reason",
  "scope",
  "limitA",
  "powerW",
  "holdStarts",
  "refused",
  "allocated",
  "accepted",
  "measured",
  "loadBeforeW",
  "loadAfterW",
  "ended",
  "end",
] as const satisfies (keyof EvidenceItem)[];

/** The commands as a table with a header line (RFC 4180, CRLF). A text that a spreadsheet would take for a formula gets an apostrophe. */
export function evidenceCsv(items: readonly EvidenceItem[], style: CsvStyle): string {
  const lines = items.map((item) => COLUMNS.map((column) => cell(item[column], style)));
  return [[...COLUMNS], ...lines].map((cells) => `${cells.join(style.separator)}\r\n`).join("");
}

function cell(value: string | number | boolean | null, { separator, decimal }: CsvStyle): string {
  if (value === null) return "";
  const plain = typeof value === "string" ? value.replace(/^(?=[=+\-@\t\r])/, "'") : String(value);
  const text = typeof value === "number" ? plain.replace(".", decimal) : plain;
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
