import Type, { type TSchema } from "typebox";
import { Value } from "typebox/value";
import { EvError } from "../errors.ts";
import { type Badge, readBadge } from "../session/badge.ts";
import { planChange } from "../session/badge-change.ts";
import type { SessionRecord } from "../store/session-types.ts";
import type { LimitCommandRecord, Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { STATION_DOCUMENTS } from "./export.ts";
import { BACKUP_FORMAT, BACKUP_VERSION, type ImportDiff } from "./format.ts";

const text = Type.String({ maxLength: 500 });
const orNull = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);
const wallMs = Type.Integer({ minimum: 0, maximum: 8.64e15 });
const finite = Type.Number();

const SESSION = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  chargePoint: text,
  connector: Type.Integer({ minimum: 0 }),
  zone: orNull(text),
  transactionId: orNull(Type.Integer()),
  idTag: orNull(text),
  user: orNull(text),
  comment: orNull(text),
  startedWallMs: wallMs,
  endedWallMs: wallMs,
  seenWallMs: wallMs,
  meterStartWh: orNull(finite),
  meterStopWh: orNull(finite),
  energyWh: orNull(finite),
  energySource: orNull(text),
  meterKind: orNull(text),
  pvShare: orNull(Type.Number({ minimum: 0, maximum: 1 })),
  chargingS: finite,
  waitingS: finite,
  idleS: finite,
  limitedS: finite,
  chargeType: orNull(text),
  socketType: orNull(text),
  stopReason: orNull(text),
  flags: Type.Array(text),
});

const COMMAND = Type.Object({
  zone: text,
  source: text,
  scope: Type.Union([Type.Literal("evse"), Type.Literal("total")]),
  limitA: orNull(finite),
  powerW: orNull(finite),
  holdStarts: Type.Boolean(),
  reason: text,
  receivedWallMs: wallMs,
  refused: orNull(text),
  allocatedWallMs: orNull(wallMs),
  acceptedWallMs: orNull(wallMs),
  measuredWallMs: orNull(wallMs),
  loadBeforeW: orNull(finite),
  loadAfterW: orNull(finite),
  endedWallMs: orNull(wallMs),
  end: orNull(text),
});

/** A backup that was read and found to hold together. */
export interface ReadBackup {
  badges: Badge[];
  chargePoints: [string, JsonValue][];
  limitCommands: LimitCommandRecord[];
  sessions: SessionRecord[];
}

/** @throws EvError EV_MESSAGE_INVALID naming what is wrong, and where */
export function readBackup(data: unknown): ReadBackup {
  const { format, version, badges, chargePoints, limitCommands, sessions } = object(data, "the backup");
  if (format !== BACKUP_FORMAT) throw wrong("format", `"${BACKUP_FORMAT}"; this is no backup of a site`);
  if (version !== BACKUP_VERSION) throw wrong("version", `${BACKUP_VERSION}; the backup is of a newer release`);
  const knownTag = (): undefined => undefined;
  return {
    badges: list(badges ?? [], "badges").map((row, i) => readBadge(row, knownTag, `badges[${i}]`)),
    chargePoints: Object.entries(object(chargePoints ?? {}, "chargePoints")) as [string, JsonValue][],
    limitCommands: rows<LimitCommandRecord>(limitCommands, "limitCommands", COMMAND),
    sessions: rows<SessionRecord>(sessions, "sessions", SESSION),
  };
}

/** What an import would do. What a site has learnt of a charge point itself is never replaced. @throws EvError EV_STORE_OPEN */
export function compare(backup: ReadBackup, store: Store): ImportDiff {
  const { added, changed } = planChange(badgesOf(store), backup.badges, "merge");
  const known = new Set(store.documents(STATION_DOCUMENTS).map(([key]) => key.slice(STATION_DOCUMENTS.length)));
  const identities = backup.chargePoints.map(([identity]) => identity);
  const commands = newCommands(backup, store).length;
  const sessions = backup.sessions.filter(({ id }) => !store.sessions.has(id)).length;
  return {
    badges: {
      added: added.map(({ idTag }) => idTag),
      changed: changed.map(({ after }) => after.idTag),
      same: backup.badges.length - added.length - changed.length,
    },
    chargePoints: {
      added: identities.filter((identity) => !known.has(identity)),
      known: identities.filter((identity) => known.has(identity)),
    },
    limitCommands: { added: commands, known: backup.limitCommands.length - commands },
    sessions: { added: sessions, known: backup.sessions.length - sessions },
  };
}

/**
 * Takes a backup over: adds, and changes badges; removes nothing. Done whole or not at all.
 * @param addBadges puts badges into the list that authorization works with, and is durable when it returns
 * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export async function importSite(
  backup: ReadBackup,
  store: Store,
  addBadges: (badges: Badge[]) => void,
): Promise<ImportDiff> {
  const diff = compare(backup, store);
  const added = new Set(diff.chargePoints.added);
  await store.durably(() => {
    for (const { id: _id, ...command } of newCommands(backup, store)) store.limitCommands.add(command);
    for (const session of backup.sessions) if (!store.sessions.has(session.id)) addSession(store, session);
  });
  for (const [identity, value] of backup.chargePoints)
    if (added.has(identity)) store.saveDocument(STATION_DOCUMENTS + identity, value);
  if (diff.badges.added.length + diff.badges.changed.length > 0) addBadges(backup.badges);
  return diff;
}

function addSession(store: Store, { number: _number, closedNumber: _closed, ...session }: SessionRecord): void {
  const record = store.sessions.add({ ...session, endedWallMs: null });
  store.sessions.save([{ record: { ...record, ...session }, memory: null }]);
}

function newCommands({ limitCommands }: ReadBackup, store: Store): LimitCommandRecord[] {
  const keyOf = ({ zone, source, receivedWallMs }: LimitCommandRecord) => `${receivedWallMs} ${zone} ${source}`;
  const times = limitCommands.map(({ receivedWallMs }) => receivedWallMs);
  const range = {
    zone: null,
    fromWallMs: Math.min(...times, 8.64e15),
    toWallMs: Math.max(...times, 0),
    most: 1_000_000,
  };
  const known = new Set(store.limitCommands.find(range).map(keyOf));
  return limitCommands.filter((command) => !known.has(keyOf(command)));
}

function badgesOf(store: Store): Map<string, Badge> {
  return new Map(store.badges.all().map((badge) => [badge.idTag, badge]));
}

function rows<T>(value: unknown, name: string, schema: TSchema): T[] {
  return list(value ?? [], name).map((row, i) => {
    const [problem] = Value.Errors(schema, row);
    if (problem) throw wrong(`${name}[${i}]${problem.instancePath.replaceAll("/", ".")}`, problem.message);
    return row as T;
  });
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(name, "a list");
  return value;
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name, "an object");
  return value as Record<string, unknown>;
}

function wrong(path: string, mustBe: string): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${path} must be ${mustBe}`);
}
