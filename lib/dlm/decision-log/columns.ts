import type { JsonValue } from "../../units.ts";

/**
 * A list of JSON objects by their fields: an object of columns, down to lists with one entry for each object of the list, null where it
 * has no such field. What stands in a column is alike, so that it is packed into two thirds of the room.
 */
export type Columns = { [key: string]: Columns } | (JsonValue | null)[];

type Fields = { [key: string]: JsonValue };

/** @param rows without null inside: it stands for what is missing */
export function columnsOf(rows: readonly (JsonValue | null)[]): Columns {
  const present = rows.filter((row) => row !== null);
  if (present.length === 0 || !present.every(isBranch)) return [...rows];
  const keys = new Set(present.flatMap((row) => Object.keys(row)));
  const columns: { [key: string]: Columns } = Object.create(null);
  for (const key of keys)
    columns[key] = columnsOf(
      rows.map((row) => (row !== null && Object.hasOwn(row as Fields, key) ? (row as Fields)[key]! : null)),
    );
  return columns;
}

/** The objects again; null for one of which nothing is there. */
export function rowsOf(columns: Columns): (JsonValue | null)[] {
  if (Array.isArray(columns)) return columns;
  const inner = Object.entries(columns).map(([key, column]) => ({ key, rows: rowsOf(column) }));
  return Array.from({ length: Math.max(0, ...inner.map(({ rows }) => rows.length)) }, (_, index) => {
    const fields = inner.flatMap(({ key, rows }) => (rows[index] == null ? [] : [[key, rows[index]] as const]));
    return fields.length === 0 ? null : Object.fromEntries(fields);
  });
}

/** An object with something in it: an empty one would look like one that is missing. */
const isBranch = (value: JsonValue): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
