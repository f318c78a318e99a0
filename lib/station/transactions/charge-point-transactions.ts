import type { CallContext, StartFact, StopFact } from "../../ocpp/facts.ts";
import {
  type EventMoment,
  NO_SESSIONS,
  type SessionReading,
  type SessionWatch,
} from "../../session/sessions/session-watch.ts";
import type { Store, TransactionRecord, TransactionStart } from "../../store/types.ts";

/** The highest number of a connector. A charge point that names a higher one is not believed. */
export const MOST_CONNECTORS = 99;

/**
 * No charge point has more open transactions. Beyond that its oldest transactions are ended, so that a faulty charge point cannot fill the
 * memory.
 */
const MOST_OPEN = 200;

/** What a start led to. */
export interface Started {
  record: TransactionRecord;
  /** Open transactions of the same connector that this one took the place of. */
  superseded: TransactionRecord[];
  /** It is the newest of its connector and not stopped. */
  running: boolean;
}

/** What a stop led to. */
export interface Stopped {
  /** null for a transaction this charge point never had; the stop is kept all the same. */
  record: TransactionRecord | null;
  /** It was open until now, or is unknown. */
  isNew: boolean;
}

/**
 * The transactions of one charge point in the database. `start` and `stop` resolve when the record is durable (S10). All
 * methods fail with EvError EV_STORE_WRITE | EV_STORE_OPEN.
 */
export class ChargePointTransactions {
  readonly #chargePoint: string;
  readonly #store: Store;
  readonly #sessions: SessionWatch;

  /** The transaction that we are about to stop, and why; null = we stop no transaction. */
  #stopping: { transactionId: string; reason: string } | null = null;

  constructor(chargePoint: string, store: Store, sessions: SessionWatch = NO_SESSIONS) {
    this.#chargePoint = chargePoint;
    this.#store = store;
    this.#sessions = sessions;
  }

  /** Records a start. An older one still open on that connector ends as superseded; a late report never ends a newer one. */
  async start(told: StartFact, idTagStatus: string, context: CallContext, replay = false): Promise<Started> {
    const start = { ...this.#content(told, context), idTagStatus };
    const moment = momentOf(context);
    const started = await this.#store.durably(() => {
      const done = this.#start(start);
      for (const old of done.superseded) this.#sessions.writeStop(old, moment);
      if (done.record.stoppedWallMs === null) this.#sessions.writeStart(done.record, replay, moment);
      return done;
    });
    for (const old of started.superseded) this.#sessions.stopped(old, moment);
    this.#sessions.started(started.record, replay, moment);
    return started;
  }

  /** The record of a start that was reported before; null for a new one. */
  known(told: StartFact, context: CallContext): TransactionRecord | null {
    return this.#store.knownStart(this.#content(told, context));
  }

  /** Records a stop. @param readings measured during the transaction, as it tells them */
  async stop(
    { transactionId, stoppedWallMs, meterStopWh, reason }: Omit<StopFact, "idTag" | "samples">,
    context: CallContext,
    readings: readonly SessionReading[] = [],
  ): Promise<Stopped> {
    const stop = {
      chargePoint: this.#chargePoint,
      transactionId,
      stoppedWallMs: timeOf(stoppedWallMs, context),
      meterStopWh,
      stopReason: this.#reasonOf(transactionId, reason),
    };
    const moment = momentOf(context);
    if (readings.length > 0) this.#sessions.measured(transactionId, readings, moment);
    const stopped = await this.#store.durably(() => {
      const wasOpen = this.find(transactionId)?.stoppedWallMs === null;
      const record = this.#store.stopTransaction(stop);
      if (record && wasOpen) this.#sessions.writeStop(record, moment);
      return { record, isNew: wasOpen || record === null };
    });
    if (!stopped.record) this.#sessions.stoppedUnknown(stop, moment);
    else if (stopped.isNew) this.#sessions.stopped(stopped.record, moment);
    return stopped;
  }

  /** A transaction is about to be stopped from here: its end is recorded with this reason. */
  willStop(transactionId: string, reason: string): void {
    this.#stopping = { transactionId, reason };
  }

  /** A missing reason means Local (OCPP 1.6 errata J 2.6); who stopped it knows better than that it was from here. */
  #reasonOf(transactionId: string, said: string | null): string {
    const stopping = this.#stopping;
    if (stopping?.transactionId !== transactionId) return said ?? "Local";
    this.#stopping = null;
    return said === null || said === "Remote" || said === "Other" ? stopping.reason : said;
  }

  find(transactionId: string): TransactionRecord | null {
    return this.#store.transaction(this.#chargePoint, transactionId);
  }

  /** Newest first. */
  open(): TransactionRecord[] {
    return this.#store.openTransactions(this.#chargePoint);
  }

  /** What tells one start from another. */
  #content(
    { connector, startedWallMs, idTag, meterStartWh }: StartFact,
    context: CallContext,
  ): Omit<TransactionStart, "idTagStatus"> {
    return {
      chargePoint: this.#chargePoint,
      connector: connectorOf(connector),
      startedWallMs: timeOf(startedWallMs, context),
      idTag,
      meterStartWh,
    };
  }

  #start(start: TransactionStart): Started {
    const record = this.#store.startTransaction(start);
    const all = this.open().filter((open) => open.transactionId !== record.transactionId);
    const others = all.filter(({ connector }) => connector === start.connector);
    const beyond = new Set(all.slice(MOST_OPEN));
    const superseded = all
      .filter((open) => beyond.has(open) || (others.includes(open) && isBefore(open, record)))
      .map((open) => this.#supersede(open, record));
    const newest = others.every((open) => open.startedWallMs <= record.startedWallMs);
    return { record, superseded, running: newest && record.stoppedWallMs === null };
  }

  #supersede(open: TransactionRecord, by: TransactionRecord): TransactionRecord {
    const stopped = this.#store.stopTransaction({
      chargePoint: this.#chargePoint,
      transactionId: open.transactionId,
      stoppedWallMs: Math.max(open.startedWallMs, by.startedWallMs),
      meterStopWh: open.connector === by.connector ? by.meterStartWh : null,
      stopReason: "superseded",
    });
    return stopped ?? open;
  }
}

/** When a message came. */
export function momentOf({ receivedAtMs: nowMs, receivedWallMs: wallMs }: CallContext): EventMoment {
  return { nowMs, wallMs };
}

/** Its connector shows another car since: the end of the one before was lost. */
function isBefore(open: TransactionRecord, record: TransactionRecord): boolean {
  return record.stoppedWallMs === null && open.startedWallMs <= record.startedWallMs;
}

/** 0 = a number that no connector has; all of those are one. */
function connectorOf(value: number): number {
  return Number.isInteger(value) && value >= 1 && value <= MOST_CONNECTORS ? value : 0;
}

/** A charge point's time stamp; the time of arrival where it makes no sense. */
function timeOf(wallMs: number, context: CallContext): number {
  return Number.isFinite(wallMs) ? wallMs : Math.round(context.receivedWallMs);
}
