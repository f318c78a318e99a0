import { isTraitPath, traitProblem } from "./models/rules.ts";

/** Facts about a charge point that are no traits, and what each may be. */
const FACTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  /** NumberOfConnectors. */
  "charger.connectors": (value) => isWhole(value, 1, 99),
  /** SupportedFeatureProfiles: what it says it can do; often wrong. */
  "charger.featureProfiles": (value) => areTexts(value),
  /** Its clock is behind ours by this, s. */
  "charger.clockOffsetS": (value) => typeof value === "number" && Number.isFinite(value),
  /** Its clock may be further ahead than that by this, s. */
  "charger.clockAheadS": (value) => typeof value === "number" && Number.isFinite(value),
  /** A boot does not set its clock right. */
  "charger.clockStaysWrong": (value) => typeof value === "boolean",
  /** It keeps a list of badges of its own. */
  "charger.localList": (value) => typeof value === "boolean",
  /** MeterValueSampleInterval as it now is, s. */
  "charger.meterIntervalS": (value) => isWhole(value, 0, 86_400),
};

/** Their paths, for dialogs. */
export const FACT_PATHS: readonly string[] = Object.keys(FACTS);

/** Stack levels and the like beyond these are slips of a charge point, not abilities. */
const HIGHEST: Readonly<Record<string, number>> = {
  "smart.stackMax": 999,
  "smart.maxPeriods": 10_000,
  "smart.maxInstalled": 10_000,
};

/** Why this cannot be a fact about a charge point; null when it can. Nothing beyond reason is ever learnt. */
export function factProblem(path: string, value: unknown): string | null {
  if (isTraitPath(path)) return value === null ? "a learnt value is known" : traitProblem(path, value);
  const check = Object.hasOwn(FACTS, path) ? FACTS[path] : undefined;
  if (!check) return "no such fact";
  return check(value) ? null : "out of range";
}

/** A number that a charge point claims: bounded above, null when it makes no sense (negative, broken, not a number). */
export function claimedCount(path: string, text: string | undefined): number | null {
  if (text === undefined || !/^\s*\d+\s*$/.test(text)) return null;
  const value = Math.min(Number(text), HIGHEST[path] ?? Number.MAX_SAFE_INTEGER);
  return factProblem(path, value) === null ? value : null;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function areTexts(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length <= 20 && value.every((item) => typeof item === "string" && item.length <= 100)
  );
}
