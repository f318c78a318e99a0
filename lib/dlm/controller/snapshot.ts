import { reject, validateInput } from "../allocation/validate.ts";
import type { AllocationInput, ControllerConfig, Snapshot } from "../types.ts";
import { CONTROLLER_DEFAULTS } from "../types.ts";
import { ageS } from "./timing.ts";

const LARGEST = 1e15;
type Fields = Record<string, unknown>;

/**
 * The snapshot as the allocator takes it: time stamps turned into ages, `staleAfterS` filled in, every value checked.
 * @throws TypeError | RangeError naming the path
 */
export function readSnapshot(nowMs: number, snapshot: Snapshot, staleAfterS: number): AllocationInput {
  checkNumber(nowMs, "nowMs");
  const fields = checkObject(snapshot, "snapshot");
  if (fields["site"] !== undefined) checkNumber(checkObject(fields["site"], "site")["gridW"], "site.gridW");
  const zones = checkArray(fields["zones"], "zones").map((zone, i) => withAges(zone, i, nowMs, staleAfterS));
  const connectors = checkArray(fields["connectors"], "connectors");
  for (let i = 0; i < connectors.length; i++) {
    checkSampleTime(connectors[i], i);
    checkLimits(connectors[i], i);
  }
  const input: unknown = { ...fields, zones, connectors };
  validateInput(input);
  return input;
}

/** The configuration with its defaults. @throws TypeError | RangeError naming the path */
export function readConfig(config: Partial<ControllerConfig>): ControllerConfig {
  const merged: ControllerConfig = { ...CONTROLLER_DEFAULTS };
  const given = checkObject(config, "config");
  for (const key of Object.keys(CONTROLLER_DEFAULTS) as (keyof ControllerConfig)[]) {
    const value = given[key];
    if (value === undefined) continue;
    checkNumber(value, `config.${key}`);
    if ((value as number) < 0 && key !== "residualW") reject(`config.${key}`, "0 or more", value);
    merged[key] = value as number;
  }
  return merged;
}

/** What is no object is found later, with everything else. */
function withAges(zone: unknown, index: number, nowMs: number, staleAfterS: number): unknown {
  if (!isObject(zone) || zone["meters"] === undefined) return zone;
  const path = `zones[${index}]`;
  const meters = checkArray(zone["meters"], `${path}.meters`).map((item, i) => {
    const meter = checkObject(item, `${path}.meters[${i}]`);
    checkNumber(meter["tsMs"], `${path}.meters[${i}].tsMs`);
    const timed = { ...meter, ageS: ageS(nowMs, meter["tsMs"] as number) };
    return meter["staleAfterS"] === undefined ? { ...timed, staleAfterS } : timed;
  });
  return { ...zone, meters };
}

function checkSampleTime(value: unknown, index: number): void {
  const tsMs = isObject(value) ? value["measuredTsMs"] : undefined;
  if (tsMs === undefined || (typeof tsMs === "number" && Math.abs(tsMs) <= LARGEST)) return;
  checkNumber(tsMs, `connectors[${index}].measuredTsMs`);
}

function checkLimits(value: unknown, index: number): void {
  const { commandedA, ceilings } = isObject(value) ? value : {};
  if (commandedA === undefined && ceilings === undefined) return;
  const path = `connectors[${index}]`;
  if (commandedA !== undefined) checkAmount(commandedA, `${path}.commandedA`);
  checkArray(ceilings ?? [], `${path}.ceilings`).forEach((ceiling, i) => {
    checkAmount(checkObject(ceiling, `${path}.ceilings[${i}]`)["limitA"], `${path}.ceilings[${i}].limitA`);
  });
}

function checkAmount(value: unknown, path: string): void {
  checkNumber(value, path);
  if ((value as number) < 0) reject(path, "0 or more", value);
}

function checkNumber(value: unknown, path: string): void {
  if (typeof value !== "number") reject(path, "a number", value, "type");
  if (!(Math.abs(value) <= LARGEST)) reject(path, "a finite number", value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkObject(value: unknown, path: string): Fields {
  return isObject(value) ? value : reject(path, "an object", value, "type");
}

function checkArray(value: unknown, path: string): readonly unknown[] {
  return Array.isArray(value) ? value : reject(path, "an array", value, "type");
}
