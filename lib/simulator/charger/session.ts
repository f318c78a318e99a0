import type { Clock } from "../../clock.ts";
import { isoTime } from "../../clock.ts";
import type { ChargingProfile } from "../../ocpp/v16/index.ts";
import { Journal, type JournalEntry, type StopReason } from "./journal.ts";
import { TransactionOutbox } from "./outbox.ts";
import type { OutletReservation } from "./outlet-reservation.ts";
import type { RunningTransaction } from "./profiles/schedule.ts";

/** After these the car must be replugged, or started remotely, to charge again. */
const FINAL: readonly StopReason[] = ["Local", "Remote", "DeAuthorized", "UnlockCommand"];

/** A transaction as the charge point knows it. */
export interface SimulatedTransaction extends RunningTransaction {
  idTag: string;
  meterStartWh: number;
  record: JournalEntry;
}

export interface SessionPort {
  send(action: string, payload: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Connected and accepted. */
  online(): boolean;
  /** A configuration key's value, in seconds. */
  seconds(key: "TransactionMessageRetryInterval" | "ConnectionTimeOut"): number;
  /** Who numbers its transactions; `none`: it begins no transaction. */
  transactions(): "issued" | "own" | "none";
  /** What its own list says of a badge while nobody can be asked; null = nothing. */
  listed(idTag: string): boolean | null;
  /** Whether a badge nobody knows may charge while offline. */
  trustsUnknown(): boolean;
  /** Whether a charge ends when its badge turns out invalid; else only its energy does (OCPP 1.6 §4.8). */
  stopsOnInvalid(): boolean;
  registerWh(): number;
  readonly reservation: OutletReservation;
  /** A transaction began or ended; a profile that came with its RemoteStart is handed over once. */
  began(profile: ChargingProfile | null): void;
  ended(): void;
}

interface Start {
  idTag: string;
  untilMs: number;
  profile: ChargingProfile | null;
}

/** Authorization and transactions of the one connector: when a car may charge, and what is told about it. */
export class Session {
  #clock: Clock;
  #port: SessionPort;
  #badge: string | null;
  #outbox: TransactionOutbox;
  readonly #journal = new Journal();
  #cache = new Set<string>();
  #transaction: SimulatedTransaction | null = null;
  #start: Start | null = null;
  #suspended = false;
  #asking = false;
  #askAgainMs = Number.NEGATIVE_INFINITY;
  #over: "ended" | "refused" | null = null;
  #ownId = 0;
  /** Counts the cars that left: an answer about the badge of one says nothing of the next. */
  #left = 0;

