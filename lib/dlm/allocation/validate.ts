import type { AllocationInput } from "../types.ts";

/** Beyond any current, power or time of a building, and small enough that sums stay exact enough to compare. */
const LARGEST = 1e15;
const POSITIVE = Number.MIN_VALUE;

type Fields = Readonly<Record<string, unknown>>;

const PHASES = [1, 2, 3];
const ROTATIONS = ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"];
const MODES = ["fast", "pv", "minpv", "off"];
const STATES = ["charging", "waiting", "idle", "available", "offline"];

/**
 * Checks the shape and the range of every value of an allocation input; unknown keys are ignored. What concerns the
 * tree (parents, cycles, duplicate ids of zones) is checked where the tree is built, duplicate ids of connectors where the
 * records are made.
 * @throws TypeError for a value of the wrong type, RangeError for one outside its range; both name the path,
 *   e.g. `zones[2].limitA[1]`
 */
export function validateInput(input: unknown): asserts input is AllocationInput {
  const fields = checkObject(input, "input");
  const zones = checkArray(fields["zones"], "zones");
  const connectors = checkArray(fields["connectors"], "connectors");
  if (fields["config"] !== undefined) checkConfig(checkObject(fields["config"], "config"));
  if (fields["pv"] !== undefined) number(checkObject(fields["pv"], "pv")["surplusW"], -LARGEST, "pv", "surplusW");
  for (let i = 0; i < zones.length; i++) checkZone(zones[i], i);
  for (let i = 0; i < connectors.length; i++) checkConnector(connectors[i], i);
}

/** Throws a TypeError or RangeError: `<path> must be <wanted>, not <value>`. */
export function reject(path: string, wanted: string, value: unknown, kind: "type" | "range" = "range"): never {
  const shown =
    typeof value === "string" ? JSON.stringify(value) : typeof value === "object" ? typeName(value) : String(value);
  const message = `${path} must be ${wanted}, not ${shown}`;
  throw kind === "type" ? new TypeError(message) : new RangeError(message);
}

function typeName(value: object | null): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : "an object";
}

function checkConfig(config: Fields): void {
  optionalNumber(config["voltageV"], 1, "config", "voltageV");
  if (config["stepA"] !== undefined) number(config["stepA"], 1e-6, "config", "stepA", -1, 10);
  optionalNumber(config["minA1p"], POSITIVE, "config", "minA1p");
  optionalNumber(config["minA3p"], POSITIVE, "config", "minA3p");
  optionalNumber(config["failSafeA"], 0, "config", "failSafeA");
  optionalChoice(config["shedding"], ["fifo", "duration", "energy"], "config", "shedding");
  optionalChoice(config["priorityPolicy"], ["minFirst", "strict"], "config", "priorityPolicy");
  optionalChoice(config["idlePolicy"], ["minIfSpare", "zero"], "config", "idlePolicy");
  optionalChoice(config["fairness"], ["current", "power"], "config", "fairness");
  optionalBoolean(config["creditGeneration"], "config", "creditGeneration");
  optionalBoolean(config["itNetwork"], "config", "itNetwork");
}

function checkZone(value: unknown, index: number): void {
  const zone = checkObject(value, "zones", index);
  checkId(zone["id"], "zones", index, "id");
  if (zone["parent"] !== null) checkId(zone["parent"], "zones", index, "parent");
  amperes(zone["limitA"], "zones", index, "limitA");
  if (zone["operatorLimitA"] !== undefined) amperes(zone["operatorLimitA"], "zones", index, "operatorLimitA");
  if (zone["headroomA"] !== undefined) amperes(zone["headroomA"], "zones", index, "headroomA");
  if (zone["assumedLoadA"] !== undefined) amperes(zone["assumedLoadA"], "zones", index, "assumedLoadA");
  optionalNumber(zone["maxPowerW"], 0, "zones", "maxPowerW", index);
  optionalNumber(zone["imbalanceA"], 0, "zones", "imbalanceA", index);
  optionalNumber(zone["failSafeA"], 0, "zones", "failSafeA", index);
  if (zone["gridLimit"] !== undefined) checkGridLimit(zone["gridLimit"], `zones[${index}].gridLimit`);
  if (zone["meters"] !== undefined) checkMeters(zone["meters"], `zones[${index}].meters`);
}

