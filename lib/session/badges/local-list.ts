/** The list of badges that a charge point keeps for itself: what belongs into it, and how it gets there. OCPP 1.6 §5.10, §5.15. Pure. */
import type { BadgeInfo } from "../../ocpp/facts.ts";
import type { ListEntry, StationOrders } from "../../ocpp/orders.ts";
import { type Badge, type BadgePlace, inScope, reversedTag } from "./badge.ts";
import { expiryWallMs } from "./badge-expiry.ts";

/** idTags of OCPP 1.6 are no longer (CiString20). */
const LONGEST_TAG = 20;

/** Versions are 32-bit integers; 0 means empty and -1 not supported (errata 3.52). */
const LAST_VERSION = 2 ** 31 - 1;

export interface LocalListEntry {
  idTag: string;
  idTagInfo: BadgeInfo;
}

/** A charge point's list as it was last confirmed. */
export interface HeldList {
  version: number;
  /** What was said of each number, in short. */
  entries: Readonly<Record<string, string>>;
}

/**
 * What a charge point may know by itself. Admin badges are not in it, so that it asks about them; nor are badges for other places.
 * @param options `most`: entries it can hold; those beyond are asked about as they are shown. `timeZone`: that of the site
 */
export function localListEntries(
  badges: Iterable<Badge>,
  place: BadgePlace,
  options: { nowWallMs: number; timeZone: string; reversedBytes: boolean; most: number },
): LocalListEntry[] {
  const { nowWallMs, timeZone, reversedBytes, most } = options;
  const entries = new Map<string, LocalListEntry>();
  const own: Badge[] = [];
  for (const badge of badges) {
    if (own.length >= most) break;
    if (badge.type !== "admin" && badge.idTag.length <= LONGEST_TAG && inScope(badge, place)) own.push(badge);
  }
  const put = (idTag: string, badge: Badge): void => {
    if (idTag.length <= LONGEST_TAG && !entries.has(idTag) && entries.size < most)
      entries.set(idTag, { idTag, idTagInfo: infoOf(badge, nowWallMs, timeZone) });
  };
  for (const badge of own) put(badge.idTag, badge);
  for (const badge of reversedBytes ? own : []) put(reversedTag(badge.idTag) ?? badge.idTag, badge);
  return [...entries.values()];
}

function infoOf({ blocked, expiryDate, parentIdTag }: Badge, nowWallMs: number, timeZone: string): BadgeInfo {
  const expiresWallMs = expiryWallMs(expiryDate, timeZone);
  const expired = expiresWallMs !== null && expiresWallMs <= nowWallMs;
  const status = blocked ? "Blocked" : expired ? "Expired" : "Accepted";
  return {
    status,
    ...(expiresWallMs !== null && { expiryDate: new Date(expiresWallMs).toISOString() }),
    ...(parentIdTag !== null && parentIdTag.length <= LONGEST_TAG && { parentIdTag }),
  };
}

/** The requests that bring a charge point's list up to date, and what it holds after each of them. */
export interface PushStep {
  request: StationOrders["sendList"];
  after: HeldList;
}

/**
 * The way from what a charge point holds to what it should hold: nothing, the differences, or the whole. The whole where it is not
 * known what it holds.
 * @param held as last confirmed; null = unknown @param reportedVersion what it says @param mostPerCall SendLocalListMaxLength
 */
export function planPush(
  wanted: readonly LocalListEntry[],
  held: HeldList | null,
  reportedVersion: number,
  mostPerCall: number,
): PushStep[] {
  const size = Math.max(1, Math.floor(mostPerCall));
  const isKnown =
    held !== null && held.version === reportedVersion && reportedVersion < LAST_VERSION - wanted.length - 1;
  if (!isKnown) return fullPush(wanted, nextVersion(Math.max(reportedVersion, held?.version ?? 0)), size);
  const changes = differences(wanted, held);
  if (changes.length > wanted.length) return fullPush(wanted, nextVersion(reportedVersion), size);
  return stepsOf(changes, "Differential", held.version, held.entries, size);
}

/** Replaces whatever a charge point holds. */
export function fullPush(wanted: readonly LocalListEntry[], version: number, mostPerCall: number): PushStep[] {
  const size = Math.max(1, Math.floor(mostPerCall));
  if (wanted.length === 0) return [stepOf([], "Full", version, {})];
  return stepsOf(wanted, "Full", version - 1, {}, size);
}

/** A version that can follow; the count begins anew at the end of what 32 bits hold. */
export function nextVersion(version: number): number {
  return version >= 0 && version < LAST_VERSION - 10_000 ? version + 1 : 1;
}

function differences(wanted: readonly LocalListEntry[], { entries }: HeldList): ListEntry[] {
  const names = new Set(wanted.map(({ idTag }) => idTag));
  const gone = Object.keys(entries).filter((idTag) => !names.has(idTag));
  const changed = wanted.filter(({ idTag, idTagInfo }) => entries[idTag] !== inShort(idTagInfo));
  return [...gone.map((idTag) => ({ idTag })), ...changed];
}

/** Portions; the first one as asked for, the others add to it. */
function stepsOf(
  changes: readonly ListEntry[],
  updateType: "Full" | "Differential",
  version: number,
  before: Readonly<Record<string, string>>,
  size: number,
): PushStep[] {
  const steps: PushStep[] = [];
  let held = before;
  for (let at = 0; at < changes.length; at += size) {
    const type = at === 0 ? updateType : "Differential";
    const step = stepOf(changes.slice(at, at + size), type, version + steps.length + 1, held);
    steps.push(step);
    held = step.after.entries;
  }
  return steps;
}

function stepOf(
  changes: readonly ListEntry[],
  updateType: "Full" | "Differential",
  listVersion: number,
  before: Readonly<Record<string, string>>,
): PushStep {
  const entries = new Map(Object.entries(before));
  for (const { idTag, idTagInfo } of changes) {
    if (idTagInfo) entries.set(idTag, inShort(idTagInfo));
    else entries.delete(idTag);
  }
  const request = { listVersion, updateType, localAuthorizationList: [...changes] };
  return { request, after: { version: listVersion, entries: Object.fromEntries(entries) } };
}

/** Everything that is said of a number, as one text. */
function inShort({ status, expiryDate = "", parentIdTag = "" }: BadgeInfo): string {
  return `${status[0]} ${expiryDate} ${parentIdTag}`.trim();
}
