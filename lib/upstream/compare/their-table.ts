/** A table of charges as a back end gives it away, in any of the usual forms. */
import { type CsvRow, readCsvRows } from "../../csv-rows.ts";
import { EvError, inShort, invalid, messageOf } from "../../errors.ts";
import { wallOfLocal } from "../../local-time.ts";
import { mapInSlices } from "../../yielding.ts";
import { type ColumnKind, kindOf } from "./columns.ts";

/** One charge in the books of a back end. */
export interface TheirCharge {
  /** Line of the table, or number of the row. */
  line: number;
  /** As they call it; null = the table does not name chargers. */
  charger: string | null;
  startedWallMs: number;
  energyWh: number;
  /** Their own number for it; null = they give none. */
  id: string | null;
}

const MOST_CHARGES = 100_000;
/** Lines above the headings, such as a title. */
const MOST_ABOVE = 15;
/** A charge of more, in kWh, is none: the column counts in Wh. */
const MOST_KWH = 1000;
/** Wh in one. */
const KWH = 1000;
/** Instants between are taken for seconds since 1970, later ones for ms. */
const MS_FROM = 1e11;

/** @param timeZone of times that name none @throws EvError EV_MESSAGE_INVALID with the line and the column that cannot be read */
export async function readTheirCsv(text: string, timeZone: string): Promise<TheirCharge[]> {
  let rows: CsvRow[];
  try {
    rows = await readCsvRows(text, MOST_CHARGES + MOST_ABOVE, `it has more than ${MOST_CHARGES} lines`);
  } catch (error) {
    throw new EvError("EV_MESSAGE_INVALID", `payload.csv is no table: ${messageOf(error)}`, {
      cause: error,
      field: "theirTable",
    });
  }
  return readTable(rows, timeZone);
}

/** The same from rows of a flow: `{start, energyKWh, chargePoint}` and the other names of columns. @throws as `readTheirCsv` */
export async function readTheirRows(rows: readonly unknown[], timeZone: string): Promise<TheirCharge[]> {
  if (rows.length > MOST_CHARGES) throw invalid("payload.rows", `at most ${MOST_CHARGES} rows`, rows.length);
  const objects = rows.map((row, index) => {
    if (typeof row === "object" && row !== null) return row as Record<string, unknown>;
    throw invalid(`payload.rows[${index}]`, "an object", row, "theirTable");
  });
  const headings = [...new Set(objects.flatMap(Object.keys))];
  const body = objects.map((row, index) => ({ line: index + 1, cells: headings.map((name) => textOf(row[name])) }));
  if (body.length === 0) return [];
  return readTable([{ line: 0, cells: headings }, ...body], timeZone);
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return value === undefined || value === null ? "" : String(value);
}

interface Columns {
  at: ReadonlyMap<ColumnKind, number>;
  headings: readonly string[];
}

async function readTable(rows: CsvRow[], timeZone: string): Promise<TheirCharge[]> {
  const { columns, body } = headed(rows);
  const cells = (kind: ColumnKind) => body.map((row) => cellOf(row, columns, kind)).filter((text) => text !== "");
  const startKind = columns.at.has("start") ? "start" : "startDay";
  const isDayFirst = daysFirst(cells(startKind));
  const unit = energyUnit(columns, cells("energy"));
  const numbers = numberForm([...cells("energy"), ...cells("meterStart"), ...cells("meterStop")], unit);
  const charges = await mapInSlices(body, (row): TheirCharge | null => {
    const start = [cellOf(row, columns, startKind), startKind === "startDay" ? cellOf(row, columns, "startClock") : ""];
    const startText = start.join(" ").trim();
    const charger = cellOf(row, columns, "charger");
    // A line of totals.
    if (startText === "" && !(charger && !/^(total|sum|summe|gesamt|totaal)/i.test(charger))) return null;
    const startedWallMs = readTime(startText, timeZone, isDayFirst);
    if (startedWallMs === null) throw unreadable(row, columns, startKind, startText, "a time");
    const energyWh = readEnergy(row, columns, unit, numbers);
    return {
      line: row.line,
      charger: charger || null,
      startedWallMs,
      energyWh,
      id: cellOf(row, columns, "id") || null,
    };
  });
  return charges.filter((one) => one !== null);
}

