import type { Clock, Timer } from "../../clock.ts";

/** A message that must reach the central system, sooner or later. */
export interface TransactionMessage {
  action: "StartTransaction" | "StopTransaction";
  /** Built when it is sent: a stop learns its transactionId from the start before it. */
  payload: () => Record<string, unknown>;
  confirmed?: (response: Record<string, unknown>) => void;
}

/** Keeps transaction messages in order until each is confirmed, over any number of interruptions (OCPP 1.6 §3.7). */
export class TransactionOutbox {
  #clock: Clock;
  #send: (action: string, payload: Record<string, unknown>) => Promise<Record<string, unknown>>;
  #online: () => boolean;
  #retryS: () => number;
  #letters: TransactionMessage[] = [];
  #busy = false;
  #attempts = 0;
  #retry: Timer | undefined;
  #closed = false;

  /** @param retryS first wait after a message was refused or not answered; it grows with each attempt, up to five times that */
  constructor(
    clock: Clock,
    wire: {
      send: (action: string, payload: Record<string, unknown>) => Promise<Record<string, unknown>>;
      online: () => boolean;
      retryS: () => number;
    },
  ) {
    this.#clock = clock;
    this.#send = wire.send;
    this.#online = wire.online;
    this.#retryS = wire.retryS;
  }

  /** Messages not yet confirmed. */
  get waiting(): number {
    return this.#letters.length;
  }

  post(letter: TransactionMessage): void {
    this.#letters.push(letter);
    this.flush();
  }

  /** Sends what waits, as far as the connection allows. Call when the connection is back. */
  flush(): void {
    const letter = this.#letters[0];
    if (this.#busy || this.#closed || letter === undefined || !this.#online()) return;
    this.#clock.clear(this.#retry);
    this.#busy = true;
    this.#send(letter.action, letter.payload()).then(
      (response) => this.#answered(letter, response),
      () => this.#failed(),
    );
  }

  close(): void {
    this.#closed = true;
    this.#clock.clear(this.#retry);
  }

  #answered(letter: TransactionMessage, response: Record<string, unknown>): void {
    this.#busy = false;
    this.#attempts = 0;
    this.#letters.shift();
    letter.confirmed?.(response);
    this.flush();
  }

  #failed(): void {
    this.#busy = false;
    if (this.#closed) return;
    this.#attempts = Math.min(5, this.#attempts + 1);
    this.#retry = this.#clock.setTimeout(() => this.flush(), this.#attempts * this.#retryS() * 1000);
  }
}
