import { stringify } from "csv/sync";
import type { TableStyle } from "../sessions/session-csv.ts";
import type { Figures, Statistics } from "./statistics.ts";
import type { Group } from "./statistics-request.ts";

const HEADS: Readonly<Record<Group, string>> = {
  day: "Day",
  month: "Month",
  year: "Year",
  chargePoint: "Charging station",
  zone: "Zone",
  holder: "User",
};

type Cell = string | number | null;
type Column = readonly [head: string, cell: (row: Figures) => Cell];

const COLUMNS: readonly Column[] = [
  ["Sessions", ({ sessions }) => sessions],
  ["Energy (kWh)", ({ energyWh }) => thousandth(energyWh)],
  ["Duration (h)", ({ durationS }) => Math.round(durationS / 36) / 100],
  ["PV energy (kWh)", ({ sunWh }) => thousandth(sunWh)],
  ["Energy with known PV share (kWh)", ({ sunKnownWh }) => thousandth(sunKnownWh)],
  ["PV share (%)", ({ sunShare }) => (sunShare === null ? null : Math.round(sunShare * 1000) / 10)],
  ["Without known energy", ({ unmeasured }) => unmeasured],
];

/**
 * A line for each row (RFC 4180, CRLF); what is not known is empty. A text that a spreadsheet would take for a formula gets an
 * apostrophe. @param currency with a column for money
 */
export function statisticsCsv(
  { by, rows }: Pick<Statistics, "by" | "rows">,
  currency: string | null,
  { separator, decimal }: Pick<TableStyle, "separator" | "decimal">,
): string {
  const money: Column[] = currency === null ? [] : [[`Amount (${currency})`, (row) => row.money ?? null]];
  const columns = [...COLUMNS, ...money];
  const isNamed = by === "chargePoint" && rows.some(({ key, name }) => name !== key);
  const head = [HEADS[by], ...(isNamed ? ["Name"] : []), ...columns.map(([text]) => text)];
  const lines = rows.map((row) => [row.key, ...(isNamed ? [row.name] : []), ...columns.map(([, cell]) => cell(row))]);
  return stringify([head, ...lines], {
    delimiter: separator,
    record_delimiter: "windows",
    escape_formulas: true,
    cast: { number: (value) => String(value).replace(".", decimal) },
  });
}

function thousandth(wh: number | null): number | null {
  return wh === null ? null : Math.round(wh) / 1000;
}
