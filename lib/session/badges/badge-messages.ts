/** `badges/…` messages: what is asked of the list of badges, and its answers. */

import { isoTime } from "../../clock.ts";
import { SEPARATORS, type Separator } from "../../csv-rows.ts";
import { EvError, invalid } from "../../errors.ts";
import { mapInSlices } from "../../yielding.ts";
import type { TraceEntry } from "./authorization-trace.ts";
import type { Authorizer } from "./authorizer.ts";
import { BADGE_TYPES, type Badge, badgeView, canonicalTag, readBadge, readTag, readTyped } from "./badge.ts";
import { type BadgeChange, type ImportMode, planLargeChange, sizeAfter } from "./badge-change.ts";
import { badgesCsv, type RowProblem, readBadgesCsv } from "./badge-csv.ts";
import { expiryWallMs } from "./badge-expiry.ts";
import { LEARN_S, type LearnOrder } from "./badge-learning.ts";
import type { BadgeList } from "./badge-list.ts";
import type { LocalLists } from "./local-list-push.ts";

type Fields = Record<string, unknown>;

/** Whom the messages are for. */
export interface BadgeContext {
  authorizer: Authorizer;
  localLists: LocalLists;
  nowWallMs(): number;
}

/** What goes out: the payload, and keys beside it. */
export interface BadgesReply extends Fields {
  payload: unknown;
}

/** Problems with rows that one error names. */
const MOST_NAMED = 5;

/** Badges looked at in one turn of the event loop. */
const LOOKED_AT = 4000;

/** Longest learn mode without a badge, s. */
const LONGEST_LEARN_S = 600;

type Handler = (context: BadgeContext, payload: unknown, message: Fields) => BadgesReply | Promise<BadgesReply>;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>(
  Object.entries({
    add,
    edit,
    remove,
    list,
    import: importTable,
    export: exportTable,
    undo,
    learn,
    trace,
    push,
    lists,
  }),
);

/** The verb of a topic `badges/<verb>`; null for another topic. */
export function badgeVerb(topic: unknown): string | null {
  return typeof topic === "string" && topic.startsWith("badges/") ? topic.slice("badges/".length) : null;
}

/**
 * Answers a message. Whatever it changes is durable before.
 * @throws EvError EV_MESSAGE_INVALID naming the field, and nothing was changed; EV_STORE_WRITE | EV_STORE_OPEN
 */
export async function answerBadges(context: BadgeContext, verb: string, message: Fields): Promise<BadgesReply> {
  const handler = HANDLERS.get(verb);
  if (!handler) throw invalid("topic", `badges/ and one of ${[...HANDLERS.keys()].join(", ")}`, `badges/${verb}`);
  const reply = await handler(context, message["payload"], message);
  await context.authorizer.list.settled();
  return reply;
}

/** A change as messages tell it. */
async function told({ added, changed, removed }: BadgeChange, timeZone: string) {
  const view = (badge: Badge) => badgeView(badge, timeZone);
  return {
    added: await mapInSlices(added, view),
    changed: await mapInSlices(changed, ({ before, after }) => ({
      idTag: after.idTag,
      before: view(before),
      after: view(after),
    })),
    removed: await mapInSlices(removed, view),
  };
}

function add({ authorizer: { list } }: BadgeContext, payload: unknown, message: Fields): Promise<BadgesReply> {
  return list.alone(async () => {
    const known = (tag: string) => list.all.get(tag);
    const read = (one: unknown, index: number) => readTyped(one, known, list.timeZone, pathOf(payload, index));
    const wanted = await mapInSlices(listOf(payload), read);
    return carriedOut(list, await planLargeChange(list.all, wanted, "merge"), "add", message);
  });
}

async function carriedOut(list: BadgeList, change: BadgeChange, what: string, message: Fields): Promise<BadgesReply> {
  await list.change(change, what, byWhom(message));
  return { payload: { ...(await told(change, list.timeZone)), count: list.all.size } };
}

