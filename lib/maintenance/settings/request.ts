/** What somebody wants of settings, as a message says it. */
import { invalid } from "../../errors.ts";
import { record } from "../../fields.ts";

/** Messages about settings, and which of them change something. */
export const SETTINGS = ["list", "read", "file", "compare", "copies", "change", "copy", "goOn", "giveUp"] as const;
export type SettingsName = (typeof SETTINGS)[number];
const ACTS: ReadonlySet<SettingsName> = new Set(["change", "copy", "goOn", "giveUp"]);

/** A charge point may stay away so long after a change, s. */
const WAIT_S = { usual: 300, least: 1, most: 3600 } as const;

const MOST_KEYS = 200;
const MOST_TARGETS = 500;

export interface ChangeRequest {
  chargePoint: string;
  key: string;
  value: string;
  force: boolean;
}

export interface CopyRequest {
  from: string | { file: unknown };
  keys: string[];
  to: string[];
  restart: boolean;
  waitS: number;
}

/** What a topic such as `settings/read` asks for; null = nothing that is known. */
export function settingsNameOf(topic: unknown): SettingsName | null {
  return SETTINGS.find((name) => topic === `settings/${name}`) ?? null;
}

/** Whether it changes something. */
export const isSettingsAct = (name: SettingsName): boolean => ACTS.has(name);

/** The charge point that a message is about; empty = it names none. */
export function settingsPointOf(payload: unknown): string {
  const { chargePoint, from, to } = record(payload);
  const first = Array.isArray(to) ? to[0] : to;
  return [chargePoint, from, first].find((one) => typeof one === "string" && one !== "" && !isFile(one)) ?? "";
}

/** JSON text, no name. */
const isFile = (one: string): boolean => /^[\s\uFEFF]*[[{]/.test(one);

export function readPoint(payload: unknown): string {
  return filled(payload, "chargePoint", "settingsCharger");
}

export function readChange(payload: unknown): ChangeRequest {
  const { value, force } = record(payload);
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw invalid("payload.value", "a text, a number, true or false", value, "settingsValue");
  if (String(value).length > 500) throw invalid("payload.value", "at most 500 characters long", "", "settingsValue");
  return {
    chargePoint: readPoint(payload),
    key: filled(payload, "key", "settingsKey"),
    value: String(value),
    force: force === true,
  };
}

export function readCompare(payload: unknown): Pick<CopyRequest, "from"> & { to: CopyRequest["from"] } {
  return { from: side(payload, "from"), to: side(payload, "to") };
}

export function readCopy(payload: unknown): CopyRequest {
  const { restart, waitS = WAIT_S.usual } = record(payload);
  const isWait = typeof waitS === "number" && waitS >= WAIT_S.least && waitS <= WAIT_S.most;
  if (!isWait) throw invalid("payload.waitS", `a number from ${WAIT_S.least} to ${WAIT_S.most}`, waitS, "settingsWait");
  return {
    from: side(payload, "from"),
    keys: texts(payload, "keys", MOST_KEYS, "settingsKeys"),
    to: texts(payload, "to", MOST_TARGETS, "settingsTo"),
    restart: restart === true,
    waitS,
  };
}

export function readCopyId(payload: unknown): { id: number; chargePoint: string | null } {
  const { id, chargePoint } = record(payload);
  if (typeof id !== "number") throw invalid("payload.id", "the number of a copy", id, "settingsCopy");
  return { id, chargePoint: typeof chargePoint === "string" && chargePoint !== "" ? chargePoint : null };
}

/** A charge point, or a file as text or as what it says. */
function side(payload: unknown, name: "from" | "to"): CopyRequest["from"] {
  const one = record(payload)[name];
  if (typeof one === "string" && one !== "") return isFile(one) ? { file: one } : one;
  if (typeof one === "object" && one !== null) return { file: one };
  throw invalid(`payload.${name}`, "a charge point, or a file of settings", one, "settingsCharger");
}

function filled(payload: unknown, name: string, field: string): string {
  const one = record(payload)[name];
  if (typeof one === "string" && one.trim() !== "" && one.length <= 100) return one.trim();
  throw invalid(`payload.${name}`, "filled in, with at most 100 characters", one, field);
}

function texts(payload: unknown, name: string, most: number, field: string): string[] {
  const list = record(payload)[name];
  const isList = Array.isArray(list) && list.every((one) => typeof one === "string" && one !== "");
  if (isList && list.length > 0 && list.length <= most) return [...new Set(list as string[])];
  throw invalid(`payload.${name}`, `a list of 1 to ${most} texts`, list, field);
}