/** The headings, and what stands below them. @throws EvError naming what is missing */
function headed(rows: CsvRow[]): { columns: Columns; body: CsvRow[] } {
  let best: Columns = { at: new Map(), headings: rows[0]?.cells ?? [] };
  for (const [index, { cells }] of rows.slice(0, MOST_ABOVE).entries()) {
    const columns = columnsOf(cells);
    if (missingIn(columns).length === 0) return { columns, body: rows.slice(index + 1) };
    if (columns.at.size > best.at.size) best = columns;
  }
  const missing = missingIn(best);
  const found = best.headings.filter(Boolean).slice(0, 20).join(", ");
  throw new EvError(
    "EV_MESSAGE_INVALID",
    `the table has no column for the ${missing.join(" and the ")}; it has: ${found}`,
    {
      field: missing.includes("start") ? "theirStart" : "theirEnergy",
      values: { found: inShort(found) },
    },
  );
}

function columnsOf(headings: readonly string[]): Columns {
  const at = new Map<ColumnKind, number>();
  headings.forEach((heading, index) => {
    const kind = kindOf(heading);
    if (kind !== null && !at.has(kind)) at.set(kind, index);
  });
  // A time alone may be a whole one.
  const clock = at.get("startClock");
  if (!at.has("start") && !at.has("startDay") && clock !== undefined) at.set("start", clock);
  return { at, headings };
}

function missingIn({ at }: Columns): ("start" | "energy")[] {
  const isMetered = at.has("meterStart") && at.has("meterStop");
  return [
    ...(at.has("start") || at.has("startDay") ? [] : ["start" as const]),
    ...(at.has("energy") || isMetered ? [] : ["energy" as const]),
  ];
}

function cellOf({ cells }: CsvRow, { at }: Columns, kind: ColumnKind): string {
  const index = at.get(kind);
  return index === undefined ? "" : (cells[index] ?? "");
}

function unreadable(row: CsvRow, columns: Columns, kind: ColumnKind, value: string, mustBe: string): EvError {
  const column = columns.headings[columns.at.get(kind) ?? -1] ?? kind;
  const what = `line ${row.line}, column ${inShort(column)}: ${inShort(value)} is not ${mustBe}`;
  const field = value === "" ? "theirCellEmpty" : mustBe === "a time" ? "theirCellTime" : "theirCellEnergy";
  return new EvError("EV_MESSAGE_INVALID", what, { field, values: { line: row.line, column, value: inShort(value) } });
}

type NumberForm = "comma" | "point";

/**
 * Whether a comma stands before decimals. Where each number has three digits behind its only mark, those are decimals of kWh and
 * thousands of Wh.
 */
function numberForm(cells: readonly string[], unit: number): NumberForm {
  const digits = cells.map((text) => text.replace(/[^\d.,-]/g, ""));
  const both = digits.find((text) => text.includes(",") && text.includes("."));
  if (both !== undefined) return both.lastIndexOf(",") > both.lastIndexOf(".") ? "comma" : "point";
  if (digits.some((text) => /,(\d{1,2}|\d{4,})$/.test(text))) return "comma";
  if (digits.some((text) => /\.(\d{1,2}|\d{4,})$/.test(text))) return "point";
  return digits.some((text) => text.includes(",")) === (unit === KWH) ? "comma" : "point";
}

const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)$/;

