import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as sqlite from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import type { JsonValue } from "../units.ts";
import { type AlarmBook, alarmBook } from "./alarms.ts";
import { type AuditBook, auditBook } from "./audit.ts";
import { authorizationBook } from "./authorizations.ts";
import type { AuthorizationBook, BadgeBook } from "./badge-types.ts";
import { badgeBook } from "./badges.ts";
import { checkContent, checkIntegrity, isDamage, type Recovery, recover } from "./copies.ts";
import { DocumentCache } from "./documents.ts";
import { GroupCommit } from "./group.ts";
import { limitCommandBook } from "./limit-commands.ts";
import type { ReportBook } from "./report-types.ts";
import { reportBook } from "./reports.ts";
import type { RestoreBook } from "./restore-types.ts";
import { restoreBook } from "./restores.ts";
import { migrate } from "./schema.ts";
import type { SessionBook } from "./session-types.ts";
import { sessionBook } from "./sessions.ts";
import { prepareStatements, type Statements, toLimit, toTransaction } from "./statements.ts";
import { type StationKeyBook, stationKeyBook } from "./station-keys.ts";
import type {
  LimitCommandBook,
  LimitRecord,
  Store,
  TransactionRecord,
  TransactionStart,
  TransactionStop,
} from "./types.ts";
import { WalSync } from "./wal-sync.ts";

/** Time between two attempts to open a database that could not be opened. */
const REOPEN_MS = 10_000;

/** OCPP's transactionId is a 32-bit integer on many charge points. */
const LAST_TRANSACTION_ID = 2 ** 31 - 1;

/** A clock beyond this (July 2037) seeds nothing: it would leave too few ids. */
const LAST_SEED = LAST_TRANSACTION_ID - 2 ** 24;

export interface StoreOptions {
  clock: Clock;
}

/**
 * Opens, or creates, the database of a site (SQLite, WAL; a commit survives a power cut: it waits for the disk itself, or, where many
 * share the wait, those who gave the work do).
 * Never throws: a database that cannot be opened yields a store whose `failure` says why (EV_STORE_OPEN with the path);
 * its durable methods throw that error, and each use tries again to open it, at most every 10 s.
 */
export function openStore(path: string, options: StoreOptions): Store {
  return new SqliteStore(path, options.clock);
}

interface Connection {
  database: DatabaseSync;
  statements: Statements;
  /** null = each commit waits for the disk itself. */
  wal: WalSync | null;
}

/** What a book does its work with. */
interface Access {
  write: <T>(what: string, body: (statements: Statements) => T) => T;
  read: () => Statements;
}

