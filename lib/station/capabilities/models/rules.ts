import type { ProfilePurpose, Traits } from "./types.ts";

/** `smart.stackMax`, `meter.preferPhases`, … */
export type TraitPath = { [Group in keyof Traits]: `${Group}.${keyof Traits[Group] & string}` }[keyof Traits];

/** What the value of one trait may be, in a form that dialogs can show, too. */
export type TraitRule =
  | { kind: "choice"; of: readonly string[] }
  | { kind: "flag" }
  | { kind: "number"; min: number; max: number; integer?: boolean; nullable?: boolean }
  | { kind: "numbers"; min: number; max: number; nullable?: boolean; ascending?: boolean }
  | { kind: "texts"; of?: readonly string[]; notEmpty?: boolean }
  | { kind: "map"; of?: readonly string[]; keys?: readonly string[]; among?: readonly string[] };

const PURPOSES: readonly ProfilePurpose[] = ["TxProfile", "TxDefaultProfile", "ChargePointMaxProfile"];
const count = (max: number): TraitRule => ({ kind: "number", min: 1, max, integer: true, nullable: true });

/** Every trait there is, and what it may be. */
export const TRAIT_RULES: Readonly<Record<TraitPath, TraitRule>> = {
  "smart.supported": { kind: "choice", of: ["yes", "no", "probe"] },
  "smart.unit": { kind: "choice", of: ["A", "W", "auto"] },
  "smart.purposes": { kind: "texts", of: PURPOSES, notEmpty: true },
  "smart.kind": { kind: "choice", of: ["Absolute", "Relative"] },
  "smart.relativeOrigin": { kind: "choice", of: ["txStart", "receipt"] },
  "smart.stackMax": { kind: "number", min: 0, max: 999, integer: true, nullable: true },
  "smart.maxPeriods": count(10_000),
  "smart.maxInstalled": count(10_000),
  "smart.idMax": count(2_147_483_647),
  "smart.numberPhases": { kind: "choice", of: ["never", "always"] },
  "smart.switchesPhases": { kind: "choice", of: ["yes", "no", "probe"] },
  "smart.phaseSwitch": { kind: "choice", of: ["charging", "paused", "key"] },
  "smart.phaseKey": { kind: "map", keys: ["key", "one", "three"] },
  "smart.stepsA": { kind: "numbers", min: 0.1, max: 1000, nullable: true, ascending: true },
  "smart.decimals": { kind: "number", min: 0, max: 1, integer: true },
  "smart.minA": { kind: "number", min: 0, max: 80 },
  "smart.zero": { kind: "choice", of: ["pause", "min"] },
  "smart.resendAfterZero": { kind: "flag" },
  "smart.keepsProfilesOffline": { kind: "flag" },
  "smart.txDefaultAppliesToRunningTx": { kind: "flag" },
  "smart.lease": { kind: "choice", of: ["tail", "none"] },
  "smart.settleS": { kind: "number", min: 1, max: 3600 },
  "smart.composite": { kind: "choice", of: ["yes", "no", "probe"] },
  "smart.wearsFlash": { kind: "flag" },
  "config.maxKeys": count(10_000),
  "config.alias": { kind: "map" },
  "config.skip": { kind: "texts" },
  "config.writeOnly": { kind: "texts" },
  "config.measurands": { kind: "texts" },
  "config.measurandMode": { kind: "choice", of: ["list", "probe", "never"] },
  "config.minIntervalS": { kind: "number", min: 1, max: 3600, integer: true },
  "config.nameKeys": { kind: "map", among: ["name", "place"] },
  "config.identify": { kind: "map", among: ["vendorId", "messageId", "data"] },
  "config.noChangeAvailability": { kind: "flag" },
  "config.triggers": { kind: "map", of: ["yes", "no", "charging"] },
  "transport.noPong": { kind: "flag" },
  "transport.callTimeoutS": { kind: "number", min: 1, max: 120 },
  "transport.callGapMs": { kind: "number", min: 0, max: 60_000 },
  "transport.bootGraceS": { kind: "number", min: 0, max: 600 },
  "transaction.withoutTransactions": { kind: "flag" },
  "transaction.availableEndsIt": { kind: "flag" },
  "transaction.adoptsForeignIds": { kind: "flag" },
  "transaction.idTagMax": { kind: "number", min: 1, max: 255, integer: true },
  "transaction.needsReplugAfterStop": { kind: "flag" },
  "meter.sentinelsWh": { kind: "numbers", min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  "meter.sessionRegister": { kind: "flag" },
  "meter.preferPhases": { kind: "flag" },
  "meter.offersCurrent": { kind: "choice", of: ["yes", "no", "probe"] },
};

/** All paths, group by group. */
export const TRAIT_PATHS = Object.keys(TRAIT_RULES) as readonly TraitPath[];

const KNOWN: ReadonlySet<string> = new Set(TRAIT_PATHS);

/** Whether this text names a trait. */
export function isTraitPath(path: string): path is TraitPath {
  return KNOWN.has(path);
}

/** What the value of a trait has to be, as a sentence's end; null when `value` is that. */
export function traitProblem(path: TraitPath, value: unknown): string | null {
  const rule = TRAIT_RULES[path];
  return fits(rule, value) ? null : mustBe(rule);
}

function fits(rule: TraitRule, value: unknown): boolean {
  if (value === null) return "nullable" in rule && rule.nullable === true;
  switch (rule.kind) {
    case "choice":
      return rule.of.includes(value as string);
    case "flag":
      return typeof value === "boolean";
    case "number":
      return isNumber(rule, value);
    case "numbers":
      return Array.isArray(value) && value.every((item) => isNumber(rule, item)) && (!rule.ascending || ascends(value));
    case "texts":
      return areTexts(rule, value);
    case "map":
      return isMap(rule, value);
  }
}

function isNumber({ min, max, integer }: { min: number; max: number; integer?: boolean }, value: unknown): boolean {
  return typeof value === "number" && value >= min && value <= max && (!integer || Number.isInteger(value));
}

function ascends(values: readonly number[]): boolean {
  return values.length > 0 && values.every((value, index) => index === 0 || value > values[index - 1]!);
}

function areTexts({ of, notEmpty }: { of?: readonly string[]; notEmpty?: boolean }, value: unknown): boolean {
  if (!Array.isArray(value) || (notEmpty && value.length === 0)) return false;
  const allowed = (item: unknown) => typeof item === "string" && item !== "" && (!of || of.includes(item));
  return value.every(allowed) && new Set(value).size === value.length;
}

function isMap({ of, keys, among }: Omit<TraitRule & { kind: "map" }, "kind">, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  if (keys && names.length > 0 && (names.length !== keys.length || !names.every((name) => keys.includes(name))))
    return false;
  if (among && !names.every((name) => among.includes(name))) return false;
  return Object.values(value).every((item) => typeof item === "string" && item !== "" && (!of || of.includes(item)));
}

function mustBe(rule: TraitRule): string {
  const orNull = "nullable" in rule && rule.nullable ? ", or null for what the charge point says" : "";
  switch (rule.kind) {
    case "choice":
      return `one of ${rule.of.join(", ")}`;
    case "flag":
      return "true or false";
    case "number":
      return `a ${rule.integer ? "whole " : ""}number from ${rule.min} to ${rule.max}${orNull}`;
    case "numbers":
      return `a list of numbers${rule.ascending ? " in ascending order" : ""}${rule.nullable ? ", or null for any" : ""}`;
    case "texts":
      return rule.of ? `a list of ${rule.of.join(", ")}, each at most once` : "a list of texts";
    case "map":
      if (rule.keys) return `an object with the texts ${rule.keys.join(", ")}, or {} for none`;
      return rule.of ? `an object whose values are ${rule.of.join(", ")}` : "an object whose values are texts";
  }
}
