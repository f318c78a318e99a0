import type { JsonValue } from "../units.ts";

/** A transaction as the ledger keeps it. Wall times are ms since 1970. */
export interface TransactionRecord {
  transactionId: number;
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
  transactionId: number;
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

/** Durable memory of a site. SQLite implements it; another database may later. */
export interface Store {
  /**
   * Idempotent by content (charge point, connector, idTag, start time, meter start): the same start again yields the same record.
   * Returns after the record is durable. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
   */
  startTransaction(start: TransactionStart): TransactionRecord;
  /** Durable before it returns; null when that charge point has no such transaction. A second stop changes nothing. */
  stopTransaction(stop: TransactionStop): TransactionRecord | null;
  /**
   * Group commit: does `work`, which uses the methods of this store, at the end of this turn of the event loop in one
   * database transaction with the other work of the turn, and resolves with its result when that is durable. Work that
   * fails is undone, rejects, and harms no other. `work` may run more than once, so it changes nothing but this store.
   */
  durably<T>(work: () => T): Promise<T>;
  /** Transactions of a charge point without a stop, newest first. */
  openTransactions(chargePoint: string): TransactionRecord[];
  transaction(chargePoint: string, transactionId: number): TransactionRecord | null;

  /** Durable before it returns. */
  saveLimit(limit: LimitRecord): void;
  limits(): LimitRecord[];

  /** Small documents by key (controller state, zone tree, learnt facts): written by the batch writer, last one wins. Never throws. */
  saveDocument(key: string, value: JsonValue): void;
  document(key: string): JsonValue | undefined;

  /** Why the store cannot be used; null when it is fine. */
  readonly failure: Error | null;
  /** Writes what is waiting and closes. */
  close(): void;
}