/** `{idTag | idTags, …}`: the same change of several badges, which must be there. */
function edit({ authorizer: { list } }: BadgeContext, payload: unknown, message: Fields): Promise<BadgesReply> {
  const { idTags, ...fields } = record(payload, "a badge with what changes of it");
  const tags = idTags === undefined ? [fields["idTag"]] : listOf(idTags);
  return list.alone(async () => {
    const wanted = await mapInSlices(tags, (tag, index) => {
      const path = idTags === undefined ? "payload.idTag" : `payload.idTags[${index}]`;
      const idTag = readTag(tag, path);
      if (!list.all.has(idTag)) throw invalid(path, "a badge of the list", tag, "badgeGone");
      return readBadge({ ...fields, idTag }, (known) => list.all.get(known), list.timeZone);
    });
    const change = await planLargeChange(list.all, wanted, "merge");
    const isChanged = new Set(change.changed.map(({ after }) => after.idTag));
    const { payload } = await carriedOut(list, change, "edit", message);
    const unchanged = [...new Set(wanted.map(({ idTag }) => idTag))].filter((idTag) => !isChanged.has(idTag));
    return { payload: { ...(payload as object), unchanged } };
  });
}

/** A number, a list of them, `{idTag}`, `{idTags}` or `{all: true}`. */
function remove({ authorizer: { list } }: BadgeContext, payload: unknown, message: Fields): Promise<BadgesReply> {
  const fields = isRecord(payload) ? payload : { idTags: payload };
  const all = fields["all"] === true;
  return list.alone(async () => {
    const given = all ? [] : await mapInSlices(listOf(fields["idTags"] ?? fields["idTag"]), tagOf);
    const known = given.filter((tag) => list.all.has(tag));
    const unknown = given.filter((tag) => !list.all.has(tag));
    const removed = all ? [...list.all.values()] : [...new Set(known)].map((tag) => list.all.get(tag)!);
    const { payload: done } = await carriedOut(list, { added: [], changed: [], removed }, "remove", message);
    return { payload: { ...(done as object), unknown } };
  });
}

/** `{search?, type?, blocked?, most?}`; a list of badges, by number. */
async function list({ authorizer, nowWallMs }: BadgeContext, payload: unknown): Promise<BadgesReply> {
  const { search, type, blocked, most } = isRecord(payload) ? payload : ({} as Fields);
  if (type !== undefined && !BADGE_TYPES.some((one) => one === type))
    throw invalid("payload.type", `one of ${BADGE_TYPES.join(", ")}`, type);
  const words = typeof search === "string" ? search.trim().toLowerCase() : "";
  const isWanted = (badge: Badge): boolean =>
    (type === undefined || badge.type === type) &&
    (typeof blocked !== "boolean" || badge.blocked === blocked) &&
    (words === "" || `${badge.idTag} ${badge.comment}`.toLowerCase().includes(words));
  const all = sorted(authorizer.list.all);
  const wanted = (await mapInSlices(all, (badge) => (isWanted(badge) ? badge : null), LOOKED_AT)).filter(
    (badge) => badge !== null,
  );
  const { timeZone } = authorizer.list;
  const view = (badge: Badge) => ({ ...badgeView(badge, timeZone), state: stateOf(badge, nowWallMs(), timeZone) });
  const listed = await mapInSlices(wanted.slice(0, typeof most === "number" ? most : wanted.length), view);
  return { payload: listed, count: authorizer.list.all.size };
}

function stateOf({ blocked, expiryDate }: Badge, nowWallMs: number, timeZone: string): "valid" | "blocked" | "expired" {
  if (blocked) return "blocked";
  const endsWallMs = expiryWallMs(expiryDate, timeZone);
  return endsWallMs !== null && endsWallMs <= nowWallMs ? "expired" : "valid";
}