  /** @param badge the idTag presented by itself whenever a car is plugged in; null = only a remote start begins a transaction */
  constructor(clock: Clock, port: SessionPort, badge: string | null) {
    this.#clock = clock;
    this.#port = port;
    this.#badge = badge;
    const retryS = () => port.seconds("TransactionMessageRetryInterval");
    this.#outbox = new TransactionOutbox(clock, {
      send: (action, payload) => port.send(action, payload),
      online: () => port.online(),
      retryS,
    });
  }

  get transaction(): SimulatedTransaction | null {
    return this.#transaction;
  }

  /** Every transaction it had, oldest first. */
  get journal(): readonly JournalEntry[] {
    return this.#journal.entries;
  }

  /** Messages about transactions that are not confirmed yet. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** An accepted badge waits for a car. */
  get awaitsCar(): boolean {
    return this.#start !== null && this.#clock.nowMs() < this.#start.untilMs;
  }

  /** Why nothing starts by itself until the car is replugged: it had its transaction, or its badge was refused one. */
  get over(): "ended" | "refused" | null {
    return this.#over;
  }

  /** The transaction goes on without energy: its badge turned out invalid. */
  get suspended(): boolean {
    return this.#suspended;
  }

  /** The connection is usable: sends what waited. */
  online(): void {
    this.#outbox.flush();
  }

  close(): void {
    this.#outbox.close();
  }

  /** Begins a transaction if something allows one; call whenever a plugged car could charge and has none running. */
  advance(): void {
    if (this.#transaction !== null || this.#port.transactions() === "none") return;
    if (this.#start !== null) {
      if (this.awaitsCar) this.#begin(this.#start.idTag, this.#start.profile);
      this.#start = null;
      return;
    }
    if (this.#badge !== null && this.#over === null && !this.#asking && this.#clock.nowMs() >= this.#askAgainMs)
      this.#present(this.#badge);
  }

  /** Somebody shows a badge: it begins a charge if it may, and ends the one that it began. */
  show(idTag: string): void {
    if (this.#transaction === null) this.#present(idTag);
    else if (this.#transaction.idTag === idTag) this.stop("Local");
    // Whether another one may end it is for the central system to say, by a remote stop.
    else this.#port.send("Authorize", { idTag }).catch(() => {});
  }

  /** A badge was accepted: a transaction begins as soon as a car can charge, within ConnectionTimeOut. */
  admit(idTag: string, profile: ChargingProfile | null): void {
    this.#start = { idTag, profile, untilMs: this.#clock.nowMs() + this.#port.seconds("ConnectionTimeOut") * 1000 };
  }

  /** Ends the running transaction, if any. */
  stop(reason: StopReason): void {
    const transaction = this.#transaction;
    if (transaction === null) return;
    const stopWallMs = this.#clock.wallMs();
    const timestamp = isoTime(stopWallMs);
    const meterStop = Math.round(this.#port.registerWh());
    const { record } = transaction;
    Object.assign(record, { stopWallMs, meterStopWh: meterStop, stopReason: reason } satisfies Partial<JournalEntry>);
    this.#transaction = null;
    this.#suspended = false;
    this.#over = FINAL.includes(reason) ? "ended" : null;
    this.#outbox.post({
      action: "StopTransaction",
      payload: () => ({ transactionId: transaction.id ?? -1, idTag: transaction.idTag, timestamp, meterStop, reason }),
      confirmed: () => {
        record.stopConfirmed = true;
      },
    });
    this.#port.ended();
  }

  /** The car is gone. */
  unplugged(): void {
    this.stop("EVDisconnected");
    this.#over = null;
    this.#asking = false;
    this.#left += 1;
  }

  clearCache(): void {
    this.#cache.clear();
  }

  #present(idTag: string): void {
    const { reservation } = this.#port;
    if (!reservation.admits(idTag) && !(this.#port.online() && reservation.asksForGroup)) {
      if (idTag === this.#badge) this.#over = "refused";
      return;
    }
    if (!this.#port.online()) {
      const mayCharge = this.#port.listed(idTag) ?? (this.#cache.has(idTag) || this.#port.trustsUnknown());
      if (mayCharge) this.#begin(idTag, null);
      return;
    }
    const left = this.#left;
    this.#asking = true;
    this.#port.send("Authorize", { idTag }).then(
      (response) => {
        const accepted = this.#accepted(idTag, response) && reservation.admits(idTag, groupOf(response));
        if (left !== this.#left) return;
        this.#asking = false;
        if (accepted) this.admit(idTag, null);
        else if (idTag === this.#badge) this.#over = "refused";
      },
      () => {
        if (left !== this.#left) return;
        this.#asking = false;
        this.#askAgainMs = this.#clock.nowMs() + this.#port.seconds("TransactionMessageRetryInterval") * 1000;
      },
    );
  }

  #begin(idTag: string, profile: ChargingProfile | null): void {
    const ownId = this.#port.transactions() === "own" ? --this.#ownId : null;
    const start = { idTag, startWallMs: this.#clock.wallMs(), meterStartWh: Math.round(this.#port.registerWh()) };
    const transaction: SimulatedTransaction = { ...start, id: ownId, record: this.#journal.open(start) };
    this.#transaction = transaction;
    this.#over = null;
    const reservationId = this.#port.reservation.use();
    this.#outbox.post({
      action: "StartTransaction",
      payload: () => ({
        connectorId: 1,
        idTag,
        meterStart: transaction.meterStartWh,
        timestamp: isoTime(transaction.startWallMs),
        ...(reservationId !== null && { reservationId }),
      }),
      confirmed: (response) => {
        if (typeof response["transactionId"] === "number") transaction.id = ownId ?? response["transactionId"];
        Object.assign(transaction.record, { startConfirmed: true, transactionId: transaction.id });
        if (!this.#accepted(idTag, response) && this.#transaction === transaction) this.#deny();
      },
    });
    this.#port.began(profile);
  }

  /** The badge of the running transaction turned out invalid. */
  #deny(): void {
    if (this.#port.stopsOnInvalid()) this.stop("DeAuthorized");
    else this.#suspended = true;
  }

  /** Remembers an accepted badge for offline times and forgets a refused one. */
  #accepted(idTag: string, response: Record<string, unknown>): boolean {
    const { status } = (response["idTagInfo"] ?? {}) as { status?: unknown };
    if (status === "Accepted") this.#cache.add(idTag);
    else this.#cache.delete(idTag);
    return status === "Accepted";
  }
}

/** The group of a badge, as an answer to it has it; null = none. */
function groupOf({ idTagInfo }: Record<string, unknown>): string | null {
  const { parentIdTag } = (idTagInfo ?? {}) as { parentIdTag?: unknown };
  return typeof parentIdTag === "string" ? parentIdTag : null;
}
