/** A line between a simulated charge point and a central system without a socket: the same OCPP-J on both ends, as quick as a call. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import type { CallOptions, StationConnection, StationDirectory, StationPort } from "../../lib/ocpp/port.ts";
import { ReplyMemory } from "../../lib/ocpp/rpc/replies.ts";
import { Rpc, type RpcOptions } from "../../lib/ocpp/rpc/rpc.ts";
import { OCPP16 } from "../../lib/ocpp/v16/dialect.ts";
import { type ChargerLine, isMuted, type LineOptions } from "../../lib/simulator/charger/link.ts";

const RETRY_MS = 5000;

/** The central system's end: who is let in, and whether anybody answers at all. */
export interface Exchange {
  clock: Clock;
  directory: StationDirectory;
  /** Nobody is there: connections end and none comes about. */
  dead: boolean;
  /** A charge point took a CALL. @param status the word of its answer, null where it had none */
  took(action: string, payload: Record<string, unknown>, status: unknown): void;
}

/** One open connection, seen from both ends. */
class Circuit implements StationConnection {
  readonly id = randomUUID();
  readonly remoteAddress = "192.0.2.1";
  readonly dialect = OCPP16;
  open = true;
  lastSeenMs: number;
  readonly charger: Rpc;
  readonly #central: Rpc;
  readonly #station: StationPort;
  readonly #ended: () => void;

  constructor(exchange: Exchange, station: StationPort, options: LineOptions, ended: () => void) {
    const { clock } = exchange;
    this.lastSeenMs = clock.nowMs();
    this.#station = station;
    this.#ended = ended;
    const muted = new Set<string>();
    const end = (
      side: RpcOptions["side"],
      peer: () => Rpc,
      handle: RpcOptions["handle"],
      more: Partial<RpcOptions> = {},
    ): Rpc =>
      new Rpc(
        {
          clock,
          side,
          callTimeoutMs: 30_000,
          handle,
          ...more,
        },
        {
          send: (text) => {
            if (side === "chargePoint" && isMuted(text, muted)) return;
            queueMicrotask(() => this.open && peer().receive(text));
          },
          pauseReading: () => {},
          resumeReading: () => {},
          close: () => this.cut("closed"),
        },
      );
    this.#central = end(
      "centralSystem",
      () => this.charger,
      (action, payload, context) => {
        this.lastSeenMs = clock.nowMs();
        return OCPP16.hear(action, payload, station, context);
      },
      { replies: new ReplyMemory() },
    );
    this.charger = end(
      "chargePoint",
      () => this.#central,
      (action, payload, { messageId }) => {
        if (options.mute(action, payload)) muted.add(messageId);
        let answer: { status?: unknown } = {};
        try {
          answer = options.handle(action, payload);
          return answer;
        } finally {
          exchange.took(action, payload, answer.status ?? null);
        }
      },
    );
  }

  call(action: string, payload: unknown, options: CallOptions = {}): Promise<Record<string, unknown>> {
    return this.#central.call(action, payload, options);
  }

  close(): void {
    this.cut("closed");
  }

  cut(reason: string): void {
    if (!this.open) return;
    this.open = false;
    const error = new EvError("EV_OCPP_OFFLINE", `The connection ended: ${reason}.`);
    this.charger.end(error);
    this.#central.end(error);
    this.#station.detached(this, reason);
    this.#ended();
  }
}

/** A charge point's line that connects through an exchange, and again after 5 s. */
export class MemoryLine implements ChargerLine {
  readonly #exchange: Exchange;
  readonly #options: LineOptions;
  #circuit: Circuit | null = null;
  #wanted = false;

  constructor(exchange: Exchange, options: LineOptions) {
    this.#exchange = exchange;
    this.#options = options;
  }

  get connected(): boolean {
    return this.#circuit?.open ?? false;
  }

  up(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#dialIn(0);
  }

  down(): void {
    this.#wanted = false;
    this.#circuit?.cut("the charge point hung up");
  }

  /** What a pulled cable does. */
  cut(): void {
    this.#circuit?.cut("cut");
  }

  close(): Promise<void> {
    this.down();
    return Promise.resolve();
  }

  async call(action: string, payload: unknown): Promise<Record<string, unknown>> {
    if (!this.#circuit?.open) throw new EvError("EV_OCPP_OFFLINE", "The simulated charge point is not connected.");
    return await this.#circuit.charger.call(action, payload);
  }

  #dialIn(delayMs: number): void {
    this.#exchange.clock.setTimeout(() => void this.#dial(), delayMs);
  }

  async #dial(): Promise<void> {
    if (!this.#wanted || this.connected) return;
    const { directory, dead } = this.#exchange;
    const { identity } = this.#options;
    const admission = await directory.admit({ identity, remoteAddress: "192.0.2.1", basic: null, origin: null });
    if (dead || !admission.admitted || !this.#wanted) {
      if (this.#wanted) this.#dialIn(RETRY_MS);
      return;
    }
    const circuit = new Circuit(this.#exchange, admission.station, this.#options, () => this.#lost());
    this.#circuit = circuit;
    admission.station.attached(circuit);
    this.#options.opened();
  }

  #lost(): void {
    this.#options.closed();
    if (this.#wanted) this.#dialIn(RETRY_MS);
  }
}
