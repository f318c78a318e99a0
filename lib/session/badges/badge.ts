/** What a badge is: its number in one spelling, its fields, and where it may charge. Pure. */
import { invalid } from "../../errors.ts";
import type { Badge, BadgeType } from "../../store/books/badge-types.ts";
import { expiryWallMs, readExpiry } from "./badge-expiry.ts";
import { type BadgeView, VEHICLE } from "./badge-view.ts";

export type { Badge, BadgeType } from "../../store/books/badge-types.ts";
export type { BadgeView } from "./badge-view.ts";

export const BADGE_TYPES: readonly BadgeType[] = ["user", "vip", "admin"];

/** Longest number kept; OCPP 1.6 has 20 (CiString20), some charge points send more. */
const LONGEST_TAG = 40;

/** Longest comment; a charge record shows it whole. */
const LONGEST_COMMENT = 100;

/** Hexadecimal pairs as readers, phones and labels part them: `04:56:7D`, `04-56-7d`, `04 56 7D`. */
const PARTED = /^[0-9A-F]{2}([:\- ][0-9A-F]{2})+$/;

/**
 * The one spelling by which numbers are compared (OCPP 1.6 §7.28: letter case does not count): upper case, without blanks around it,
 * bytes not parted. A car's number keeps its prefix: `vid:aa-bb-cc-dd-ee-ff` → `VID:AABBCCDDEEFF`.
 */
export function canonicalTag(idTag: string): string {
  const upper = idTag.trim().toUpperCase();
  const prefix = upper.startsWith(VEHICLE) ? VEHICLE : "";
  const number = upper.slice(prefix.length);
  return prefix + (PARTED.test(number) ? number.replace(/[:\- ]/g, "") : number);
}

/** The same card read with its bytes in the other order; null for what is no card's number. @param idTag in canonical spelling */
export function reversedTag(idTag: string): string | null {
  if (!/^([0-9A-F]{2}){4,10}$/.test(idTag)) return null;
  return (idTag.match(/../g) ?? []).reverse().join("");
}

/** Where a badge is shown. */
export interface BadgePlace {
  chargePoint: string;
  /** 0 = the charge point did not say which. */
  connector: number;
  /** Every connector of the charge point with the zones it hangs in, its own first. Empty where nothing is described. */
  connectors: readonly { number: number; zones: readonly string[] }[];
}

/** Whether a badge may charge at a place; where the connector is not known, whether at any of the charge point's. */
export function inScope({ chargePoints, connectors, zones }: Badge, place: BadgePlace): boolean {
  if (chargePoints.length + connectors.length + zones.length === 0) return true;
  const identity = place.chargePoint.toLowerCase();
  if (chargePoints.some((name) => name.toLowerCase() === identity)) return true;
  const here = place.connectors.filter(({ number }) => place.connector === 0 || number === place.connector);
  const numbers = here.length > 0 ? here.map(({ number }) => number) : place.connector > 0 ? [place.connector] : [];
  if (numbers.some((number) => connectors.some((id) => id.toLowerCase() === `${identity}/${number}`))) return true;
  return here.some((one) => one.zones.some((zone) => zones.includes(zone)));
}

const BLANK: Omit<Badge, "idTag"> = {
  type: "user",
  comment: "",
  parentIdTag: null,
  expiryDate: null,
  blocked: false,
  chargePoints: [],
  connectors: [],
  zones: [],
  maxConcurrent: 1,
};

/**
 * Reads a badge out of a message or a table row. What is not given stays as it was.
 * @param before the badge as the list has it; @param timeZone of the site; @param path names it in errors, e.g. `payload[2]`
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readBadge(
  given: unknown,
  before: (idTag: string) => Badge | undefined,
  timeZone: string,
  path = "payload",
): Badge {
  const fields = typeof given === "string" ? { idTag: given } : given;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    throw invalid(path, "a badge such as {idTag, type, comment}", given);
  const row = fields as Record<string, unknown>;
  const idTag = readTag(row["idTag"], `${path}.idTag`);
  const badge: Badge = { ...(before(idTag) ?? BLANK), idTag };
  const read = <T>(name: string, reader: (value: unknown, path: string) => T): T | undefined =>
    row[name] === undefined ? undefined : reader(row[name], `${path}.${name}`);
  const change: { [Field in keyof Badge]?: Badge[Field] | undefined } = {
    type: read("type", readType),
    comment: read("comment", readComment),
    parentIdTag: read("parentIdTag", (value, at) => (isNothing(value) ? null : readTag(value, at))),
    expiryDate: read("expiryDate", (value, at) => (isNothing(value) ? null : readExpiry(value, at, timeZone))),
    blocked: read("blocked", readFlag),
    chargePoints: read("chargePoints", readNames),
    connectors: read("connectors", readConnectors),
    zones: read("zones", readNames),
    maxConcurrent: read("maxConcurrent", readCount),
  };
  const told = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...badge, ...(Object.fromEntries(told) as Partial<Badge>) };
}

/** The same of what somebody adds: of a badge that the list has, empty fields stay as they were. */
export function readTyped(
  given: unknown,
  before: (idTag: string) => Badge | undefined,
  timeZone: string,
  path: string,
): Badge {
  const badge = readBadge(given, before, timeZone, path);
  if (typeof given !== "object" || given === null || !before(badge.idTag)) return badge;
  const typed = Object.entries(given).filter(([, value]) => !isNothing(value));
  return readBadge(Object.fromEntries(typed), before, timeZone, path);
}

