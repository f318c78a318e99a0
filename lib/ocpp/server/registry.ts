import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Clock } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { dialectOf, USUAL_DIALECT } from "../dialects.ts";
import type { MessageLog } from "../log/message-log.ts";
import type { Admission, StationConnection, StationPort } from "../port.ts";
import { ReplyMemory } from "../rpc/replies.ts";
import { Served } from "./served.ts";
import { OcppSocket } from "./socket.ts";
import type { ConnectionBudget } from "./visitors.ts";

/** Silence after which an earlier connection gives way to a newcomer without a password (ms). */
const TAKEOVER_SILENCE_MS = 2000;
/** How long, and of how many charge points, given answers are remembered after the socket closed. */
const REMEMBER_MS = 600_000;
const REMEMBER_STATIONS = 1000;

export interface RegistryOptions {
  pingS: number;
  callTimeoutS: number;
  maxConnections: number;
  /** Keeps the frames. */
  log: MessageLog | null;
}

/** Both ends of a connection: where it comes from, and what was dialled. */
export interface Dialled {
  remoteAddress: string;
  /** How the charge point reaches this server by HTTP. */
  httpBase: string;
}

/** The charge points that are connected: one connection for each identity. */
export class Registry {
  readonly #options: Readonly<RegistryOptions>;
  readonly #clock: Clock;
  readonly #visitors: ConnectionBudget;
  readonly #connections = new Map<string, OcppSocket>();
  /** Identities whose present connection is being probed for a newcomer. */
  readonly #contested = new Set<string>();
  /** In the order in which they left. */
  readonly #left = new Map<string, { replies: ReplyMemory; leftAtMs: number }>();

  /** @param options read anew at each use */
  constructor(options: Readonly<RegistryOptions>, visitors: ConnectionBudget, clock: Clock) {
    this.#options = options;
    this.#visitors = visitors;
    this.#clock = clock;
  }

  get connections(): ReadonlyMap<string, StationConnection> {
    return this.#connections;
  }

  /**
   * Whether a newcomer may be added: null, or why not. An authenticated one takes the place of an earlier connection at
   * once; one without a password waits whether the earlier one still answers, and is turned away if it does.
   */
  async makeRoom(
    { station, authenticated }: Extract<Admission, { admitted: true }>,
    remoteAddress: string,
  ): Promise<{ httpStatus: 409 | 503; reason: string } | null> {
    const earlier = this.#connections.get(station.identity);
    if (!earlier) {
      const full = this.#connections.size >= this.#options.maxConnections;
      return full ? { httpStatus: 503, reason: "Too many charge points are connected" } : null;
    }
    if (authenticated) return null;
    if (await this.#holdsOut(station.identity, earlier)) {
      station.conflict?.(remoteAddress);
      return { httpStatus: 409, reason: "A charge point with this identity is connected" };
    }
    return null;
  }

  /** Binds an open WebSocket, and the stream under it, to its station; an earlier connection of the station is closed and reported first. */
  add(webSocket: WebSocket, stream: Duplex, station: StationPort, { remoteAddress, httpBase }: Dialled): void {
    const { identity } = station;
    const superseded = new EvError("EV_OCPP_SUPERSEDED", "The charge point opened a new connection.");
    this.#connections.get(identity)?.close(1008, "Replaced by a newer connection", superseded);
    const replies = this.#recall(identity);
    const served = new Served(station, {
      clock: this.#clock,
      dialect: dialectOf(webSocket.protocol) ?? USUAL_DIALECT,
      stream,
      remoteAddress,
      pingMs: this.#options.pingS * 1000,
      callTimeoutMs: this.#options.callTimeoutS * 1000,
      replies,
      visitors: this.#visitors,
      keep: this.#options.log?.of(identity, station.served === false) ?? null,
      onClosed: (reason) => {
        if (this.#connections.get(identity) === connection) this.#connections.delete(identity);
        if (station.served !== false) this.#remember(identity, replies);
        guard(() => station.detached(connection, reason));
      },
    });
    const connection = new OcppSocket(webSocket, served);
    this.#connections.set(identity, connection);
    if (!guard(() => station.attached(connection, httpBase)))
      connection.close(1011, "The charge point could not be taken in");
  }

  /** Applies changed options to the connections there are. */
  configure(): void {
    for (const connection of this.#connections.values()) {
      connection.pingMs = this.#options.pingS * 1000;
      connection.callTimeoutMs = this.#options.callTimeoutS * 1000;
    }
  }

  closeAll(code: number, reason: string): void {
    for (const connection of [...this.#connections.values()]) connection.close(code, reason);
  }

  /** Whether the earlier connection keeps its place: it answers, or another newcomer is already waiting for its answer. */
  async #holdsOut(identity: string, earlier: OcppSocket): Promise<boolean> {
    if (this.#contested.has(identity)) return true;
    this.#contested.add(identity);
    try {
      return await earlier.probe(TAKEOVER_SILENCE_MS);
    } finally {
      this.#contested.delete(identity);
    }
  }

  #recall(identity: string): ReplyMemory {
    const replies = this.#left.get(identity)?.replies ?? new ReplyMemory();
    this.#left.delete(identity);
    return replies;
  }

  #remember(identity: string, replies: ReplyMemory): void {
    const nowMs = this.#clock.nowMs();
    this.#left.delete(identity);
    this.#left.set(identity, { replies, leftAtMs: nowMs });
    for (const [oldest, { leftAtMs }] of this.#left) {
      if (this.#left.size <= REMEMBER_STATIONS && nowMs - leftAtMs < REMEMBER_MS) break;
      this.#left.delete(oldest);
    }
  }
}

/** False when the station threw: its fault must end neither the process nor another charge point's service. */
function guard(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
