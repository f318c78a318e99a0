import type { SQLInputValue } from "node:sqlite";
import type { SqlStatement } from "../disk/driver.ts";

/** What a book does its work with. `write` and `read` throw when the database cannot be used. */
export interface Access<Statements> {
  /**
   * Runs a body in one transaction. @param what it writes, as an error says it
   * @param when it is to be durable: soon (default), or with what comes in the next half minute
   */
  write<T>(what: string, body: (statements: Statements) => T, when?: "soon" | "later"): T;
  read(): Statements;
  /** Resolves when all that was written until now is durable. @throws EvError EV_STORE_WRITE: it may not be */
  settled(): Promise<void>;
}

/** The statements that a part of the SQL is prepared as. */
export type StatementsOf<Sql> = Record<keyof Sql, SqlStatement>;

/** How a field is kept: as it is; a time in whole ms; yes and no as 1 and 0; null or JSON; texts with blanks between them. */
type Kind = "plain" | "time" | "flag" | "json" | "texts";

export type TableRow = Record<string, unknown>;

/** A table whose rows are records: `acceptedA` stands in the column `accepted_a`. */
export class Table<R extends object> {
  /** The columns with commas between them, and as many marks. */
  readonly columns: string;
  readonly marks: string;
  readonly #fields: readonly { field: keyof R; column: string; kind: Kind }[];

  /** @param renamed fields whose columns have other names */
  constructor(kinds: Record<keyof R, Kind>, renamed: Partial<Record<keyof R, string>> = {}) {
    this.#fields = (Object.entries(kinds) as [keyof R & string, Kind][]).map(([field, kind]) => {
      const column = renamed[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return { field, column, kind };
    });
    this.columns = this.#fields.map(({ column }) => column).join(", ");
    this.marks = this.#fields.map(() => "?").join(", ");
  }

  /** What is written for the marks. */
  valuesOf(record: R): SQLInputValue[] {
    return this.#fields.map(({ field, kind }) => written(kind, record[field]));
  }

  /** The record again. @param values what was written for the marks */
  recordAt(values: readonly unknown[]): R {
    return Object.fromEntries(this.#fields.map(({ field, kind }, index) => [field, read(kind, values[index])])) as R;
  }

  recordOf(row: TableRow): R {
    return Object.fromEntries(this.#fields.map(({ field, column, kind }) => [field, read(kind, row[column])])) as R;
  }
}

function written(kind: Kind, value: unknown): SQLInputValue {
  if (kind === "time") return whole(value as number | null);
  if (kind === "flag") return value ? 1 : 0;
  if (kind === "json") return value === null ? null : JSON.stringify(value);
  return kind === "texts" ? (value as readonly string[]).join(" ") : (value as SQLInputValue);
}

function read(kind: Kind, value: unknown): unknown {
  if (kind === "flag") return value === 1;
  if (kind === "json") return value === null ? null : JSON.parse(value as string);
  return kind === "texts" ? (value as string).split(" ").filter(Boolean) : value;
}

/** A time as it is kept. */
export function whole(wallMs: number): number;
export function whole(wallMs: number | null): number | null;
export function whole(wallMs: number | null): number | null {
  return wallMs === null ? null : Math.round(wallMs);
}