/** A badge as it is told. @param timeZone of the site; empty = that of this machine */
export function badgeView(badge: Badge, timeZone: string): BadgeView {
  const expiresWallMs = expiryWallMs(badge.expiryDate, timeZone);
  const expiresAt = expiresWallMs === null ? null : new Date(expiresWallMs).toISOString();
  const { chargePoints, connectors, zones } = badge;
  // What a flow does to an answer must not open places to a badge.
  const places = { chargePoints: [...chargePoints], connectors: [...connectors], zones: [...zones] };
  return { ...badge, ...places, expiresAt, vehicle: badge.idTag.startsWith(VEHICLE) };
}

/** A badge's number in canonical spelling. @throws EvError EV_MESSAGE_INVALID */
export function readTag(value: unknown, path: string): string {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") throw invalid(path, "the number of a badge, as a text", value, "idTag");
  const idTag = canonicalTag(text);
  if (/^\d(\.\d+)?E\+\d+$/.test(idTag))
    throw invalid(
      path,
      "the number itself: a spreadsheet has shortened this one; format its column as text",
      value,
      "idTag",
    );
  if (!isTag(idTag)) throw invalid(path, `1 to ${LONGEST_TAG} characters without control characters`, value, "idTag");
  return idTag;
}

/** Whether a text in canonical spelling can be the number of a badge. */
export function isTag(idTag: string): boolean {
  return idTag !== "" && idTag.length <= LONGEST_TAG && ![...idTag].some(isControl);
}

function readType(value: unknown, path: string): BadgeType {
  const type = BADGE_TYPES.find((one) => one === String(value).trim().toLowerCase());
  if (isNothing(value)) return "user";
  if (!type) throw invalid(path, `one of ${BADGE_TYPES.join(", ")}`, value, "badgeType");
  return type;
}

function readComment(value: unknown, path: string): string {
  if (isNothing(value)) return "";
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : null;
  if (text === null || text.length > LONGEST_COMMENT)
    throw invalid(path, `a text of at most ${LONGEST_COMMENT} characters`, value);
  return [...text].map((character) => (isControl(character) ? " " : character)).join("");
}

function readFlag(value: unknown, path: string): boolean {
  const text = String(value ?? "")
    .trim()
    .toLowerCase();
  if (["true", "1", "yes", "x"].includes(text)) return true;
  if (["false", "0", "no", ""].includes(text)) return false;
  throw invalid(path, "true or false", value);
}

/** A list of texts, or one text in which `|` parts them. */
function readNames(value: unknown, path: string): string[] {
  if (isNothing(value)) return [];
  const items: unknown[] = Array.isArray(value) ? value : String(value).split("|");
  const texts = items.map((item) => (typeof item === "string" ? item.trim() : null));
  if (texts.some((text) => text === null || text.length > 100))
    throw invalid(path, "a list of names", value, "badgePlaces");
  return [...new Set(texts.filter((text) => text !== null && text !== ""))] as string[];
}

function readConnectors(value: unknown, path: string): string[] {
  const ids = readNames(value, path);
  if (ids.some((id) => !/^[^/]+\/\d{1,2}$/.test(id))) throw invalid(path, "a list such as CP1/1", value, "badgePlaces");
  return ids;
}

function readCount(value: unknown, path: string): number | null {
  if (isNothing(value)) return null;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0 || count > 1000)
    throw invalid(path, "a whole number from 1 to 1000, or 0 for any number", value, "badgeCharges");
  return count === 0 ? null : count;
}

const isNothing = (value: unknown): boolean => value === null || value === "";
const isControl = (character: string): boolean => character < " " || character === "\u007f";
