import { type CsvRow, readCsvRows } from "../csv-rows.ts";
import { EvError, inShort, messageOf } from "../errors.ts";
import { DAY_MIN } from "./arrivals.ts";
import type { TableCar } from "./plan-types.ts";

export const MOST_CARS = 2000;
/** A table of all cars that are taken is far shorter, characters. */
const LONGEST = 1_000_000;
/** Spreadsheets write seconds, too. */
const TIME = /^([01]?\d|2[0-3])[:.h]([0-5]\d)(?::[0-5]\d)?$/;
/** Of a car that a table does not describe further: 11 kW. */
const USUAL_PHASES = 3;
const USUAL_A = 16;
const LARGEST_CAR_A = 125;
const LARGEST_CAR_KWH = 1000;

/** Their order where no headings say another one. */
const COLUMNS = ["arrival", "departure", "kWh", "phases", "A"] as const;
type Column = (typeof COLUMNS)[number];

/** The sentences for people, by the column of the cell that is wrong. */
const SENTENCES: Readonly<Record<Column, string>> = {
  arrival: "planArrival",
  departure: "planDeparture",
  kWh: "planEnergy",
  phases: "planPhases",
  A: "planCurrent",
};

/**
 * The cars of every day: columns arrival, departure, kWh, phases, A. The last two may be missing, and so may the headings; with these
 * headings the columns may stand in any order.
 * @throws EvError EV_MESSAGE_INVALID naming line and column
 */
export async function readPlanTable(given: unknown): Promise<TableCar[]> {
  if (typeof given !== "string") throw noTable("it must be CSV text", given);
  if (given.length > LONGEST) throw tooLong();
  // One of them may be the headings.
  const rows = await readCsvRows(given, MOST_CARS + 1, "too many").catch((error: unknown) => {
    throw messageOf(error) === "too many" ? tooLong() : noTable(`it cannot be read: ${messageOf(error)}`, given);
  });
  const headings = rows[0] && isHeading(rows[0]) ? rows[0].cells : null;
  const places = placesOf(headings ?? []);
  const cars = rows.slice(headings ? 1 : 0).map((row) => new Car(row, places).read());
  if (cars.length > MOST_CARS) throw tooLong();
  if (cars.length === 0) throw noTable("it must have one car a line: arrival;departure;kWh", given);
  return cars;
}

/** A first line without any number is no car. */
function isHeading({ cells }: CsvRow): boolean {
  return !cells.some((cell) => /\d/.test(cell));
}

function placesOf(headings: readonly string[]): Record<Column, number> {
  const names = headings.map((heading) => heading.toLowerCase());
  const isNamed = COLUMNS.slice(0, 3).every((column) => names.includes(column.toLowerCase()));
  const places = COLUMNS.map((column, at) => [column, isNamed ? names.indexOf(column.toLowerCase()) : at] as const);
  return Object.fromEntries(places) as Record<Column, number>;
}

/** One line while it is read. */
class Car {
  readonly #row: CsvRow;
  readonly #places: Record<Column, number>;

  constructor(row: CsvRow, places: Record<Column, number>) {
    this.#row = row;
    this.#places = places;
  }

  read(): TableCar {
    const phases = Number(this.#cell("phases") || USUAL_PHASES);
    if (phases !== 1 && phases !== 2 && phases !== 3) throw this.#wrong("phases", "1, 2 or 3");
    return {
      arrivalMin: this.#minute("arrival"),
      departureMin: this.#minute("departure"),
      wantedWh: 1000 * this.#number("kWh", LARGEST_CAR_KWH),
      phases,
      maxA: this.#cell("A") === "" ? USUAL_A : this.#number("A", LARGEST_CAR_A),
    };
  }

  #cell(column: Column): string {
    return this.#row.cells[this.#places[column]] ?? "";
  }

  #number(column: Column, most: number): number {
    const cell = this.#cell(column);
    const value = cell === "" ? Number.NaN : Number(cell.replace(",", "."));
    if (!(value > 0 && value <= most)) throw this.#wrong(column, `more than 0 and at most ${most}`, { most });
    return value;
  }

  #minute(column: Column): number {
    const found = TIME.exec(this.#cell(column));
    if (!found) throw this.#wrong(column, "a time such as 7:30");
    return (Number(found[1]) * 60 + Number(found[2])) % DAY_MIN;
  }

  #wrong(column: Column, mustBe: string, values: Readonly<Record<string, number>> = {}): EvError {
    const { line } = this.#row;
    const found = inShort(this.#cell(column));
    const detail = `payload.table, line ${line}, ${column} is ${found}; it must be ${mustBe}`;
    return new EvError("EV_MESSAGE_INVALID", detail, { field: SENTENCES[column], values: { line, found, ...values } });
  }
}

function noTable(why: string, given: unknown): EvError {
  return new EvError("EV_MESSAGE_INVALID", `payload.table is ${inShort(given)}; ${why}`, { field: "planTable" });
}

function tooLong(): EvError {
  const detail = `payload.table is too long; it must have at most ${MOST_CARS} lines`;
  return new EvError("EV_MESSAGE_INVALID", detail, { field: "planLong", values: { most: MOST_CARS } });
}
