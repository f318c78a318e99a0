import { readCsvRows } from "../csv-rows.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { rootPlant } from "../dlm/topology/root-plant.ts";
import { invalid } from "../errors.ts";
import { record } from "../fields.ts";
import { type Triple, triple } from "../units.ts";
import { DAY_MIN } from "./arrivals.ts";
import { type PlanRequest, SCENES, type TableCar } from "./plan-types.ts";

const MOST_CARS = 2000;
const MOST_DAYS = 366;
/** Cars times days: beyond it a plan takes minutes. */
const MOST_VISITS = 100_000;
const LARGEST_A = 10_000;
const LARGEST_W = 1e8;
/** A month and a day, `06-01`. */
const DAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^([01]?\d|2[0-3])[:.h]([0-5]\d)$/;
/** Of a car that a table does not describe further: 11 kW. */
const USUAL_PHASES = 3;
const USUAL_A = 16;
const LARGEST_CAR_A = 125;
const LARGEST_CAR_KWH = 1000;

/** How the load management of the root zone is set. */
export type PlanSettings = Pick<PlanRequest, "config" | "rotationS">;

/**
 * Reads `{scene, table?, cars?, days?, from?, loadA?, sunW?, seed?}`; what is missing is as a usual day would be.
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export async function readPlanRequest(
  payload: unknown,
  tree: PlantTree,
  root: string,
  settings: PlanSettings,
): Promise<PlanRequest> {
  const asked = record(payload);
  const plant = rootPlant(tree, root);
  const { scene = "office", table, from = "06-01" } = asked;
  if (!SCENES.includes(scene as never)) throw invalid("payload.scene", `one of ${SCENES.join(", ")}`, scene);
  if (typeof from !== "string" || !DAY.test(from)) throw invalid("payload.from", "a day such as 06-01", from);
  const days = whole("payload.days", asked["days"] ?? 1, 1, MOST_DAYS);
  const listed = table === undefined || table === null || table === "" ? null : await readTable(table);
  const usual = Math.max(1, plant.connectors.length);
  const cars = listed?.length ?? whole("payload.cars", asked["cars"] ?? usual, 1, MOST_CARS);
  if (cars * days > MOST_VISITS)
    throw invalid("payload.days", `at most ${Math.floor(MOST_VISITS / cars)} with ${cars} cars a day`, days);
  return {
    ...settings,
    scene: scene as PlanRequest["scene"],
    table: listed,
    ...{ cars, days, firstDay: dayOfYear(from) },
    highestLoadA: readLoads(asked["loadA"], plant.zones),
    sunW: number("payload.sunW", asked["sunW"] ?? 0, LARGEST_W),
    seed: whole("payload.seed", asked["seed"] ?? 1, 0, 2 ** 30 - 1),
  };
}

/** One current for the root zone, or currents by zone; zones that are not named have their assumed load. */
function readLoads(
  given: unknown,
  zones: readonly { zone: { id: string; assumedLoadA?: number | Triple } }[],
): Map<string, Triple> {
  const loads = new Map(zones.map(({ zone }) => [zone.id, triple(zone.assumedLoadA ?? 0)]));
  if (given === undefined || given === null || given === "") return loads;
  const root = zones[0]!.zone.id;
  const named: [string, unknown][] =
    typeof given === "object" && !Array.isArray(given) ? Object.entries(given) : [[root, given]];
  for (const [zone, value] of named) {
    if (!loads.has(zone))
      throw invalid(`payload.loadA.${zone}`, `the load of one of ${[...loads.keys()].join(", ")}`, value, "loadA");
    const values = Array.isArray(value) ? value : [value, value, value];
    if (values.length !== 3) throw invalid(`payload.loadA.${zone}`, "a current, or three", value, "loadA");
    loads.set(zone, values.map((one) => number(`payload.loadA.${zone}`, one, LARGEST_A, "loadA")) as Triple);
  }
  return loads;
}

/** Columns arrival, departure, kWh, phases, A; the last two may be missing, and so may the headings. */
async function readTable(given: unknown): Promise<TableCar[]> {
  if (typeof given !== "string") throw invalid("payload.table", "a table as CSV text", given);
  const rows = await readCsvRows(given, MOST_CARS + 1, `it has more than ${MOST_CARS} lines`).catch((error: Error) => {
    throw invalid("payload.table", `a table as CSV text: ${error.message}`, given);
  });
  const isHeading = rows[0] && !TIME.test(rows[0].cells[0] ?? "");
  const cars = rows.slice(isHeading ? 1 : 0).map(({ cells, line }) => readCar(cells, `payload.table, line ${line}`));
  if (cars.length === 0) throw invalid("payload.table", "a table with one car a line: arrival;departure;kWh", given);
  return cars;
}

function readCar([arrival, departure, energy, phases, current]: string[], at: string): TableCar {
  const phaseCount = phases ? whole(`${at}, phases`, decimal(phases), 1, 3, "table") : USUAL_PHASES;
  const kWh = number(`${at}, kWh`, decimal(energy), LARGEST_CAR_KWH, "table");
  if (kWh === 0) throw invalid(`${at}, kWh`, "more than 0", energy, "table");
  const maxA = current ? number(`${at}, A`, decimal(current), LARGEST_CAR_A, "table") : USUAL_A;
  const arrivalMin = minute(`${at}, arrival`, arrival);
  const departureMin = minute(`${at}, departure`, departure);
  return { arrivalMin, departureMin, wantedWh: 1000 * kWh, phases: phaseCount as TableCar["phases"], maxA };
}

function decimal(cell: string | undefined): number {
  return cell === undefined || cell.trim() === "" ? Number.NaN : Number(cell.replace(",", "."));
}

function minute(field: string, cell: string | undefined): number {
  const found = TIME.exec(cell ?? "");
  if (!found) throw invalid(field, "a time such as 7:30", cell, "table");
  return (Number(found[1]) * 60 + Number(found[2])) % DAY_MIN;
}

function number(field: string, value: unknown, most: number, named?: string): number {
  if (typeof value !== "number" || !(value >= 0 && value <= most))
    throw invalid(field, `a number from 0 to ${most}`, value, named);
  return value;
}

function whole(field: string, value: unknown, least: number, most: number, named?: string): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw invalid(field, `a whole number from ${least} to ${most}`, value, named);
  return value as number;
}

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Of a year without a leap day, 0 = January 1. */
function dayOfYear(day: string): number {
  return DAYS_BEFORE[Number(day.slice(0, 2)) - 1]! + Number(day.slice(3)) - 1;
}