function readNumber(text: string, form: NumberForm): number | null {
  const bare = text.replace(/[\s'’\u00A0\u202F]/g, "").replace(/k?wh$/i, "");
  const isPlain = !bare.includes(",") && NUMBER.test(bare) && (form === "point" || !/\.\d{3}$/.test(bare));
  const number = isPlain
    ? bare
    : form === "comma"
      ? bare.replaceAll(".", "").replace(",", ".")
      : bare.replaceAll(",", "");
  return NUMBER.test(number) ? Number(number) : null;
}

/** Wh in one of what stands in the column: by its heading, by its cells, or by how large they are. */
function energyUnit({ at, headings }: Columns, cells: readonly string[]): number {
  const heading = (headings[at.get("energy") ?? at.get("meterStart") ?? -1] ?? "").toLowerCase();
  if (/k\s*wh/.test(heading) || cells.some((text) => /kwh/i.test(text))) return KWH;
  if (/wh/.test(heading) || cells.some((text) => /wh/i.test(text))) return 1;
  if (!at.has("energy")) return 1;
  const form = numberForm(cells, KWH);
  return cells.some((text) => (readNumber(text, form) ?? 0) > MOST_KWH) ? 1 : KWH;
}

function readEnergy(row: CsvRow, columns: Columns, unit: number, form: NumberForm): number {
  const read = (kind: ColumnKind): number => {
    const text = cellOf(row, columns, kind);
    const number = readNumber(text, form);
    if (number === null) throw unreadable(row, columns, kind, text, "an energy");
    return number;
  };
  if (columns.at.has("energy")) return read("energy") * unit;
  return (read("meterStop") - read("meterStart")) * unit;
}

/** Whether days stand before months where both are numbers: they do, unless one cannot be a month. */
function daysFirst(cells: readonly string[]): boolean {
  const parts = cells.flatMap((text) => {
    const match = /^(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}/.exec(text);
    return match ? [[Number(match[1]), Number(match[2])] as const] : [];
  });
  if (parts.some(([first]) => first > 12)) return true;
  return !parts.some(([, second]) => second > 12) && !cells.some((text) => /[ap]\.?m\.?$/i.test(text));
}

const CLOCK = /(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?m?\.?$/i;

function readTime(text: string, timeZone: string, isDayFirst: boolean): number | null {
  if (/^\d{10}(\d{3})?$/.test(text)) return Number(text) * (Number(text) < MS_FROM ? 1000 : 1);
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i.test(text)) {
    const iso = text
      .replace(" ", "T")
      .replace(/ ?(UTC|GMT)$/i, "Z")
      .replace(/ (?=[+-])/, "");
    const wallMs = Date.parse(iso);
    return Number.isNaN(wallMs) ? null : wallMs;
  }
  const [, ...ymd] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s,])/.exec(text) ?? [];
  const [, first, second, last] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})(?=$|[T\s,])/.exec(text) ?? [];
  const date = ymd.length > 0 ? ymd.map(Number) : first === undefined ? null : dated(first, second!, last!, isDayFirst);
  if (!date) return null;
  const [year, month, day] = date as [number, number, number];
  const noon = new Date(Date.UTC(year, month - 1, day, 12));
  if (noon.getUTCMonth() + 1 !== month || noon.getUTCDate() !== day) return null;
  const rest = text.replace(/^[\d/.-]+/, "").replace(/^[T\s,]+/, "");
  if (rest === "") return wallOfLocal({ year, month, day }, timeZone);
  const clock = CLOCK.exec(rest);
  if (clock?.index !== 0) return null;
  const [hour, minute, second_] = [hourOf(Number(clock[1]), clock[4]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hour > 23 || minute > 59 || second_ > 59) return null;
  return wallOfLocal({ year, month, day, hour, minute }, timeZone) + second_ * 1000;
}

function dated(first: string, second: string, last: string, isDayFirst: boolean): number[] {
  const year = Number(last) < 100 ? 2000 + Number(last) : Number(last);
  return isDayFirst ? [year, Number(second), Number(first)] : [year, Number(first), Number(second)];
}

/** @param half `a` before noon, `p` after it; undefined = a clock of 24 hours */
function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}
