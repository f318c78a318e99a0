import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock, Timer } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import type { FrameSink } from "../ocpp/log/message-log.ts";
import {
  type Direction,
  type LoggedMessage,
  Matcher,
  type MessageQuery,
  OpenCalls,
} from "../ocpp/log/message-search.ts";
import { redactFrame } from "../ocpp/log/redact.ts";
import { makeFile, makeFolder } from "../private-files.ts";
import { type SqlDatabase, type SqlStatement, sqlDriver } from "./disk/driver.ts";
import { WriteAheadLog } from "./disk/write-ahead-log.ts";
import { inTransaction } from "./sqlite.ts";

export interface MessageStoreLimits {
  /** Size of the database, MB. */
  mostMB: number;
  /** Age of a frame, days. */
  mostDays: number;
}

/** Frames are written so often (ms), so many in one go; beyond so many that wait, or so many characters, new ones are lost. */
const WRITE_MS = 1000;
const PORTION = 500;
const MOST_WAITING = 20_000;
const MOST_CHARACTERS = 2 ** 24;
/** After a failure it is tried again after so long (ms). */
const RETRY_MS = 10_000;
/** Rows read before others get their turn. */
const PAGE = 500;
const DAY_MS = 86_400_000;

const SCHEMA = `
  PRAGMA busy_timeout = 20; PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, charge_point TEXT NOT NULL COLLATE NOCASE, direction TEXT NOT NULL,
    kind TEXT NOT NULL, message_id TEXT NOT NULL, action TEXT NOT NULL, frame TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_by_charge_point ON messages (charge_point, id);
`;

const COLUMNS = "id, wall_ms, charge_point, direction, kind, message_id, action, frame";

interface Waiting {
  wallMs: number;
  chargePoint: string;
  direction: Direction;
  text: string;
}

interface Connection {
  database: SqlDatabase;
  log: WriteAheadLog | null;
  insert: SqlStatement;
  /** Deletes, of so many oldest rows, those before a time. */
  drop: SqlStatement;
  range: SqlStatement;
  page: SqlStatement;
  pageOf: SqlStatement;
}

/**
 * Frames on disk, in a database of their own, so that they never delay what must be durable. Without passwords. Written in
 * batches: a power cut costs the last second. Nothing here throws at whoever sends a frame.
 */
export class MessageStore implements FrameSink {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #calls = new OpenCalls();
  #limits: MessageStoreLimits;
  #waiting: Waiting[] = [];
  #waitingCharacters = 0;
  #lost = 0;
  #connection: Connection | null = null;
  #failure: EvError | null = null;
  #timer: Timer | undefined;
  #closed = false;

  constructor(path: string, limits: MessageStoreLimits, clock: Clock) {
    this.#path = path;
    this.#limits = limits;
    this.#clock = clock;
  }

  set limits(limits: MessageStoreLimits) {
    this.#limits = limits;
  }

  /** Why frames are not being kept; null = they are. */
  get failure(): EvError | null {
    return this.#failure;
  }

  /** Frames that could not be kept. */
  get lost(): number {
    return this.#lost;
  }

