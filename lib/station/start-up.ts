import type { Clock, Timer } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { type SetUpTask, setUp } from "./set-up.ts";

/** How long a charge point may take to boot before it is asked to; calls before a boot send some into a boot loop. */
const SILENCE_MS = 5_000;

/** After this it is served without a BootNotification (OCPP-J §5.4: a reconnect needs none). */
const PATIENCE_MS = 30_000;

/** So many boots within the window are a boot loop: the configuration is left alone. */
const BOOT_LOOP = { boots: 3, windowMs: 600_000 } as const;

export interface StartUpDeps extends Omit<SetUpTask, "configure"> {
  clock: Clock;
  /** CALLs may be sent from now on. */
  ready: () => void;
}

/** From the open socket to a charge point in service: wait for a boot, ask for one, arm profiles, set up. */
export class StartUp {
  readonly #deps: StartUpDeps;
  #timers: Timer[] = [];
  #bootAtMs: number[] = [];
  #askedToBoot = false;
  #readySinceMs: number | null = null;
  #connection = 0;
  /** The connection that a set-up runs on. */
  #settingUp: number | null = null;

  constructor(deps: StartUpDeps) {
    this.#deps = deps;
  }

  /** Monotonic time since when CALLs may be sent; null before. */
  get readySinceMs(): number | null {
    return this.#readySinceMs;
  }

  /** @param askAt when to ask for a boot that did not come by itself, ms from now */
  connected(askAtMs = SILENCE_MS): void {
    this.disconnected();
    this.#after(askAtMs, () => void this.#askToBoot());
    this.#after(PATIENCE_MS, () => this.#becomeReady());
  }

  disconnected(): void {
    this.#connection++;
    this.#readySinceMs = null;
    this.#askedToBoot = false;
    this.#clearTimers();
  }

  /** A BootNotification was accepted. Returns whether the charge point really started anew: a boot it was asked for is none. */
  booted(): boolean {
    const restarted = !this.#askedToBoot;
    this.#askedToBoot = false;
    const nowMs = this.#deps.clock.nowMs();
    if (restarted) this.#bootAtMs = [...this.#bootAtMs, nowMs].filter((atMs) => atMs > nowMs - BOOT_LOOP.windowMs);
    this.#clearTimers();
    // The confirmation leaves first: a charge point takes no CALL before it.
    this.#after(0, () => this.#becomeReady());
    return restarted;
  }

  async #askToBoot(): Promise<void> {
    const connection = this.#connection;
    this.#askedToBoot = true;
    let accepted = false;
    try {
      const request = { requestedMessage: "BootNotification" };
      const answer = await this.#deps.call("TriggerMessage", request, { priority: CALL_PRIORITY.setup });
      accepted = answer["status"] === "Accepted";
    } catch (error) {
      this.#deps.note(`TriggerMessage: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!accepted && connection === this.#connection && this.#readySinceMs === null) this.#becomeReady();
  }

  #becomeReady(): void {
    this.#clearTimers();
    this.#readySinceMs ??= this.#deps.clock.nowMs();
    this.#deps.ready();
    void this.#setUp();
  }

  /** One at a time on a connection; when that ends, what is left of its set-up goes nowhere. */
  async #setUp(): Promise<void> {
    const connection = this.#connection;
    if (this.#settingUp === connection) return;
    this.#settingUp = connection;
    const isCurrent = (): boolean => connection === this.#connection;
    await setUp({
      ...this.#deps,
      configure: this.#bootAtMs.length < BOOT_LOOP.boots,
      call: (action, payload, options) =>
        isCurrent() ? this.#deps.call(action, payload, options) : Promise.reject(new Error("the connection is gone")),
      note: (text) => isCurrent() && this.#deps.note(text),
    });
    if (this.#settingUp === connection) this.#settingUp = null;
  }

  #after(delayMs: number, callback: () => void): void {
    this.#timers.push(this.#deps.clock.setTimeout(callback, delayMs));
  }

  #clearTimers(): void {
    for (const timer of this.#timers) this.#deps.clock.clear(timer);
    this.#timers = [];
  }
}
