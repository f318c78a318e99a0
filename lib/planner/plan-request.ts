import type { PlantTree } from "../dlm/topology/plant.ts";
import { rootPlant } from "../dlm/topology/root-plant.ts";
import { EvError, inShort } from "../errors.ts";
import { record } from "../fields.ts";
import { type Triple, triple } from "../units.ts";
import { MOST_CARS, readPlanTable } from "./plan-table.ts";
import { type PlanRequest, SCENES } from "./plan-types.ts";

const MOST_DAYS = 366;
/** Cars times days: beyond it a plan takes minutes. */
const MOST_VISITS = 100_000;
const LARGEST_A = 10_000;
const LARGEST_W = 1e8;
/** A month and a day, `06-01`. */
const DAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
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
  if (!SCENES.includes(scene as never)) throw invalid("scene", `one of ${SCENES.join(", ")}`, scene);
  if (typeof from !== "string" || !DAY.test(from)) throw invalid("from", "a day such as 06-01", from);
  const days = whole("days", asked["days"] ?? 1, 1, MOST_DAYS, "planDays");
  const listed = table === undefined || table === null || table === "" ? null : await readPlanTable(table);
  const usual = Math.max(1, plant.connectors.length);
  const cars = listed?.length ?? whole("cars", asked["cars"] ?? usual, 1, MOST_CARS, "planCars");
  if (cars * days > MOST_VISITS) {
    const most = Math.floor(MOST_VISITS / cars);
    throw invalid("days", `at most ${most} with ${cars} cars a day`, days, "planVisits", { cars, most });
  }
  return {
    ...settings,
    scene: scene as PlanRequest["scene"],
    table: listed,
    ...{ cars, days, firstDay: dayOfYear(from) },
    highestLoadA: readLoads(asked["loadA"], plant.zones),
    sunW: number("sunW", asked["sunW"] ?? 0, LARGEST_W, "planSun"),
    seed: whole("seed", asked["seed"] ?? 1, 0, 2 ** 30 - 1),
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
      throw invalid(`loadA.${zone}`, `the load of one of ${[...loads.keys()].join(", ")}`, value, "planZone", { zone });
    const values = Array.isArray(value) ? value : [value, value, value];
    if (values.length !== 3)
      throw invalid(`loadA.${zone}`, "a current, or three", value, "planLoad", { most: LARGEST_A });
    loads.set(zone, values.map((one) => number(`loadA.${zone}`, one, LARGEST_A, "planLoad")) as Triple);
  }
  return loads;
}

function number(field: string, value: unknown, most: number, named: string): number {
  if (typeof value !== "number" || !(value >= 0 && value <= most))
    throw invalid(field, `a number from 0 to ${most}`, value, named, { most });
  return value;
}

function whole(field: string, value: unknown, least: number, most: number, named = field): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw invalid(field, `a whole number from ${least} to ${most}`, value, named, { most });
  return value as number;
}

/** @param named the sentence for people, and what it takes */
function invalid(
  field: string,
  mustBe: string,
  found: unknown,
  named = field,
  values: Readonly<Record<string, string | number>> = {},
): EvError {
  const detail = `payload.${field} is ${inShort(found)}; it must be ${mustBe}`;
  return new EvError("EV_MESSAGE_INVALID", detail, { field: named, values });
}

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Of a year without a leap day, 0 = January 1. */
function dayOfYear(day: string): number {
  return DAYS_BEFORE[Number(day.slice(0, 2)) - 1]! + Number(day.slice(3)) - 1;
}
