import type { Duplex } from "node:stream";
import type { Clock } from "../../clock.ts";
import type { Dialect } from "../dialect.ts";
import type { CallContext, Reply } from "../facts.ts";
import type { Direction } from "../log/message-search.ts";
import type { StationPort } from "../port.ts";
import type { ReplyMemory } from "../rpc/replies.ts";
import type { Allowance } from "./fair-queue.ts";
import type { OcppSocketOptions } from "./socket.ts";
import type { ConnectionBudget, VisitorClass } from "./visitors.ts";

/** What differs from connection to connection. */
export type ServedOptions = Pick<OcppSocketOptions, "remoteAddress" | "pingMs" | "callTimeoutMs" | "onClosed"> & {
  clock: Clock;
  dialect: Dialect;
  stream: Duplex;
  replies: ReplyMemory;
  visitors: ConnectionBudget;
  /** Keeps the frames; null = frames are not kept. */
  keep: ((direction: Direction, text: string) => void) | null;
};

/**
 * The central system behind one connection: the station answers. One object with methods, not a handful of closures, because with
 * thousands of connections what a message costs is mostly the memory it touches.
 */
export class Served implements OcppSocketOptions {
  readonly side = "centralSystem";
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly remoteAddress: string;
  readonly stream: Duplex;
  readonly pingMs: number;
  readonly callTimeoutMs: number;
  readonly allowance: Allowance | undefined;
  readonly #replies: ReplyMemory;
  readonly #visitors: ConnectionBudget;
  readonly onClosed: (reason: string) => void;
  readonly #station: StationPort;
  readonly #keep: ServedOptions["keep"];

  constructor(station: StationPort, options: ServedOptions) {
    this.#station = station;
    this.#keep = options.keep;
    this.clock = options.clock;
    this.dialect = options.dialect;
    this.remoteAddress = options.remoteAddress;
    this.stream = options.stream;
    this.pingMs = options.pingMs;
    this.callTimeoutMs = options.callTimeoutMs;
    this.#replies = options.replies;
    this.#visitors = options.visitors;
    this.allowance = station.served === false ? options.visitors.allowance() : undefined;
    this.onClosed = options.onClosed;
  }

  /** Messages of an unknown charge point have no effect, so no replies are remembered. */
  get replies(): ReplyMemory | undefined {
    return this.#station.served === false ? undefined : this.#replies;
  }

  visitor(): VisitorClass {
    return this.#station.served === false ? this.#visitors.strangers : this.#visitors.served;
  }

  handle(action: string, payload: Record<string, unknown>, context: CallContext): Reply<object> | undefined {
    return this.dialect.hear(action, payload, this.#station, context);
  }

  onFrame(direction: Direction, text: string): void {
    this.#keep?.(direction, text);
    this.#station.frame?.(direction, text);
  }

  onDeviation(text: string): void {
    this.#station.deviation?.(text);
  }
}
