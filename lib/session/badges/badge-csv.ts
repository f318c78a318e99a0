/** Badges as a table, out and in. */
import { stringify } from "csv/sync";
import { type CsvRow, readCsvRows, type Separator } from "../../csv-rows.ts";
import { EvError, messageOf } from "../../errors.ts";
import { breather, mapInSlices } from "../../yielding.ts";
import { type Badge, readBadge } from "./badge.ts";

const COLUMNS = [
  "idTag",
  "type",
  "comment",
  "parentIdTag",
  "expiryDate",
  "blocked",
  "chargePoints",
  "connectors",
  "zones",
  "maxConcurrent",
] as const;
type Column = (typeof COLUMNS)[number];

/** How other programs head the columns, in lower case without blanks, dashes and underscores. */
const OTHER_NAMES: Readonly<Record<string, Column>> = {
  badge: "idTag",
  badgeid: "idTag",
  badgenumber: "idTag",
  card: "idTag",
  cardnumber: "idTag",
  id: "idTag",
  identifier: "idTag",
  kartennummer: "idTag",
  rfid: "idTag",
  tag: "idTag",
  token: "idTag",
  uid: "idTag",
  kommentar: "comment",
  name: "comment",
  user: "comment",
  typ: "type",
  parent: "parentIdTag",
  group: "parentIdTag",
  expires: "expiryDate",
  expiry: "expiryDate",
  validuntil: "expiryDate",
};

/** So many badges are read from one table. */
const MOST_ROWS = 100_000;

/** A row that could not be read. */
export interface RowProblem {
  /** Line of the table, the first is 1. */
  line: number;
  text: string;
}

/** Badges that are written in one turn of the event loop. */
const BADGES_PER_TURN = 400;

/**
 * A table that spreadsheets open with its letters right; lists within a cell are parted by `|`. 0 charges at a time = any number.
 * Of a long one, others get their turn in between.
 */
export async function badgesCsv(badges: readonly Badge[], separator: Separator): Promise<string> {
  const parts: string[] = [];
  for (let at = 0; at === 0 || at < badges.length; at += BADGES_PER_TURN) {
    if (at > 0) await breather();
    parts.push(tablePart(badges.slice(at, at + BADGES_PER_TURN), separator, at === 0));
  }
  return parts.join("");
}

function tablePart(badges: readonly Badge[], separator: Separator, isFirst: boolean): string {
  const rows = badges.map((badge) => {
    return COLUMNS.map((column) => cell(column === "maxConcurrent" ? (badge[column] ?? 0) : badge[column]));
  });
  return stringify(rows, {
    header: isFirst,
    columns: [...COLUMNS],
    delimiter: separator,
    record_delimiter: "windows",
    bom: isFirst,
    escape_formulas: true,
  });
}

/**
 * Reads a table with or without a header line; without, the number stands first, then the comment. The separator is found out.
 * A column that is missing says nothing of a badge that the list has; an empty cell empties the field. Of a long table, others get
 * their turn in between.
 * @param before a badge as the list has it; @param timeZone of the site
 * @throws EvError EV_MESSAGE_INVALID for what is no table at all
 */
export async function readBadgesCsv(
  text: string,
  before: (idTag: string) => Badge | undefined,
  timeZone: string,
): Promise<{ badges: Badge[]; problems: RowProblem[] }> {
  const rows = await readRows(text);
  const columns = headerOf(rows[0]?.cells ?? []);
  const body = columns ? rows.slice(1) : rows;
  const badges: Badge[] = [];
  const problems: RowProblem[] = [];
  await mapInSlices(body, ({ cells, line }) => {
    if (cells.every((one) => one === "")) return;
    try {
      badges.push(readBadge(fieldsOf(cells, columns ?? ["idTag", "comment"]), before, timeZone, `line ${line}`));
    } catch (error) {
      problems.push({ line, text: messageOf(error) });
    }
  });
  return { badges, problems };
}

async function readRows(text: string): Promise<CsvRow[]> {
  try {
    // One of them may be the header.
    return await readCsvRows(text, MOST_ROWS + 1, `it has more than ${MOST_ROWS} badges`);
  } catch (error) {
    throw new EvError("EV_MESSAGE_INVALID", `payload is no table of badges: ${messageOf(error)}`, {
      cause: error,
      field: "table",
    });
  }
}

/** Which column is what; null for a first line that is a badge already. Columns of other things are left out. */
function headerOf(cells: readonly string[]): (Column | null)[] | null {
  const names = cells.map((name) => {
    const plainName = name.toLowerCase().replace(/[\s_-]/g, "");
    return COLUMNS.find((column) => column.toLowerCase() === plainName) ?? OTHER_NAMES[plainName] ?? null;
  });
  return names.includes("idTag") ? names : null;
}

function fieldsOf(cells: readonly string[], columns: readonly (Column | null)[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  columns.forEach((column, index) => {
    if (column && fields[column] === undefined) fields[column] = cells[index] ?? "";
  });
  return fields;
}

function cell(value: string | number | boolean | null | readonly string[]): string {
  if (value === null) return "";
  return Array.isArray(value) ? value.join("|") : String(value);
}
