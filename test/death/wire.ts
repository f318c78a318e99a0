/** The connection between a charge point and the controller: late, deaf on one side, or gone. */
import type { Clock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import type { CallOptions, StationConnection, StationPort } from "../../lib/ocpp/port.ts";
import { ReplyMemory } from "../../lib/ocpp/rpc/replies.ts";
import { Rpc } from "../../lib/ocpp/rpc/rpc.ts";
import { OCPP16 } from "../../lib/ocpp/v16/dialect.ts";

/** Who hears what passes at the controller's end. */
export interface Witness {
  sent(text: string): void;
  heard(text: string): void;
}

/** What is wrong with it now. */
export interface WireFault {
  /** So many of the next profile requests never arrive. */
  losesRequests: number;
  /** So many of the next answers to profile requests never arrive. */
  losesAnswers: number;
  /** Each way takes so long, ms. */
  delayMs: number;
}

/** One open connection. In each direction nothing overtakes anything. */
export class ActedWire implements StationConnection {
  readonly id = "acted";
  readonly remoteAddress = "192.0.2.1";
  readonly dialect = OCPP16;
  open = true;
  lastSeenMs = 0;
  readonly #clock: Clock;
  readonly #centralClock: Clock;
  readonly #witness: Witness;
  readonly #fault: WireFault;
  readonly #central: Rpc;
  readonly #station: StationPort;
  readonly #arrive: (text: string) => void;
  readonly #ended: () => void;
  readonly #profiles = new Set<string>();
  #downMs = 0;
  #upMs = 0;

  constructor(parts: {
    /** Of the wire, and of the controller that lives at its end. */
    clock: Clock;
    centralClock: Clock;
    station: StationPort;
    witness: Witness;
    fault: WireFault;
    /** Takes what reaches the charge point. */
    arrive: (text: string) => void;
    ended: () => void;
  }) {
    this.#clock = parts.clock;
    this.#centralClock = parts.centralClock;
    this.#witness = parts.witness;
    this.#fault = parts.fault;
    this.#station = parts.station;
    this.#arrive = parts.arrive;
    this.#ended = parts.ended;
    this.lastSeenMs = parts.centralClock.nowMs();
    const { centralClock: clock, station } = parts;
    this.#central = new Rpc(
      {
        clock,
        side: "centralSystem",
        callTimeoutMs: 30_000,
        replies: new ReplyMemory(),
        handle: (action, payload, context) => OCPP16.hear(action, payload, station, context),
      },
      {
        send: (text) => this.#down(text),
        pauseReading: () => {},
        resumeReading: () => {},
        close: () => this.cut("closed"),
      },
    );
  }

  call(action: string, payload: unknown, options: CallOptions = {}): Promise<Record<string, unknown>> {
    return this.#central.call(action, payload, options);
  }

  close(): void {
    this.cut("closed");
  }

  /** What the charge point says. */
  up(text: string): void {
    if (!this.open) return;
    const [type, id] = JSON.parse(text) as [number, string];
    if (type !== 2 && this.#profiles.delete(id) && this.#fault.losesAnswers > 0) {
      this.#fault.losesAnswers--;
      return;
    }
    const nowMs = this.#clock.nowMs();
    this.#upMs = Math.max(this.#upMs, nowMs + this.#fault.delayMs);
    this.#clock.setTimeout(() => {
      if (!this.open) return;
      this.lastSeenMs = this.#centralClock.nowMs();
      this.#witness.heard(text);
      this.#central.receive(text);
    }, this.#upMs - nowMs);
  }

  /** It breaks, and both ends see it. */
  cut(reason: string): void {
    if (!this.open) return;
    this.abandon();
    this.#central.end(new EvError("EV_OCPP_OFFLINE", `The connection ended: ${reason}.`));
    this.#station.detached(this, reason);
  }

  /** The controller is no more: nobody at its end sees anything. */
  abandon(): void {
    this.open = false;
    this.#ended();
  }

  #down(text: string): void {
    if (!this.open) return;
    this.#witness.sent(text);
    const [type, id, action] = JSON.parse(text) as [number, string, string];
    if (type === 2 && (action === "SetChargingProfile" || action === "ClearChargingProfile")) {
      if (this.#fault.losesRequests > 0) {
        this.#fault.losesRequests--;
        return;
      }
      this.#profiles.add(id);
    }
    const nowMs = this.#clock.nowMs();
    this.#downMs = Math.max(this.#downMs, nowMs + this.#fault.delayMs);
    this.#clock.setTimeout(() => this.open && this.#arrive(text), this.#downMs - nowMs);
  }
}