function checkGridLimit(value: unknown, path: string): void {
  const limit = checkObject(value, path);
  optionalNumber(limit["powerW"], 0, path, "powerW");
  optionalNumber(limit["currentA"], 0, path, "currentA");
  optionalNumber(limit["creditW"], 0, path, "creditW");
  if (limit["scope"] === undefined) reject(`${path}.scope`, "'evse' or 'total'", undefined, "type");
  optionalChoice(limit["scope"], ["evse", "total"], path, "scope");
}

function checkMeters(value: unknown, path: string): void {
  const meters = checkArray(value, path);
  let including = 0;
  for (let i = 0; i < meters.length; i++) {
    const meter = checkObject(meters[i], path, i);
    checkMeter(meter, path, i);
    if (meter["location"] === "including" && ++including > 1) {
      reject(at(path, i, "location"), "'excluding': a zone has one including meter at most", "including");
    }
  }
  for (let i = 1; i < meters.length; i++) {
    const id = checkObject(meters[i], path, i)["id"];
    for (let j = 0; j < i; j++) {
      if (checkObject(meters[j], path, j)["id"] === id) reject(at(path, i, "id"), "unique in its zone", id);
    }
  }
}

function checkMeter(meter: Fields, path: string, index: number): void {
  checkId(meter["id"], path, index, "id");
  if (meter["location"] === undefined)
    reject(at(path, index, "location"), "'including' or 'excluding'", undefined, "type");
  optionalChoice(meter["location"], ["including", "excluding"], path, "location", index);
  number(meter["ageS"], 0, path, "ageS", index);
  optionalNumber(meter["staleAfterS"], 0, path, "staleAfterS", index);
  optionalChoice(meter["onStale"], ["failSafe", "fallbackLoad"], path, "onStale", index);
  if (meter["fallbackA"] !== undefined || meter["onStale"] === "fallbackLoad") {
    amperes(meter["fallbackA"], path, index, "fallbackA");
  }
  if (meter["currentA"] !== null) readings(meter["currentA"], path, index, "currentA");
}

function checkConnector(value: unknown, index: number): void {
  const connector = checkObject(value, "connectors", index);
  checkId(connector["id"], "connectors", index, "id");
  checkId(connector["zone"], "connectors", index, "zone");
  if (connector["phases"] !== undefined) checkPhaseNumber(connector["phases"], index, "phases");
  if (connector["detectedPhases"] !== undefined) checkTerminals(connector["detectedPhases"], index);
  if (connector["rotation"] !== undefined) choice(connector["rotation"], ROTATIONS, "connectors", "rotation", index);
  if (connector["mode"] !== undefined) choice(connector["mode"], MODES, "connectors", "mode", index);
  if (connector["state"] !== undefined) choice(connector["state"], STATES, "connectors", "state", index);
  if (connector["minA"] !== undefined) number(connector["minA"], POSITIVE, "connectors", "minA", index);
  if (connector["minA3p"] !== undefined) number(connector["minA3p"], POSITIVE, "connectors", "minA3p", index);
  if (connector["maxA"] !== undefined) number(connector["maxA"], 0, "connectors", "maxA", index);
  if (connector["demandCapA"] !== undefined) number(connector["demandCapA"], 0, "connectors", "demandCapA", index);
  if (connector["externalLimitA"] !== undefined)
    number(connector["externalLimitA"], 0, "connectors", "externalLimitA", index);
  if (connector["disconnectedA"] !== undefined)
    number(connector["disconnectedA"], 0, "connectors", "disconnectedA", index);
  if (connector["aloneA"] !== undefined) number(connector["aloneA"], 0, "connectors", "aloneA", index);
  if (connector["reservedA"] !== undefined) number(connector["reservedA"], 0, "connectors", "reservedA", index);
  if (connector["arrivalS"] !== undefined) number(connector["arrivalS"], -LARGEST, "connectors", "arrivalS", index);
  if (connector["chargingS"] !== undefined) number(connector["chargingS"], -LARGEST, "connectors", "chargingS", index);
  if (connector["energyWh"] !== undefined) number(connector["energyWh"], -LARGEST, "connectors", "energyWh", index);
  optionalBoolean(connector["incumbent"], "connectors", "incumbent", index);
  if (connector["measuredA"] !== undefined) readings(connector["measuredA"], "connectors", index, "measuredA");
  if (connector["weight"] !== undefined) number(connector["weight"], 1e-6, "connectors", "weight", index, 1e6);
  if (connector["priorityClass"] !== undefined) checkPriorityClass(connector["priorityClass"], index);
}