  add(wallMs: number, chargePoint: string, direction: Direction, text: string): void {
    if (this.#closed) return;
    const isFull = this.#waiting.length >= MOST_WAITING || this.#waitingCharacters + text.length > MOST_CHARACTERS;
    if (isFull) this.#lost++;
    else {
      this.#waiting.push({ wallMs, chargePoint, direction, text });
      this.#waitingCharacters += text.length;
    }
    this.#timer ??= this.#clock.setTimeout(() => this.#write(), WRITE_MS);
  }

  /** The newest that match, oldest first, with those that wait. @throws EvError EV_STORE_OPEN | EV_STORE_WRITE */
  async find(query: MessageQuery): Promise<LoggedMessage[]> {
    while (this.#waiting.length > 0 && !this.#closed) {
      this.#portion();
      if (this.#failure) throw this.#failure;
    }
    const matcher = new Matcher(query);
    const found: LoggedMessage[] = [];
    for (let before = Number.MAX_SAFE_INTEGER; found.length < query.most; ) {
      const rows = this.#page(query.chargePoint, before);
      found.push(...rows.map(toMessage).filter((message) => matcher.matches(message)));
      if (rows.length < PAGE) break;
      before = Number(rows.at(-1)?.["id"]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return found.slice(0, query.most).reverse();
  }

  /** Writes what waits, and closes; the disk is waited for. */
  close(): void {
    const connection = this.#finish();
    if (connection?.log) connection.log.close();
    else connection?.database.close();
  }

  /** The same beside everything else: resolves when it is closed. */
  async end(): Promise<void> {
    const connection = this.#finish();
    await connection?.log?.moveAll();
    if (connection?.log) connection.log.close();
    else connection?.database.close();
  }

  #finish(): Connection | null {
    if (this.#closed) return null;
    while (this.#waiting.length > 0 && !this.#failure) this.#portion();
    this.#closed = true;
    this.#clock.clear(this.#timer);
    const connection = this.#connection;
    this.#connection = null;
    return connection;
  }

  #write(): void {
    this.#timer = undefined;
    if (this.#closed) return;
    this.#portion();
    if (this.#waiting.length === 0) return;
    this.#timer = this.#clock.setTimeout(() => this.#write(), this.#failure ? RETRY_MS : 0);
  }

  /** Writes some of what waits, and makes as much room again. Never throws. */
  #portion(): void {
    const portion = this.#waiting.slice(0, PORTION);
    try {
      const connection = this.#open();
      const rows = portion.map(({ wallMs, chargePoint, direction, text }) => {
        const { kind, id, action } = this.#calls.complete(chargePoint, direction, text);
        return [wallMs, chargePoint, direction, kind, id, action, redactFrame(text)] as const;
      });
      const write = (): void => {
        for (const row of rows) connection.insert.run(...row);
        this.#makeRoom(connection);
      };
      if (connection.log) connection.log.run(write);
      else inTransaction(connection.database, write);
      this.#waiting = this.#waiting.slice(portion.length);
      for (const { text } of portion) this.#waitingCharacters -= text.length;
      this.#failure = null;
      connection.log?.sync().catch((error: unknown) => this.#abandon(error, connection));
    } catch (error) {
      this.#abandon(error);
    }
  }

  /** Deletes at most twice as many as are written: a lowered limit is reached soon, without a long stop. */
  #makeRoom({ database, drop, range }: Connection): void {
    const value = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
    const usedBytes = (value("page_count") - value("freelist_count")) * value("page_size");
    const { first, last, oldestWallMs } = range.get() as Record<string, number>;
    const excessBytes = usedBytes - this.#limits.mostMB * 1e6;
    const rowBytes = usedBytes / ((last ?? 0) - (first ?? 0) + 1);
    const tooOldWallMs = this.#clock.wallMs() - this.#limits.mostDays * DAY_MS;
    if (excessBytes > 0) drop.run(Math.min(2 * PORTION, Math.ceil(excessBytes / rowBytes)), Number.MAX_SAFE_INTEGER);
    else if ((oldestWallMs ?? tooOldWallMs) < tooOldWallMs) drop.run(2 * PORTION, tooOldWallMs);
  }

  #page(chargePoint: string | null, before: number): Record<string, unknown>[] {
    const { page, pageOf } = this.#open();
    return chargePoint === null ? page.all(before, PAGE) : pageOf.all(chargePoint, before, PAGE);
  }

  #open(): Connection {
    if (this.#closed) throw new EvError("EV_STORE_OPEN", `the database ${this.#path} is closed`);
    if (this.#connection) return this.#connection;
    let database: SqlDatabase | undefined;
    try {
      makeFolder(dirname(this.#path));
      const isNew = !existsSync(this.#path);
      makeFile(this.#path);
      database = sqlDriver().open(this.#path);
      database.exec(SCHEMA);
      const log = WriteAheadLog.of(database, this.#path, { isNew, lost: (error) => this.#abandon(error) });
      this.#connection = {
        database,
        log,
        insert: database.prepare(`INSERT INTO messages (${COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)`),
        drop: database.prepare(`DELETE FROM messages WHERE id IN
          (SELECT id FROM (SELECT id, wall_ms FROM messages ORDER BY id LIMIT ?) WHERE wall_ms < ?)`),
        range: database.prepare(`SELECT (SELECT min(id) FROM messages) AS first, (SELECT max(id) FROM messages) AS last,
          (SELECT wall_ms FROM messages ORDER BY id LIMIT 1) AS oldestWallMs`),
        page: database.prepare(`SELECT ${COLUMNS} FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?`),
        pageOf: database.prepare(
          `SELECT ${COLUMNS} FROM messages WHERE charge_point = ? AND id < ? ORDER BY id DESC LIMIT ?`,
        ),
      };
      return this.#connection;
    } catch (error) {
      database?.close();
      throw new EvError("EV_STORE_OPEN", `the database ${this.#path} cannot be opened: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** @param connection the connection that failed; another that took its place meanwhile goes on */
  #abandon(error: unknown, connection = this.#connection): void {
    if (connection !== this.#connection) return;
    const detail = `messages could not be written to ${this.#path}: ${messageOf(error)}`;
    this.#failure = error instanceof EvError ? error : new EvError("EV_STORE_WRITE", detail, { cause: error });
    this.#connection = null;
    // The next portion opens afresh.
    if (connection?.log) connection.log.drop();
    else connection?.database.close();
  }
}

function toMessage(row: Record<string, unknown>): LoggedMessage {
  return {
    wallMs: Number(row["wall_ms"]),
    chargePoint: String(row["charge_point"]),
    direction: row["direction"] === "out" ? "out" : "in",
    kind: row["kind"] as LoggedMessage["kind"],
    id: String(row["message_id"]),
    action: String(row["action"]),
    text: String(row["frame"]),
  };
}
