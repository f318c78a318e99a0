import { accessSync, constants, existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { makeFolder } from "../private-files.ts";
import type { JsonValue } from "../units.ts";
import { type AlarmBook, alarmBook } from "./books/alarms.ts";
import { type AuditBook, auditBook } from "./books/audit.ts";
import { authorizationBook } from "./books/authorizations.ts";
import type { AuthorizationBook, BadgeBook } from "./books/badge-types.ts";
import { badgeBook } from "./books/badges.ts";
import { type ErasureBook, erasureBook } from "./books/erasure.ts";
import { limitCommandBook } from "./books/limit-commands.ts";
import { type ReportBook, reportBook } from "./books/reports.ts";
import type { ReservationBook } from "./books/reservation-types.ts";
import { reservationBook } from "./books/reservations.ts";
import { type RestoreBook, restoreBook } from "./books/restores.ts";
import type { SessionBook } from "./books/session-types.ts";
import { sessionBook } from "./books/sessions.ts";
import { type StationKeyBook, stationKeyBook } from "./books/station-keys.ts";
import type { Access } from "./books/table.ts";
import { type PruneCut, pruneStrayStops, pruneTransactions } from "./books/transaction-prune.ts";
import { type UpstreamBook, upstreamBook } from "./books/upstreams.ts";
import { RecordedChanges } from "./disk/changes.ts";
import { isDamage, type Recovery } from "./disk/copies.ts";
import { lengthyThread } from "./disk/disk-thread.ts";
import { type SqlDatabase, type SqlStatement, sqlDriver } from "./disk/driver.ts";
import { type CheckedConnection, FileReplacement, type Suspicion } from "./disk/file-replacement.ts";
import { GroupCommit } from "./disk/group.ts";
import { MEMORY } from "./disk/opening.ts";
import { putRewritten, vacuum } from "./disk/rewritten.ts";
import { WriteAheadLog } from "./disk/write-ahead-log.ts";
import { DocumentCache } from "./documents.ts";
import { LIMITS, prepareStatements, type Statements, TRANSACTIONS } from "./statements.ts";
import type {
  LimitCommandBook,
  LimitRecord,
  Store,
  TransactionRecord,
  TransactionStart,
  TransactionStop,
} from "./types.ts";
import { UnreadDocuments } from "./unread.ts";

/** Time between two attempts to open a database that could not be opened. */
const REOPEN_MS = 10_000;

/** OCPP's transactionId is a 32-bit integer on many charge points. */
const LAST_TRANSACTION_ID = 2 ** 31 - 1;

/** A clock beyond this (July 2037) seeds nothing: it would leave too few ids. */
const LAST_SEED = LAST_TRANSACTION_ID - 2 ** 24;

export interface StoreOptions {
  clock: Clock;
}

/** SQLite's own words for what ends with the transaction it struck: SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CONSTRAINT. */
const PASSING = new Set([5, 6, 19]);

/**
 * Opens, or creates, the database of a site (SQLite, WAL). Nothing here waits for the disk: what a method has written survives the end
 * of the process at once, and a power cut as soon as `durably` or `settled` says so.
 * Never throws: a database that cannot be opened yields a store whose `failure` says why (EV_STORE_OPEN with the path);
 * its durable methods throw that error, and each use tries again to open it, at most every 10 s.
 */
export function openStore(path: string, options: StoreOptions): Store {
  return new SqliteStore(path, options.clock);
}

interface Connection extends CheckedConnection {
  statements: Statements;
  /** null = its file system takes no such log: each commit waits for the disk itself. */
  log: WriteAheadLog | null;
}

class SqliteStore implements Store {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #documents: DocumentCache;
  readonly #missed = new UnreadDocuments();
  readonly #group: GroupCommit;
  readonly #replacement: FileReplacement;
  readonly limitCommands: LimitCommandBook;
  readonly alarms: AlarmBook;
  readonly audit: AuditBook;
  readonly badges: BadgeBook;
  readonly authorizations: AuthorizationBook;
  readonly stationKeys: StationKeyBook;
  readonly sessions: SessionBook;
  readonly reports: ReportBook;
  readonly reservations: ReservationBook;
  readonly restores: RestoreBook;
  readonly upstreams: UpstreamBook;
  readonly erasure: ErasureBook;
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
    this.#group = new GroupCommit({ commit: (body) => this.#write("transactions", body), sync: () => this.#sync() });
    this.#documents = new DocumentCache(
      clock,
      (batch) => this.#writeDocuments(batch),
      () => this.#group.idle(),
    );
    const access: Access<Statements> = {
      write: (what, body, when) => this.#write(what, body, when),
      read: () => this.#open().statements,
      settled: () => this.settled(),
    };
    this.limitCommands = limitCommandBook(access);
    this.alarms = alarmBook(access);
    this.audit = auditBook(access);
    this.stationKeys = stationKeyBook(access);
    this.badges = badgeBook(access);
    this.authorizations = authorizationBook(access);
    this.sessions = sessionBook(access, () => clock.wallMs());
    this.reports = reportBook(access);
    this.reservations = reservationBook(access);
    this.restores = restoreBook(access);
    this.upstreams = upstreamBook(access);
    this.erasure = erasureBook(access);
    this.#replacement = this.#replacementOf();
    this.#tryOpen();
  }

  get failure(): Error | null {
    return this.#failure ?? this.#unreadFailure;
  }

  get #unreadFailure(): EvError | null {
    const { count } = this.#missed;
    return count === 0 ? null : new EvError("EV_STORE_OPEN", unreadText(this.#path, `${count} of its documents`));
  }

  startTransaction(start: TransactionStart): TransactionRecord {
    return this.#write("a transaction", (statements) => {
      const meterStartWh = start.meterStartWh;
      const content = [start.chargePoint, start.connector, start.idTag, start.startedWallMs, meterStartWh] as const;
      const known = statements.sameStart.get(...content);
      if (known) return TRANSACTIONS.recordOf(known);
      const { last: number } = statements.nextTransactionNumber.get(this.#seed()) as { last: number };
      if (number > LAST_TRANSACTION_ID) throw new Error("no transactionId is left");
      const transactionId = String(number);
      statements.insertTransaction.run(number, transactionId, ...content, start.idTagStatus);
      return { ...start, transactionId, stoppedWallMs: null, meterStopWh: null, stopReason: null };
    });
  }

  knownStart(start: Omit<TransactionStart, "idTagStatus">): TransactionRecord | null {
    const { chargePoint, connector, idTag, startedWallMs, meterStartWh } = start;
    const row = this.#open().statements.sameStart.get(chargePoint, connector, idTag, startedWallMs, meterStartWh);
    return row ? TRANSACTIONS.recordOf(row) : null;
  }

  stopTransaction(stop: TransactionStop): TransactionRecord | null {
    const { chargePoint, transactionId, ...end } = stop;
    const { stoppedWallMs, meterStopWh, stopReason } = end;
    return this.#write("the end of a transaction", (statements) => {
      const row = statements.transaction.get(chargePoint, transactionId);
      if (!row) {
        statements.insertStrayStop.run(chargePoint, transactionId, stoppedWallMs, meterStopWh, stopReason);
        return null;
      }
      const record = TRANSACTIONS.recordOf(row);
      if (record.stoppedWallMs !== null) return record;
      statements.stopTransaction.run(stoppedWallMs, meterStopWh, stopReason, chargePoint, transactionId);
      return { ...record, ...end };
    });
  }

  durably<T>(work: () => T): Promise<T> {
    return this.#group.add(work);
  }

  settled(): Promise<void> {
    return this.#group.settled();
  }

  openTransactions(chargePoint: string): TransactionRecord[] {
    return this.#open()
      .statements.openTransactions.all(chargePoint)
      .map((row) => TRANSACTIONS.recordOf(row));
  }

  transaction(chargePoint: string, transactionId: string): TransactionRecord | null {
    const row = this.#open().statements.transaction.get(chargePoint, transactionId);
    return row ? TRANSACTIONS.recordOf(row) : null;
  }

  pruneTransactions(cut: PruneCut, after: number): number | null {
    return this.#write("forgetting transactions", (statements) => pruneTransactions(statements, cut, after));
  }

  pruneStrayStops(cut: PruneCut): boolean {
    return this.#write("forgetting transactions", (statements) => pruneStrayStops(statements, cut));
  }

  saveLimit(limit: LimitRecord): void {
    const save = ({ saveLimit }: Statements): void => void saveLimit.run(...LIMITS.valuesOf(limit));
    this.#write("a limit", save, "later");
  }

  limits(): LimitRecord[] {
    return this.#open()
      .statements.limits.all()
      .map((row) => LIMITS.recordOf(row));
  }

  saveDocument(key: string, value: JsonValue, always = false): void {
    if (always) this.#missed.seen(key);
    if (!this.#closed) this.#documents.save(key, value);
  }

  async keepDocument(key: string, value: JsonValue, always = false): Promise<void> {
    this.#open();
    this.saveDocument(key, value, always);
    this.#documents.flush();
    if (this.#missed.isLeft(key)) throw new EvError("EV_STORE_WRITE", unreadText(this.#path, `its document ${key}`));
    if (this.#documents.waiting(key) !== undefined)
      throw this.#failure ?? new EvError("EV_STORE_WRITE", `the site's state could not be written to ${this.#path}`);
    await this.settled();
  }

  document(key: string): JsonValue | undefined {
    const waiting = this.#documents.waiting(key);
    if (waiting !== undefined) return waiting;
    try {
      const row = this.#open().statements.document.get(key) as { value: string } | undefined;
      this.#missed.seen(key);
      return row && parsed(row.value);
    } catch {
      this.#missed.missed(key);
      return undefined;
    }
  }

  documents(prefix: string): [key: string, value: JsonValue][] {
    this.#documents.flush();
    const rows = this.#open().statements.documents.all(prefix, prefix) as { key: string; value: string }[];
    return rows.map(({ key, value }) => [key, JSON.parse(value) as JsonValue]);
  }

  async copyTo(path: string): Promise<void> {
    const { database, log } = this.#open();
    try {
      if (log && sqlDriver().alone) await log.copyTo(path);
      else if (log) await lengthyThread.copy(this.#path, path);
      else database.prepare("VACUUM INTO ?").run(path);
    } catch (error) {
      // Only this check reads the whole file.
      if (isDamage(error)) this.#lose(error, database);
      throw error;
    }
  }

  async rewrite(): Promise<void> {
    if (this.#path === MEMORY) return;
    const connection = this.#open();
    const { database, log } = connection;
    try {
      if (log && !sqlDriver().alone) await this.#rewriteBeside(connection, log);
      else this.#between(connection, () => vacuum(this.#path));
    } catch (error) {
      if (isDamage(error)) this.#lose(error, database);
      const detail = `${this.#path} could not be written anew: ${messageOf(error)}`;
      throw new EvError("EV_STORE_WRITE", detail, { cause: error });
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#documents.close();
    this.#group.flush();
    lengthyThread.leave(this.#path);
    const connection = this.#connection;
    connection?.changes?.end();
    // What is held in memory is written once more, with this store.
    if (connection?.log) connection.log.close();
    else connection?.database.close();
    this.#closed = true;
    this.#connection = null;
  }

  async end(): Promise<void> {
    if (!this.#closed) {
      this.#documents.close();
      this.#group.flush();
      await lengthyThread.left(this.#path);
      await this.#connection?.log?.moveAll();
    }
    this.close();
  }

  async #rewriteBeside(connection: Connection, log: WriteAheadLog): Promise<void> {
    const fresh = `${this.#path}.rewritten`;
    rmSync(fresh, { force: true });
    await this.settled();
    await log.quiet();
    const recorded = new RecordedChanges(connection.database);
    try {
      await lengthyThread.copy(this.#path, fresh);
      await log.moveAll();
      const changes = () => {
        const taken = recorded.take();
        recorded.end();
        return taken;
      };
      this.#between(connection, (taken) => putRewritten(this.#path, fresh, taken), changes);
    } finally {
      if (this.#connection === connection) recorded.end();
      rmSync(fresh, { force: true });
    }
  }

  /** Closes the database, does something with its file, and opens it again, at once. @param take what was recorded, before it is closed */
  #between(connection: Connection, work: (taken: Uint8Array[]) => void, take: () => Uint8Array[] = () => []): void {
    if (this.#connection !== connection || this.#closed) throw new Error("it was closed meanwhile");
    this.#documents.flush();
    this.#group.flush();
    const taken = take();
    connection.changes?.end();
    lengthyThread.leave(this.#path);
    this.#connection = null;
    try {
      if (connection.log) connection.log.close();
      else connection.database.close();
      if (existsSync(`${this.#path}-wal`)) throw new Error("another program reads it");
      work(taken);
      this.#replacement.replaced();
    } finally {
      this.#tryOpen();
    }
  }

  #seed(): number {
    const epochS = Math.floor(this.#clock.wallMs() / 1000);
    return epochS <= LAST_SEED ? epochS : 0;
  }

  /**
   * Runs in one database transaction, the one that is open or its own; whatever fails undoes all of it.
   * @param when it is to be durable
   */
  #write<T>(what: string, body: (statements: Statements) => T, when: "soon" | "later" = "soon"): T {
    const { database, statements, log } = this.#open();
    if (this.#writing) return body(statements);
    const work = (): T => this.#written(() => body(statements));
    try {
      const result = log ? log.run(work) : inTransaction(database, work);
      this.#failure = null;
      if (log) this.#group.touch(when);
      return result;
    } catch (error) {
      if (!this.#replacement.isStarting || !isDamage(error)) return this.#fail(what, error);
      this.#abandon("damaged");
      return this.#write(what, body, when);
    }
  }

  /** What is written within belongs to the transaction that is open. */
  #written<T>(body: () => T): T {
    this.#writing = true;
    try {
      return body();
    } finally {
      this.#writing = false;
    }
  }

  /** Resolves when everything committed is durable. @throws EvError EV_STORE_WRITE where it may not be */
  async #sync(): Promise<void> {
    const connection = this.#connection;
    await connection?.log?.sync().catch((error: unknown) => this.#fail("transactions", error, connection));
  }

  /** @param connection the connection that failed; another that took its place meanwhile goes on */
  #fail(what: string, error: unknown, connection = this.#connection): never {
    if (connection === this.#connection && !isPassing(error)) this.#abandon(isDamage(error) ? "perhaps" : "no");
    const detail = `${what} could not be written to ${this.#path}: ${messageOf(error)}`;
    this.#failure = new EvError("EV_STORE_WRITE", detail, { cause: error });
    if (this.#replacement.isInDoubt) this.#replacement.recover();
    throw this.#failure;
  }

  /** Writes were lost that could not be committed, or the file is damaged. */
  #lose(error: unknown, database: SqlDatabase): void {
    if (this.#connection?.database !== database) return;
    try {
      this.#fail("records", error);
    } catch {
      // The failure is told by the store.
    }
  }

  /** Closing rolls back; the next use opens afresh, which also cures a handle that outlived its disk. */
  #abandon(suspect: Suspicion): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#triedAtMs = Number.NEGATIVE_INFINITY;
    this.#replacement.doubt(suspect, connection?.changes ?? null);
    connection?.changes?.end();
    if (connection?.log) connection.log.drop();
    else connection?.database.close();
  }

  /** A statement failed outside a transaction. @param again does it on another connection @throws errors of SQLite; EvError EV_STORE_OPEN */
  #unread<T>(error: unknown, database: SqlDatabase, again: (statements: Statements) => T): T {
    const isCurrent = this.#connection?.database === database;
    if (this.#writing || (isCurrent && !isDamage(error))) throw error;
    if (isCurrent) {
      this.#abandon("damaged");
      const detail = `the database ${this.#path} cannot be read: ${messageOf(error)}`;
      this.#failure = new EvError("EV_STORE_OPEN", detail, { cause: error });
    }
    return again(this.#open().statements);
  }

  #writeDocuments(batch: ReadonlyMap<string, string>): void {
    const save = ({ saveDocument, document }: Statements): void => {
      const isThere = (key: string): boolean => document.get(key) !== undefined;
      for (const [key, text] of batch) if (!this.#missed.stays(key, isThere)) saveDocument.run(key, text);
    };
    this.#write("the site's state", save, "later");
  }

  #open(): Connection {
    if (this.#closed) throw new EvError("EV_STORE_OPEN", `the database ${this.#path} is closed`);
    if (!this.#connection && this.#clock.nowMs() - this.#triedAtMs >= REOPEN_MS) this.#tryOpen();
    if (!this.#connection) throw this.#failure ?? new EvError("EV_STORE_OPEN", `${this.#path} is not open`);
    return this.#connection;
  }

  #tryOpen(): void {
    this.#triedAtMs = this.#clock.nowMs();
    if (this.#replacement.isHeldBack) {
      this.#replacement.recover();
      return;
    }
    try {
      makeFolder(dirname(this.#path));
      const existed = existsSync(this.#path);
      const { database, isSound } = this.#replacement.opened();
      const isReplaced = this.#replacement.takeReplaced();
      const isNew = isReplaced || !existed;
      const lost = (error: unknown): void => this.#lose(error, database);
      const statements = prepareStatements(database);
      watch(statements, (error, again) => this.#unread(error, database, again));
      const log = WriteAheadLog.of(database, this.#path, { isNew, lost });
      this.#connection = { database, statements, log, changes: isSound ? null : new RecordedChanges(database) };
      // What can be opened can perhaps only be read: a failed write is over when one has succeeded.
      if (this.#failure?.code !== "EV_STORE_WRITE") this.#failure = null;
      if (!isSound) this.#replacement.checkBeside(this.#connection);
    } catch (error) {
      this.#cannotOpen(error);
      if (this.#replacement.isHeldBack) this.#replacement.recover();
    }
  }

  /** As what brings a damaged file in order sees this store. */
  #replacementOf(): FileReplacement {
    const isClosed = () => this.#closed;
    const connection = () => this.#connection;
    return new FileReplacement(this.#path, this.#clock, {
      get isClosed() {
        return isClosed();
      },
      get connection() {
        return connection();
      },
      recovered: (recovery) => {
        this.recovery = recovery;
        // The failed write belongs to the damaged file; the copy has just been written.
        this.#failure = null;
      },
      lose: (error, database) => this.#lose(error, database),
      cannotOpen: (error) => this.#cannotOpen(error),
      ended: (isSound) => {
        this.#triedAtMs = this.#clock.nowMs();
        if (isSound && !this.#closed && !this.#connection) this.#tryOpen();
      },
    });
  }

  #cannotOpen(error: unknown): void {
    const detail = `the database ${this.#path} cannot be opened: ${messageOf(error)}${refusalOf(this.#path)}`;
    this.#failure = new EvError("EV_STORE_OPEN", detail, { cause: error });
  }
}

/** Passes failed statements to a handler that can repeat them on another connection. */
function watch(
  statements: Statements,
  failed: (error: unknown, again: (statements: Statements) => unknown) => unknown,
): void {
  for (const [name, statement] of Object.entries(statements) as [keyof Statements, SqlStatement][])
    for (const method of ["all", "get", "run"] as const) {
      const plain: (...given: never[]) => unknown = statement[method];
      const watched = (...given: never[]): unknown => {
        try {
          return Reflect.apply(plain, statement, given);
        } catch (error) {
          return failed(error, (others) => Reflect.apply(others[name][method], others[name], given));
        }
      };
      Object.assign(statement, { [method]: watched });
    }
}

/** Does `body` in one transaction of its own; what fails is undone, and throws. */
export function inTransaction<T>(database: SqlDatabase, body: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = body();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has undone it by itself.
    }
    throw error;
  }
}

/** undefined for a text that is no JSON. */
function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const unreadText = (path: string, what: string): string =>
  `the database ${path} could not be read in time: ${what} stayed as before, and newer ones are not kept. Restart Node-RED`;

/** The connection is as good as before: the failure was another program's lock, or not a matter of the disk at all. */
function isPassing(error: unknown): boolean {
  const { errcode, syscall } = error as { errcode?: unknown; syscall?: unknown };
  return typeof errcode === "number" ? PASSING.has(errcode & 0xff) : syscall === undefined;
}

/** What SQLite does not say: why the folder cannot be written to, ` (…)`; empty when it can. */
function refusalOf(path: string): string {
  try {
    accessSync(dirname(path), constants.W_OK);
    return "";
  } catch (error) {
    return ` (${messageOf(error)})`;
  }
}
