import { Value } from "typebox/value";
import { EvError, messageOf } from "../../errors.ts";
import { READ_SETTINGS, type ReadSettings } from "../../station/setup/read-settings.ts";
import { privateKind } from "../private-keys.ts";

export const SETTINGS_FORMAT = "phasewise-charger-settings";
export const SETTINGS_VERSION = 1;

/** Longest file that is read, characters. */
const LONGEST = 1_000_000;

/** The settings of a charge point as a file. What belongs to it alone is left out. */
export function settingsFile(settings: ReadSettings): string {
  const { ts, model, vendor, product, firmware, keys } = settings;
  const kept = keys.filter(({ key, value }) => privateKind(key, value) === null);
  const head = { format: SETTINGS_FORMAT, version: SETTINGS_VERSION, ts, model, vendor, product, firmware };
  return `${JSON.stringify({ ...head, keys: kept }, null, 2)}\n`;
}

/** `charger-settings-keba-2026-06-01.json` */
export function settingsFileName({ model, ts }: ReadSettings): string {
  return ["charger-settings", model, ts.slice(0, 10)].filter(Boolean).join("-").concat(".json");
}

/**
 * Reads such a file. What belongs to one charge point alone is left out, should somebody have written it in.
 * @param data JSON text, or what it says @throws EvError EV_MESSAGE_INVALID naming the field and what it must be
 */
export function readSettingsFile(data: unknown): ReadSettings {
  const file = parsed(data);
  const { format, version } = file;
  if (format !== SETTINGS_FORMAT) throw wrong("format", `"${SETTINGS_FORMAT}"; save one with settings/file`);
  if (version !== SETTINGS_VERSION) throw wrong("version", `${SETTINGS_VERSION}; the file is of a newer release`);
  const [problem] = Value.Errors(READ_SETTINGS, file);
  if (problem) throw damaged(pathOf(problem.instancePath), problem.message);
  const { ts, model, vendor, product, firmware, keys } = file as unknown as ReadSettings;
  const twice = keys.findIndex(({ key }, at) => keys.findIndex((other) => sameKey(other.key, key)) < at);
  if (twice >= 0) throw wrong(`keys[${twice}].key`, `named once; ${keys[twice]!.key} is in the list twice`);
  const shared = keys.filter(({ key, value }) => privateKind(key, value) === null);
  return { ts, model, vendor, product, firmware, keys: shared };
}

const sameKey = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

function parsed(data: unknown): Record<string, unknown> {
  if (typeof data === "string" && data.length > LONGEST) throw wrong("file", `at most ${LONGEST} characters long`);
  let file: unknown = data;
  try {
    // Editors put a mark in front of UTF-8.
    if (typeof data === "string") file = JSON.parse(data.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw wrong("file", `JSON: ${messageOf(error)}`);
  }
  if (typeof file !== "object" || file === null || Array.isArray(file)) throw wrong("file", "an object as JSON");
  return file as Record<string, unknown>;
}

/** `/keys/3/value` → `keys[3].value` */
function pathOf(pointer: string): string {
  const path = pointer
    .replace(/\/(\d+)/g, "[$1]")
    .replaceAll("/", ".")
    .replace(/^\./, "");
  return path || "file";
}

const wrong = (path: string, mustBe: string): EvError => damaged(path, `must be ${mustBe}`);

function damaged(path: string, why: string): EvError {
  return new EvError("EV_MESSAGE_INVALID", `file of settings: ${path} ${why}`, {
    field: "settingsFile",
    values: { at: path },
  });
}