/** A table as text, or `{csv | badges, mode?, preview?}`. */
function importTable({ authorizer: { list } }: BadgeContext, payload: unknown, message: Fields): Promise<BadgesReply> {
  const fields: Fields = isRecord(payload) ? payload : Array.isArray(payload) ? { badges: payload } : { csv: payload };
  const mode = readMode(fields["mode"] ?? message["mode"]);
  const preview = (fields["preview"] ?? message["preview"]) === true;
  // What replaces the list says all of each badge.
  const before = (tag: string) => (mode === "merge" ? list.all.get(tag) : undefined);
  return list.alone(async () => {
    const { badges, problems } = await readWanted(fields, before, list.timeZone);
    if (!preview && problems.length > 0) throw unreadable(problems);
    if (!preview && badges.length === 0)
      throw invalid("payload", "a table with at least one badge", fields["csv"], "table");
    const change = await planLargeChange(list.all, badges, mode);
    const count = sizeAfter(list.all, change);
    if (!preview) await list.change(change, "import", byWhom(message));
    const unchanged = count - change.added.length - change.changed.length;
    return { payload: { ...(await told(change, list.timeZone)), unchanged, count, problems, mode, preview } };
  });
}

async function readWanted(
  { csv, badges }: Fields,
  before: (idTag: string) => Badge | undefined,
  timeZone: string,
): Promise<{ badges: Badge[]; problems: RowProblem[] }> {
  if (Array.isArray(badges)) {
    const read = (one: unknown, index: number) => readBadge(one, before, timeZone, `badges[${index}]`);
    return { badges: await mapInSlices(badges, read), problems: [] };
  }
  const text = Buffer.isBuffer(csv) ? csv.toString("utf8") : csv;
  if (typeof text !== "string" || text.trim() === "")
    throw invalid("payload", "a table of badges, as a text", csv, "table");
  return readBadgesCsv(text, before, timeZone);
}

function unreadable(problems: readonly RowProblem[]): EvError {
  const named = problems.slice(0, MOST_NAMED).map(({ text }) => text);
  const more = problems.length > named.length ? `; and ${problems.length - named.length} more lines` : "";
  const lines = problems.slice(0, MOST_NAMED).map(({ line }) => line);
  return new EvError("EV_MESSAGE_INVALID", `nothing was imported: ${named.join("; ")}${more}`, {
    field: "lines",
    values: { lines: `${lines.join(", ")}${problems.length > lines.length ? ", …" : ""}` },
  });
}

/** `{separator?}`; the payload is the table. */
async function exportTable({ authorizer }: BadgeContext, payload: unknown, message: Fields): Promise<BadgesReply> {
  const separator = (isRecord(payload) ? payload["separator"] : undefined) ?? ";";
  if (!SEPARATORS.some((one) => one === separator)) throw invalid("payload.separator", "; or , or a tab", separator);
  const headers = {
    ...(isRecord(message["headers"]) ? message["headers"] : {}),
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="badges.csv"',
  };
  const csv = await badgesCsv(sorted(authorizer.list.all), separator as Separator);
  return { payload: csv, filename: "badges.csv", headers };
}

function undo({ authorizer: { list } }: BadgeContext): Promise<BadgesReply> {
  return list.alone(async () => {
    const last = list.lastChange;
    const done = last && (await list.undo());
    const nothing = { added: [], changed: [], removed: [], undone: null };
    if (!last || !done) return { payload: { ...nothing, count: list.all.size } };
    const undone = { what: last.what, by: last.by, at: isoTime(last.changedWallMs) };
    return { payload: { ...(await told(done, list.timeZone)), undone, count: list.all.size } };
  });
}

/** `{chargePoint?, seconds?, does?, type?, comment?, …}`; false or `{stop: true}` ends it. */
function learn({ authorizer: { learning, list: badges } }: BadgeContext, payload: unknown): BadgesReply {
  const fields = isRecord(payload) ? payload : ({} as Fields);
  if (payload === false || fields["stop"] === true) return { payload: learning.end() };
  return { payload: learning.begin(readOrder(fields, badges.timeZone)) };
}