class SqliteStore implements Store {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #documents: DocumentCache;
  readonly #group: GroupCommit;
  readonly limitCommands: LimitCommandBook;
  readonly alarms: AlarmBook;
  readonly audit: AuditBook;
  readonly badges: BadgeBook;
  readonly authorizations: AuthorizationBook;
  readonly stationKeys: StationKeyBook;
  readonly sessions: SessionBook;
  readonly reports: ReportBook;
  readonly restores: RestoreBook;
  recovery: Recovery | null = null;
  #connection: Connection | null = null;
  /** A database transaction is open; what is written now belongs to it. */
  #writing = false;
  #failure: EvError | null = null;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
    this.#documents = new DocumentCache(clock, (batch) => this.#writeDocuments(batch));
    this.#group = new GroupCommit({
      commit: (body) => this.#write("transactions", body, false),
      sync: () => this.#sync(),
      syncNow: () => this.#connection?.wal?.syncNow(),
    });
    const write: Access["write"] = (what, body) => this.#write(what, body);
    const read: Access["read"] = () => this.#open().statements;
    this.limitCommands = limitCommandBook(write, read);
    this.alarms = alarmBook(write, read);
    this.audit = auditBook(write, read);
    this.stationKeys = stationKeyBook(write, read);
    this.badges = badgeBook(write, read);
    this.authorizations = authorizationBook(write, read);
    this.sessions = sessionBook(write, read, () => clock.wallMs());
    this.reports = reportBook(write, read);
    this.restores = restoreBook(write, read);
    this.#tryOpen();
  }

  get failure(): Error | null {
    return this.#failure;
  }

  startTransaction(start: TransactionStart): TransactionRecord {
    return this.#write("a transaction", (statements) => {
      const meterStartWh = start.meterStartWh;
      const content = [start.chargePoint, start.connector, start.idTag, start.startedWallMs, meterStartWh] as const;
      const known = statements.sameStart.get(...content);
      if (known) return toTransaction(known);
      const { last: transactionId } = statements.nextTransactionId.get(this.#seed()) as { last: number };
      if (transactionId > LAST_TRANSACTION_ID) throw new Error("no transactionId is left");
      statements.insertTransaction.run(transactionId, ...content, start.idTagStatus);
      return { ...start, transactionId, stoppedWallMs: null, meterStopWh: null, stopReason: null };
    });
  }

  knownStart(start: Omit<TransactionStart, "idTagStatus">): TransactionRecord | null {
    const { chargePoint, connector, idTag, startedWallMs, meterStartWh } = start;
    const row = this.#open().statements.sameStart.get(chargePoint, connector, idTag, startedWallMs, meterStartWh);
    return row ? toTransaction(row) : null;
  }

  stopTransaction(stop: TransactionStop): TransactionRecord | null {
    return this.#write("the end of a transaction", (statements) => {
      const row = statements.transaction.get(stop.chargePoint, stop.transactionId);
      if (!row) {
        statements.insertStrayStop.run(
          stop.chargePoint,
          stop.transactionId,
          stop.stoppedWallMs,
          stop.meterStopWh,
          stop.stopReason,
        );
        return null;
      }
      const record = toTransaction(row);
      if (record.stoppedWallMs !== null) return record;
      statements.stopTransaction.run(stop.stoppedWallMs, stop.meterStopWh, stop.stopReason, stop.transactionId);
      return {
        ...record,
        stoppedWallMs: stop.stoppedWallMs,
        meterStopWh: stop.meterStopWh,
        stopReason: stop.stopReason,
      };
    });
  }

  durably<T>(work: () => T): Promise<T> {
    return this.#group.add(work);
  }

  openTransactions(chargePoint: string): TransactionRecord[] {
    return this.#open().statements.openTransactions.all(chargePoint).map(toTransaction);
  }

  transaction(chargePoint: string, transactionId: number): TransactionRecord | null {
    const row = this.#open().statements.transaction.get(chargePoint, transactionId);
    return row ? toTransaction(row) : null;
  }

  saveLimit(limit: LimitRecord): void {
    this.#write("a limit", (statements) => {
      const { chargePoint, connector, acceptedA, safeA, leaseUntilWallMs, baselineAccepted } = limit;
      statements.saveLimit.run(chargePoint, connector, acceptedA, safeA, leaseUntilWallMs, baselineAccepted ? 1 : 0);
    });
  }

  limits(): LimitRecord[] {
    return this.#open().statements.limits.all().map(toLimit);
  }

  saveDocument(key: string, value: JsonValue): void {
    if (!this.#closed) this.#documents.save(key, value);
  }

  document(key: string): JsonValue | undefined {
    const waiting = this.#documents.waiting(key);
    if (waiting !== undefined) return waiting;
    try {
      const row = this.#open().statements.document.get(key) as { value: string } | undefined;
      return row && (JSON.parse(row.value) as JsonValue);
    } catch {
      return undefined;
    }
  }

  documents(prefix: string): [key: string, value: JsonValue][] {
    this.#documents.flush();
    const rows = this.#open().statements.documents.all(prefix, prefix) as { key: string; value: string }[];
    return rows.map(({ key, value }) => [key, JSON.parse(value) as JsonValue]);
  }

  async copyTo(path: string): Promise<void> {
    const { database } = this.#open();
    // Node.js 22.16 copies in the background, a part at a time.
    const { backup } = sqlite as { backup?: typeof sqlite.backup };
    if (backup) await backup(database, path);
    else database.prepare("VACUUM INTO ?").run(path);
  }

  close(): void {
    if (this.#closed) return;
    this.#group.flush();
    this.#documents.close();
    this.#closed = true;
    this.#connection?.wal?.close();
    this.#connection?.database.close();
    this.#connection = null;
  }

  #seed(): number {
    const epochS = Math.floor(this.#clock.wallMs() / 1000);
    return epochS <= LAST_SEED ? epochS : 0;
  }

  /**
   * Runs in one database transaction, the one that is open or its own; whatever fails undoes all of it.
   * @param durable false = what is written lasts only once `#sync` is done
   */
  #write<T>(what: string, body: (statements: Statements) => T, durable = true): T {
    const { database, statements, wal } = this.#open();
    if (this.#writing) return body(statements);
    try {
      this.#writing = true;
      wal?.waitAtCommit(durable);
      database.exec("BEGIN IMMEDIATE");
      const result = body(statements);
      database.exec("COMMIT");
      this.#failure = null;
      return result;
    } catch (error) {
      return this.#fail(what, error);
    } finally {
      this.#writing = false;
    }
  }

  /** What was committed lasts. @throws EvError EV_STORE_WRITE: it may not */
  async #sync(): Promise<void> {
    await this.#connection?.wal?.sync().catch((error: unknown) => this.#fail("transactions", error));
  }

  #fail(what: string, error: unknown): never {
    this.#abandon();
    const detail = `${what} could not be written to ${this.#path}: ${messageOf(error)}`;
    this.#failure = new EvError("EV_STORE_WRITE", detail, { cause: error });
    throw this.#failure;
  }

  /** Closing rolls back; the next use opens afresh, which also cures a handle that outlived its disk. */
  #abandon(): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#triedAtMs = Number.NEGATIVE_INFINITY;
    connection?.wal?.close();
    connection?.database.close();
  }

  #writeDocuments(batch: ReadonlyMap<string, string>): void {
    this.#write("the site's state", (statements) => {
      for (const [key, text] of batch) statements.saveDocument.run(key, text);
    });
  }

  #open(): Connection {
    if (this.#closed) throw new EvError("EV_STORE_OPEN", `the database ${this.#path} is closed`);
    if (!this.#connection && this.#clock.nowMs() - this.#triedAtMs >= REOPEN_MS) this.#tryOpen();
    if (!this.#connection) throw this.#failure ?? new EvError("EV_STORE_OPEN", `${this.#path} is not open`);
    return this.#connection;
  }

  /** The database, or the newest sound copy of it in its place when it is damaged. @throws errors of SQLite */
  #opened(): DatabaseSync {
    try {
      checkContent(this.#path);
      return openSound(this.#path);
    } catch (error) {
      const recovery = isDamage(error) ? recover(this.#path, this.#clock.wallMs()) : null;
      if (!recovery) throw error;
      this.recovery = recovery;
      return openSound(this.#path);
    }
  }

  #tryOpen(): void {
    this.#triedAtMs = this.#clock.nowMs();
    try {
      makeFolder(dirname(this.#path));
      const database = this.#opened();
      this.#connection = { database, statements: prepareStatements(database), wal: WalSync.of(database, this.#path) };
      // What can be opened can perhaps only be read: a failed write is over when one has succeeded.
      if (this.#failure?.code !== "EV_STORE_WRITE") this.#failure = null;
    } catch (error) {
      const detail = `the database ${this.#path} cannot be opened: ${messageOf(error)}${refusalOf(this.#path)}`;
      this.#failure = new EvError("EV_STORE_OPEN", detail, { cause: error });
    }
  }
}

/** A database that hangs together and is up to date. @throws errors of SQLite */
function openSound(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 500; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    checkIntegrity(database);
    migrate(database);
    // SQLite's own comparison knows the letter case of A to Z only.
    database.function("folded", { deterministic: true }, (text) => (typeof text === "string" ? folded(text) : text));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const folded = (text: string): string => text.normalize("NFC").toLowerCase();

/** What SQLite does not say: why the system lets nobody write into the folder, ` (…)`; empty when it does. */
function refusalOf(path: string): string {
  try {
    accessSync(dirname(path), constants.W_OK);
    return "";
  } catch (error) {
    return ` (${messageOf(error)})`;
  }
}

/** Folder by folder: Node's own recursive way never returns where a file system refuses new folders, as /proc does. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