function checkPriorityClass(priorityClass: unknown, index: number): void {
  number(priorityClass, 0, "connectors", "priorityClass", index);
  if (!Number.isInteger(priorityClass))
    reject(at("connectors", index, "priorityClass"), "a whole number", priorityClass);
}

function checkPhaseNumber(value: unknown, index: number, key: string): void {
  if (value === 1 || value === 2 || value === 3) return;
  reject(at("connectors", index, key), "1, 2 or 3", value, typeof value === "number" ? "range" : "type");
}

function checkTerminals(value: unknown, index: number): void {
  const terminals = checkArray(value, at("connectors", index, "detectedPhases"));
  for (let i = 0; i < terminals.length; i++) {
    if (!PHASES.includes(terminals[i] as number)) checkPhaseNumber(terminals[i], index, `detectedPhases[${i}]`);
  }
}

function at(list: string, index: number, key: string): string {
  return index < 0 ? `${list}.${key}` : `${list}[${index}].${key}`;
}

function checkObject(value: unknown, list: string, index = -1): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  return reject(index < 0 ? list : `${list}[${index}]`, "an object", value, "type");
}

function checkArray(value: unknown, path: string): readonly unknown[] {
  return Array.isArray(value) ? value : reject(path, "an array", value, "type");
}

function checkId(value: unknown, list: string, index: number, key: string): void {
  if (typeof value !== "string") reject(at(list, index, key), "a string", value, "type");
  if (value === "") reject(at(list, index, key), "a name", value);
}

function number(value: unknown, low: number, list: string, key: string, index = -1, high = LARGEST): void {
  if (typeof value === "number" && value >= low && value <= high) return;
  const wanted = low === POSITIVE ? "a number above 0" : `a number from ${low} to ${high}`;
  reject(at(list, index, key), wanted, value, typeof value === "number" ? "range" : "type");
}

function optionalNumber(value: unknown, low: number, list: string, key: string, index = -1): void {
  if (value !== undefined) number(value, low, list, key, index);
}

function optionalBoolean(value: unknown, list: string, key: string, index = -1): void {
  if (value !== undefined && typeof value !== "boolean") reject(at(list, index, key), "true or false", value, "type");
}

function optionalChoice(value: unknown, choices: readonly string[], list: string, key: string, index = -1): void {
  if (value !== undefined) choice(value, choices, list, key, index);
}

function choice(value: unknown, choices: readonly string[], list: string, key: string, index: number): void {
  for (let i = 0; i < choices.length; i++) if (choices[i] === value) return;
  const wanted = choices.map((name) => `'${name}'`).join(" or ");
  reject(at(list, index, key), wanted, value, typeof value === "string" ? "range" : "type");
}

/** One current for all phases, or three. */
function amperes(value: unknown, list: string, index: number, key: string): void {
  if (!Array.isArray(value)) {
    number(value, 0, list, key, index);
    return;
  }
  if (value.length !== 3) reject(at(list, index, key), "one number or three", `${value.length} values`);
  for (let i = 0; i < 3; i++) {
    if (!isFrom(value[i], 0)) number(value[i], 0, list, `${key}[${i}]`, index);
  }
}

/** Up to three signed currents; one that is unknown is null. */
function readings(value: unknown, list: string, index: number, key: string): void {
  if (!Array.isArray(value)) reject(at(list, index, key), "an array of currents", value, "type");
  if (value.length > 3) reject(at(list, index, key), "three currents at most", `${value.length} values`);
  for (let i = 0; i < value.length; i++) {
    if (value[i] !== null && !isFrom(value[i], -LARGEST)) number(value[i], -LARGEST, list, `${key}[${i}]`, index);
  }
}

function isFrom(value: unknown, low: number): boolean {
  return typeof value === "number" && value >= low && value <= LARGEST;
}