function readOrder(fields: Fields, timeZone: string): LearnOrder {
  const { chargePoint = "", seconds = LEARN_S, does = "add" } = fields;
  const kinds = ["add", "remove", "offer"] as const;
  const kind = kinds.find((one) => one === does);
  if (!kind) throw invalid("payload.does", `one of ${kinds.join(", ")}`, does);
  if (typeof chargePoint !== "string") throw invalid("payload.chargePoint", "an identity, or empty", chargePoint);
  if (typeof seconds !== "number" || !(seconds >= 1 && seconds <= LONGEST_LEARN_S))
    throw invalid("payload.seconds", `a number from 1 to ${LONGEST_LEARN_S}`, seconds);
  const { idTag: _idTag, ...as } = readBadge({ ...fields, idTag: "LEARNT" }, () => undefined, timeZone);
  return { does: kind, chargePoint, seconds, as };
}

/** `{idTag?, chargePoint?, status?, from?, to?, most?}`; the answers given to badges, oldest first. */
function trace({ authorizer, nowWallMs }: BadgeContext, payload: unknown): BadgesReply {
  const fields = isRecord(payload) ? payload : typeof payload === "string" && payload ? { idTag: payload } : {};
  const { idTag, chargePoint, status, most = 100 } = fields as Fields;
  if (typeof most !== "number" || !(most >= 1 && most <= 10_000))
    throw invalid("payload.most", "a number from 1 to 10000", most);
  const entries = authorizer.trace.find({
    idTag: idTag === undefined ? null : canonicalTag(String(idTag)),
    chargePoint: chargePoint === undefined ? null : String(chargePoint),
    status: status === undefined ? null : String(status),
    fromWallMs: readTime((fields as Fields)["from"], "payload.from") ?? 0,
    toWallMs: readTime((fields as Fields)["to"], "payload.to") ?? nowWallMs() + 1000,
    most: Math.floor(most),
  });
  return { payload: entries.map(traceView) };
}

/** Brings the chargers' own lists up to date; `{chargePoint?}`. Resolves with what became of it. */
async function push({ localLists }: BadgeContext, payload: unknown): Promise<BadgesReply> {
  const chargePoint = isRecord(payload) ? payload["chargePoint"] : payload;
  const identity = typeof chargePoint === "string" && chargePoint !== "" ? chargePoint : null;
  return { payload: await localLists.pushNow(identity) };
}

/** What is known of the chargers' own lists. */
function lists({ localLists }: BadgeContext): BadgesReply {
  return { payload: localLists.views() };
}

/** One answer as messages carry it. */
export function traceView({ wallMs, tookMs, ...entry }: TraceEntry) {
  return { ts: isoTime(wallMs), ...entry, ms: tookMs };
}

function readMode(mode: unknown): ImportMode {
  if (mode === undefined || mode === null || mode === "merge") return "merge";
  if (mode === "replace") return "replace";
  throw invalid("mode", "merge or replace", mode);
}

function readTime(value: unknown, path: string): number | null {
  if (value === undefined || value === null) return null;
  const wallMs = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(wallMs)) throw invalid(path, "a time in ISO 8601", value);
  return wallMs;
}

function tagOf(value: unknown): string {
  const idTag = isRecord(value) ? value["idTag"] : value;
  return canonicalTag(readTag(idTag, "payload"));
}

function listOf(payload: unknown): unknown[] {
  const items: unknown[] = Array.isArray(payload) ? payload : [payload];
  if (items.length === 0) throw invalid("payload", "a badge or a list of them", payload);
  return items;
}

function pathOf(payload: unknown, index: number): string {
  return Array.isArray(payload) ? `payload[${index}]` : "payload";
}

function sorted(all: ReadonlyMap<string, Badge>): Badge[] {
  return [...all.values()].sort((a, b) => (a.idTag < b.idTag ? -1 : 1));
}

/** Who asked, where the message says it. */
function byWhom({ by }: Fields): string {
  return typeof by === "string" ? by.slice(0, 100) : "";
}

function record(value: unknown, mustBe: string): Fields {
  if (!isRecord(value)) throw invalid("payload", mustBe, value);
  return value;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
