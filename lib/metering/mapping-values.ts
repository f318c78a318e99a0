import { EvError, inShort } from "../errors.ts";
import type { Quality } from "../messages.ts";
import { PHASE_KEYS, perPhase, WHOLE_KEYS } from "./measurement.ts";

/** Values that a message can bring, in A, V, W, Wh, Hz, % and none; import positive. Named as the registers of profiles. */
export const MAPPED_FIELDS: readonly string[] = [
  ...Object.values(PHASE_KEYS).flatMap((name) => perPhase(name)),
  ...Object.values(WHOLE_KEYS),
];

const TRIPLES: Record<string, string> = PHASE_KEYS;
const SINGLES: Record<string, string> = WHOLE_KEYS;
const META = ["ts", "quality"];
const KNOWN_KEYS = [...Object.keys(TRIPLES), ...Object.keys(SINGLES), ...MAPPED_FIELDS, ...META];

/** How sources write that they do not know. */
const UNKNOWN = /^(|-|null|none|nan|n\/a|unknown|unavailable|undefined)$/i;
const NUMBER = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** Seconds since 1970 stay below this for 3000 years; milliseconds have been above it since 1973. */
const MOST_SECONDS = 1e11;

/** What one message says. A field that is absent was not spoken of; null = the source does not know it now. */
export interface MappedValues {
  values: ReadonlyMap<string, number | null>;
  /** What the source thinks of its values. */
  quality: Quality;
  /** Since 1970, ms, where the source says when it measured; null = now. */
  tsMs: number | null;
}

/**
 * Reads what a mapping gave. Numbers may be texts, as MQTT has them; texts such as "unavailable", NaN and infinities are unknown.
 * @returns null when there is nothing in it: the message is not for this meter
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readMapped(result: unknown): MappedValues | null {
  if (result === undefined || result === null) return null;
  if (typeof result !== "object" || Array.isArray(result)) {
    throw wrong("the result of the mapping", 'an object such as {"powerW": 1200}', result);
  }
  const values = new Map<string, number | null>();
  const entries = Object.entries(result).filter(([, value]) => value !== undefined);
  for (const [key, value] of entries) readKey(key, value, values);
  if (values.size === 0 && entries.length > 0) throw nothingKnown(entries.map(([key]) => key));
  if (values.size === 0) return null;
  const { ts, quality } = result as { ts?: unknown; quality?: unknown };
  return { values, quality: readQuality(quality), tsMs: readTs(ts) };
}

function readKey(key: string, value: unknown, values: Map<string, number | null>): void {
  if (Object.hasOwn(TRIPLES, key)) readTriple(key, value, values);
  else if (Object.hasOwn(SINGLES, key)) values.set(SINGLES[key] as string, readNumber(key, value));
  else if (MAPPED_FIELDS.includes(key)) values.set(key, readNumber(key, value));
  else if (!META.includes(key)) refuseMisspelt(key);
}

function readTriple(key: string, value: unknown, values: Map<string, number | null>): void {
  if (!Array.isArray(value) || value.length !== 3) {
    // JSONata leaves out what a message does not have, and L3 would take the place of L2.
    throw wrong(key, "a list of three values (L1, L2, L3); write null for one that is missing", value);
  }
  for (const [phase, name] of perPhase(TRIPLES[key] as string).entries())
    values.set(name, readNumber(`${key}[${phase}]`, value[phase]));
}

function readNumber(field: string, value: unknown): number | null {
  if (value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string") {
    const text = value.trim();
    if (UNKNOWN.test(text)) return null;
    if (NUMBER.test(text)) return Number.isFinite(Number(text)) ? Number(text) : null;
  }
  throw wrong(field, "a number without a unit, or null", value);
}

function readQuality(quality: unknown): Quality {
  if (quality === undefined || quality === null) return "good";
  if (quality === "good" || quality === "stale" || quality === "bad") return quality;
  throw wrong("quality", "good, stale or bad", quality);
}

function readTs(ts: unknown): number | null {
  if (ts === undefined || ts === null) return null;
  const tsMs =
    typeof ts === "number" ? (ts < MOST_SECONDS ? ts * 1000 : ts) : Date.parse(typeof ts === "string" ? ts : "");
  if (Number.isFinite(tsMs)) return tsMs;
  throw wrong("ts", "a time such as 2026-06-01T12:00:00Z, or seconds or milliseconds since 1970", ts);
}

/** Unknown keys are ignored. A key that differs from a known one in capitals only, or lacks its unit, is a mistake. */
function refuseMisspelt(key: string): void {
  const meant = KNOWN_KEYS.find((known) => {
    const bare = known.replace(/(A|V|W|Wh|Hz|Percent)$/, "");
    return [known.toLowerCase(), bare.toLowerCase()].includes(key.toLowerCase());
  });
  if (meant) throw new EvError("EV_MESSAGE_INVALID", `the mapping gives "${key}"; write "${meant}"`);
}

function nothingKnown(keys: readonly string[]): EvError {
  const known = [...Object.keys(TRIPLES), ...Object.keys(SINGLES)].join(", ");
  return new EvError(
    "EV_MESSAGE_INVALID",
    `the mapping gives only ${inShort(keys.join(", "))}; what a measurement is made of is ${known}`,
  );
}

function wrong(field: string, mustBe: string, found: unknown): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${field} is ${inShort(found)}; it must be ${mustBe}`);
}
