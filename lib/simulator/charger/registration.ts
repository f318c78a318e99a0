import type { Clock, Timer } from "../../clock.ts";

export type RegistrationState = "none" | "Pending" | "Rejected" | "Accepted";

export interface RegistrationPort {
  /** Sends BootNotification; resolves with its confirmation. */
  boot(): Promise<Record<string, unknown>>;
  heartbeat(): Promise<unknown>;
  /** The central system has accepted this boot, or the connection came back after it had. */
  ready(): void;
  /** Receives the interval of an accepted boot; heartbeats follow `heartbeatS()`. */
  setHeartbeatS(intervalS: number): void;
  heartbeatS(): number;
  /** When it boots by itself, and how long after the connection. */
  habit(): { boots: "powerUp" | "always" | "never"; bootDelayS: number };
}

const RETRY_S = 10;

/**
 * BootNotification until it is accepted, then heartbeats (OCPP 1.6 §4.2, §4.6). A reconnection does not boot again (OCPP-J §5.4),
 * unless it is a charge point's habit.
 */
export class Registration {
  #clock: Clock;
  #port: RegistrationPort;
  #state: RegistrationState = "none";
  #connected = false;
  #timer: Timer | undefined;

  constructor(clock: Clock, port: RegistrationPort) {
    this.#clock = clock;
    this.#port = port;
  }

  /** The central system's last word. */
  get state(): RegistrationState {
    return this.#state;
  }

  connected(): void {
    this.#connected = true;
    const { boots, bootDelayS } = this.#port.habit();
    if (boots === "never") this.#state = "Accepted";
    if (boots === "always") this.#state = "none";
    if (this.#state === "Accepted") this.#begin();
    else if (bootDelayS > 0) this.#timer = this.#clock.setTimeout(() => this.boot(), bootDelayS * 1000);
    else this.boot();
  }

  disconnected(): void {
    this.#connected = false;
    this.#clock.clear(this.#timer);
  }

  /** The charge point restarts: it must be accepted anew. */
  forget(): void {
    this.#state = "none";
    this.#clock.clear(this.#timer);
  }

  /** Sends a BootNotification now: at power-up, and when triggered. */
  boot(): void {
    this.#clock.clear(this.#timer);
    this.#port.boot().then(
      (response) => this.#booted(response),
      () => this.#bootAgainIn(RETRY_S),
    );
  }

  /** Starts the wait for the next heartbeat over, after the interval was changed. */
  restartHeartbeat(): void {
    this.#clock.clear(this.#timer);
    if (!this.#connected || this.#state !== "Accepted") return;
    this.#timer = this.#clock.setInterval(
      () => void this.#port.heartbeat().catch(() => {}),
      this.#port.heartbeatS() * 1000,
    );
  }

  #booted({ status, interval }: Record<string, unknown>): void {
    const intervalS = typeof interval === "number" && interval > 0 ? interval : 0;
    if (status === "Accepted") {
      this.#state = "Accepted";
      if (intervalS > 0) this.#port.setHeartbeatS(intervalS);
      this.#begin();
      return;
    }
    this.#state = status === "Rejected" ? "Rejected" : "Pending";
    this.#bootAgainIn(intervalS || RETRY_S);
  }

  #begin(): void {
    if (!this.#connected) return;
    this.restartHeartbeat();
    this.#port.ready();
  }

  #bootAgainIn(waitS: number): void {
    if (this.#connected) this.#timer = this.#clock.setTimeout(() => this.boot(), waitS * 1000);
  }
}
