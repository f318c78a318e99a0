import type { Clock } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import type { Dialect } from "../../ocpp/dialect.ts";
import { USUAL_DIALECT } from "../../ocpp/dialects.ts";
import { CALL_PRIORITY, type CallOptions, type StationConnection } from "../../ocpp/port.ts";
import { DEFAULT_TRAITS } from "../capabilities/models/traits.ts";
import type { Traits } from "../capabilities/models/types.ts";
import type { StationMemory } from "./memory.ts";

/** An answer to a question or a set-up call is not waited for longer, ms: a limit may wait behind it. */
const PATIENCE_MS = 10_000;

/** What the line needs of its charge point. */
export interface LinePort {
  identity: string;
  clock: Clock;
  traits: () => Traits;
  memory: () => StationMemory;
  /** How often the charge point is to send a heartbeat, s. */
  heartbeatS: () => number;
  /** A configuration key was changed that takes effect after a restart. */
  rebootNeeded: (key: string) => void;
}

/** The connection to one charge point: who is on it, and calls at the pace of its model. */
export class Line {
  readonly #port: LinePort;
  #connection: StationConnection | null = null;
  /** What is spoken on the last connection. */
  dialect: Dialect = USUAL_DIALECT;
  /** Address and wall time of the last connection; of the first knock before there was one. */
  address: string | null = null;
  /** How the charge point reaches this server by HTTP; null before it has connected. */
  httpBase: string | null = null;
  lastSeenWallMs: number;

  constructor(port: LinePort) {
    this.#port = port;
    this.lastSeenWallMs = port.clock.wallMs();
  }

  get attached(): boolean {
    return this.#connection !== null;
  }

  get open(): boolean {
    return this.#connection?.open ?? false;
  }

  /** One charge point has one connection, also where a site has several central systems. */
  attach(connection: StationConnection, httpBase: string | null): void {
    const earlier = this.#connection;
    this.#connection = connection;
    this.dialect = connection.dialect;
    if (earlier?.open) earlier.close(1008, "Replaced by a newer connection");
    this.httpBase = httpBase;
    this.address = connection.remoteAddress;
    this.lastSeenWallMs = this.#port.clock.wallMs();
    this.adapt();
  }

  /** Returns false for a connection whose place another one has taken. */
  detach(connection: StationConnection): boolean {
    if (this.#connection !== connection) return false;
    this.#connection = null;
    this.lastSeenWallMs = this.#port.clock.wallMs();
    return true;
  }

  /** The traits changed: the connection keeps to the new ones. */
  adapt(): void {
    const { callGapMs, noPong } = this.#port.traits().transport;
    const silenceMs = noPong ? 2 * this.#port.heartbeatS() * 1000 : null;
    this.#connection?.pace?.({ callGapMs, silenceMs });
  }

  close(code: number, reason: string): void {
    this.#connection?.close(code, reason);
  }

  /** @throws EvError as StationConnection.call, EV_OCPP_OFFLINE when not connected */
  async call(action: string, payload: unknown, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const { identity, traits } = this.#port;
    if (!this.#connection) throw new EvError("EV_OCPP_OFFLINE", `${identity} is not connected; ${action} was not sent`);
    const timeout = timeoutOf(traits().transport.callTimeoutS, options.priority ?? CALL_PRIORITY.command);
    const answer = await this.#connection.call(action, payload, { ...timeout, ...options });
    const { status } = answer;
    const meant = this.dialect.meaning(action, payload);
    // What was taken out of service from here stays so; set-up puts only other connectors back into it.
    if (meant?.order === "setOperative" && (status === "Accepted" || status === "Scheduled"))
      this.#port.memory().tookOutOfService(meant.given.connector, !meant.given.operative);
    if (meant?.order === "writeKey" && status === "RebootRequired") this.#port.rebootNeeded(meant.given.key);
    return answer;
  }
}

/** Nothing said = as long as the central system waits. */
function timeoutOf(callTimeoutS: number, priority: number): Pick<CallOptions, "timeoutMs"> {
  if (priority >= CALL_PRIORITY.setup) return { timeoutMs: Math.min(callTimeoutS * 1000, PATIENCE_MS) };
  return callTimeoutS === DEFAULT_TRAITS.transport.callTimeoutS ? {} : { timeoutMs: callTimeoutS * 1000 };
}
