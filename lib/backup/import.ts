import Type, { type TSchema } from "typebox";
import { Value } from "typebox/value";
import { EvError, messageOf } from "../errors.ts";
import { isOpen } from "../reservations/rules.ts";
import { type Badge, readBadge } from "../session/badges/badge.ts";
import { READ_SETTINGS } from "../station/setup/read-settings.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import type { LimitCommandRecord } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { breather } from "../yielding.ts";
import { type Entry, EntryReader } from "./entries.ts";
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupName, type BackupSettings } from "./format.ts";

const text = Type.String({ maxLength: 500 });
const orNull = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()]);
const wallMs = Type.Integer({ minimum: 0, maximum: 8.64e15 });
const finite = Type.Number();

const SESSION = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  chargePoint: text,
  connector: Type.Integer({ minimum: 0 }),
  zone: orNull(text),
  /** A number in backups of earlier releases. */
  transactionId: orNull(Type.Union([Type.Integer(), text])),
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
  /** Not there in backups of earlier releases. */
  midnights: Type.Optional(Type.Array(Type.Tuple([wallMs, finite, orNull(finite)]), { maxItems: 1000 })),
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

const place = Type.String({ maxLength: 200, pattern: "^.+/[1-9]\\d*$" });

const RESERVATION = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }),
  ref: orNull(text),
  target: orNull(place),
  zone: orNull(text),
  idTag: Type.String({ minLength: 1, maxLength: 40 }),
  fromWallMs: wallMs,
  untilWallMs: wallMs,
  freeWallMs: wallMs,
  state: Type.Enum(["booked", "held", "used", "noShow", "cancelled", "refused"]),
  why: orNull(text),
  comment: text,
  by: text,
  madeWallMs: wallMs,
  closedWallMs: orNull(wallMs),
  place: orNull(place),
  told: Type.Array(place, { maxItems: 1000 }),
});

const NAME = Type.Object({
  chargePoint: Type.String({ minLength: 1, maxLength: 100 }),
  name: text,
  place: text,
  connectors: Type.Array(Type.Object({ number: Type.Integer({ minimum: 0 }), name: text })),
});

const SETTINGS = Type.Object({
  ...READ_SETTINGS.properties,
  chargePoint: Type.String({ minLength: 1, maxLength: 100 }),
});

/** A backup that was read and found to hold together. */
export interface ReadBackup {
  badges: Badge[];
  chargePoints: [string, JsonValue][];
  names: BackupName[];
  chargerSettings: BackupSettings[];
  limitCommands: LimitCommandRecord[];
  reservations: ReservationRecord[];
  sessions: SessionRecord[];
}

/** Length of the pieces in which a text is read that is there as a whole, characters. */
const PIECE = 65_536;

/**
 * Reads a backup, a piece of its text in one turn of the event loop.
 * @param text as a whole, or in pieces of some ten thousand characters; @param timeZone of the site
 * @throws EvError EV_MESSAGE_INVALID naming what is wrong, and where; whatever `text` throws
 */
export async function readBackup(text: string | AsyncIterable<string>, timeZone: string): Promise<ReadBackup> {
  const entries = new EntryReader();
  const backup = new Collected(timeZone);
  for await (const piece of typeof text === "string" ? piecesOf(text) : text) {
    for (const entry of asJson(() => [...entries.feed(piece)])) backup.take(entry);
    await breather();
  }
  asJson(() => entries.end());
  return backup.whole();
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

function asJson<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new EvError("EV_MESSAGE_INVALID", `the backup must be an object as JSON text: ${messageOf(error)}`);
  }
}

const LISTS = ["badges", "names", "chargerSettings", "limitCommands", "reservations", "sessions"] as const;

/** What has come of a backup, checked. */
class Collected {
  readonly #timeZone: string;
  readonly #found: ReadBackup = {
    ...{ badges: [], chargePoints: [], names: [], chargerSettings: [] },
    ...{ limitCommands: [], reservations: [], sessions: [] },
  };
  readonly #given = new Map<string, unknown>();

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  take({ key, index, value }: Entry): void {
    const isList = LISTS.some((name) => name === key);
    if (index === null) {
      if (isList && value !== null) throw wrong(key, "a list");
      this.#given.set(key, value);
      this.#check(key);
    } else if (!isList && key === "chargePoints") throw wrong(key, "an object");
    else if (index >= 0) this.#takeEntry(key, index, value);
  }

  whole(): ReadBackup {
    for (const key of ["format", "version"]) this.#check(key);
    const chargePoints = object(this.#given.get("chargePoints") ?? {}, "chargePoints");
    this.#found.chargePoints = Object.entries(chargePoints) as [string, JsonValue][];
    return this.#found;
  }

  #check(key: string): void {
    const value = this.#given.get(key);
    if (key === "format" && value !== BACKUP_FORMAT)
      throw wrong(key, `"${BACKUP_FORMAT}"; this is no backup of a site`);
    if (key === "version" && value !== BACKUP_VERSION)
      throw wrong(key, `${BACKUP_VERSION}; the backup is of a newer release`);
  }

  #takeEntry(key: string, index: number, value: unknown): void {
    const { badges, names, chargerSettings, limitCommands, reservations, sessions } = this.#found;
    const path = `${key}[${index}]`;
    if (key === "badges") badges.push(readBadge(value, () => undefined, this.#timeZone, path));
    if (key === "names") names.push(row<BackupName>(value, path, NAME));
    if (key === "chargerSettings") chargerSettings.push(row<BackupSettings>(value, path, SETTINGS));
    if (key === "limitCommands") limitCommands.push(row<LimitCommandRecord>(value, path, COMMAND));
    if (key === "reservations") reservations.push(reservation(value, path));
    if (key === "sessions") sessions.push(row<SessionRecord>(value, path, SESSION));
  }
}

function row<T>(value: unknown, path: string, schema: TSchema): T {
  const [problem] = Value.Errors(schema, value);
  if (problem) throw wrong(`${path}${problem.instancePath.replaceAll("/", ".")}`, problem.message);
  return value as T;
}

/** @throws EvError EV_MESSAGE_INVALID also where its parts do not fit together */
function reservation(value: unknown, path: string): ReservationRecord {
  const one = row<ReservationRecord>(value, path, RESERVATION);
  const { target, zone, fromWallMs, untilWallMs, freeWallMs, closedWallMs } = one;
  if ((target === null) === (zone === null)) throw wrong(`${path}.target`, "a connector, or there is a zone");
  const isToCome = isOpen(one);
  if (isToCome && untilWallMs <= fromWallMs) throw wrong(`${path}.untilWallMs`, "after fromWallMs");
  if (isToCome && (freeWallMs < fromWallMs || freeWallMs > untilWallMs))
    throw wrong(`${path}.freeWallMs`, "from fromWallMs to untilWallMs");
  if (isToCome !== (closedWallMs === null)) throw wrong(`${path}.closedWallMs`, "null as long as it is to come");
  return one;
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name, "an object");
  return value as Record<string, unknown>;
}

function wrong(path: string, mustBe: string): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${path} must be ${mustBe}`);
}
