import type { JsonValue } from "../units.ts";
import type { AlarmBook } from "./books/alarms.ts";
import type { AuditBook } from "./books/audit.ts";
import type { AuthorizationBook, BadgeBook } from "./books/badge-types.ts";
import type { ErasureBook } from "./books/erasure.ts";
import type { ReportBook } from "./books/reports.ts";
import type { ReservationBook } from "./books/reservation-types.ts";
import type { RestoreBook } from "./books/restores.ts";
import type { SessionBook } from "./books/session-types.ts";
import type { StationKeyBook } from "./books/station-keys.ts";
import type { PruneCut } from "./books/transaction-prune.ts";
import type { UpstreamBook } from "./books/upstreams.ts";
import type { Recovery } from "./disk/copies.ts";

/** A transaction as the database keeps it. Wall times are ms since 1970. */
export interface TransactionRecord {
  transactionId: string;
  chargePoint: string;
  connector: number;
  idTag: string;
  startedWallMs: number;
  meterStartWh: number | null;
  /** Status given in the StartTransaction confirmation; a retry gets the same one. */
  idTagStatus: string;
  stoppedWallMs: number | null;
  meterStopWh: number | null;
  stopReason: string | null;
}

export interface TransactionStart {
  chargePoint: string;
  connector: number;
  idTag: string;
  startedWallMs: number;
  meterStartWh: number | null;
  idTagStatus: string;
}

export interface TransactionStop {
  chargePoint: string;
  transactionId: string;
  stoppedWallMs: number;
  meterStopWh: number | null;
  stopReason: string;
}

/** The last limit a connector's charge point accepted: what is reserved while it is away (S8, S11). */
export interface LimitRecord {
  chargePoint: string;
  connector: number;
  acceptedA: number;
  safeA: number;
  /** Wall time at which the charge point falls to safeA by itself; null when the tail was not accepted. */
  leaseUntilWallMs: number | null;
  /** The permanent baseline profile at safeA was accepted. */
  baselineAccepted: boolean;
}

/** One command from outside to lower a zone, and what became of it. Wall times are ms since 1970; null = not (yet). */
export interface LimitCommandRecord {
  id: number;
  zone: string;
  source: string;
  scope: "evse" | "total";
  limitA: number | null;
  powerW: number | null;
  /** It holds starts instead of, or beside, lowering. */
  holdStarts: boolean;
  reason: string;
  receivedWallMs: number;
  /** Why the load management did not take it; null = it did. */
  refused: string | null;
  /** Setpoints at or below it; the chargers' confirmation of them; the measured draw at or below it. */
  allocatedWallMs: number | null;
  acceptedWallMs: number | null;
  measuredWallMs: number | null;
  /** Power of what it limits when it came, and when the draw was at or below it, W; null = not measured. */
  loadBeforeW: number | null;
  loadAfterW: number | null;
  endedWallMs: number | null;
  end: "released" | "replaced" | "expired" | null;
}

/** Which commands: received within a time (both ends included), of one zone or of all. */
export interface LimitCommandQuery {
  zone: string | null;
  fromWallMs: number;
  toWallMs: number;
  /** The newest so many. */
  most: number;
}

/** The commands from outside, kept for evidence. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface LimitCommandBook {
  /** @returns its id */
  add(command: Omit<LimitCommandRecord, "id">): number;
  update(command: LimitCommandRecord): void;
  /** Those without an end, oldest first. */
  open(): LimitCommandRecord[];
  /** Oldest first. */
  find(query: LimitCommandQuery): LimitCommandRecord[];
  /** Forgets those that ended before a time, and the oldest beyond a number. */
  prune(beforeWallMs: number, most: number): void;
}

/**
 * Durable memory of a site. SQLite implements it; another database may later. Nothing waits for the disk: what a method has written
 * when it returns survives the end of the process, and a power cut as soon as `durably` or `settled` has said so.
 */
export interface Store {
  /**
   * Idempotent by content (charge point, connector, idTag, start time, meter start): the same start again yields the same record.
   * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
   */
  startTransaction(start: TransactionStart): TransactionRecord;
  /** The record of a start that is known already, by content as above; null for a new one. @throws EvError EV_STORE_OPEN */
  knownStart(start: Omit<TransactionStart, "idTagStatus">): TransactionRecord | null;
  /** null when that charge point has no such transaction. A second stop changes nothing. @throws as `startTransaction` */
  stopTransaction(stop: TransactionStop): TransactionRecord | null;
  /**
   * Group commit: does `work`, which uses the methods of this store, at the end of this turn of the event loop in one
   * database transaction with the other work of the turn, and resolves with its result when that is durable. Work that
   * fails is undone, rejects, and harms no other. `work` may run more than once, so it changes nothing but this store.
   */
  durably<T>(work: () => T): Promise<T>;
  /** Resolves when all that was written until now is durable. @throws EvError EV_STORE_WRITE: it may not be */
  settled(): Promise<void>;
  /** Transactions of a charge point without a stop, newest first. */
  openTransactions(chargePoint: string): TransactionRecord[];
  transaction(chargePoint: string, transactionId: string): TransactionRecord | null;

  /** Forgets a slice of the old transactions that lie behind one. @returns the last that was looked at; null = all have been @throws as `startTransaction` */
  pruneTransactions(cut: PruneCut, after: number): number | null;
  /** Forgets a slice of the old stops of unknown transactions. @returns whether there may be more @throws as `startTransaction` */
  pruneStrayStops(cut: PruneCut): boolean;

  /** @throws as `startTransaction` */
  saveLimit(limit: LimitRecord): void;
  limits(): LimitRecord[];

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

  /**
   * Small documents by key (controller state, zone tree, learnt facts): written by the batch writer, last one wins. Never throws. One
   * that was asked for while the database could not be read stays as it is in there until it was read: `failure` says so.
   * @param always also over what could not be read
   */
  saveDocument(key: string, value: JsonValue, always?: boolean): void;
  /**
   * The same, written at once: resolves when it is durable.
   * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN: it may not be
   */
  keepDocument(key: string, value: JsonValue, always?: boolean): Promise<void>;
  document(key: string): JsonValue | undefined;
  /** All documents whose key begins so. @throws EvError EV_STORE_OPEN */
  documents(prefix: string): [key: string, value: JsonValue][];

  /** The database was damaged, and an older copy took its place, when it was opened or later; null = nothing of it is known to be. */
  readonly recovery: Recovery | null;
  /** Writes everything into a file that does not exist yet, beside whatever else is going on. @throws EvError EV_STORE_OPEN; errors of SQLite */
  copyTo(path: string): Promise<void>;
  /**
   * Writes the database anew, so that nothing of what was deleted or overwritten is left in its file or its log. Others write meanwhile;
   * where there is one connection only, everything waits. @throws EvError EV_STORE_OPEN | EV_STORE_WRITE: the file is as it was
   */
  rewrite(): Promise<void>;

  /** Why the store cannot be used; null when it is fine. */
  readonly failure: Error | null;
  /** Writes what is waiting and closes; the disk is waited for. */
  close(): void;
  /** The same beside everything else: resolves when it is closed. Never rejects. */
  end(): Promise<void>;
}
