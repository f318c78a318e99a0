import type { Clock, Timer } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { CALL_PRIORITY, type Order } from "../../ocpp/port.ts";
import { type SetUpPort, setUp } from "../setup/set-up.ts";

/** A charge point that sends no BootNotification within this is asked for it, ms. Calls before a boot send some into a boot loop. */
const SILENCE_MS = 5_000;

/** So many boots within the window are a boot loop. Then only profiles are written. */
const BOOT_LOOP = { boots: 3, windowMs: 600_000 } as const;

/** The configuration is not read more often than this, ms. */
const BETWEEN_MS = 60_000;

/** Profiles of other systems are cleared before ours are sent. Our profiles wait for the answer no longer than this, ms. */
const CLEAR_WITHIN_MS = 5_000;

export interface StartUpDeps extends SetUpPort {
  clock: Clock;
  order: Order;
  /** CALLs may be sent from now on: profiles are to be armed. */
  ready: () => void;
  /** What its configuration depends on besides itself: model, overrides, heartbeat. Looked at anew when this changes. */
  wishes: () => string;
  /** It is described: profiles of ours will be on it. */
  described: () => boolean;
}

/**
 * From the open socket to a charge point in service: wait for a boot, ask for one, arm profiles, set up. The whole set-up follows a
 * boot or a change of what is wanted; a mere reconnect arms profiles and asks for states and readings.
 */
export class StartUp {
  readonly #deps: StartUpDeps;
  #timers: Timer[] = [];
  #bootAtMs: number[] = [];
  #askedToBoot = false;
  #readySinceMs: number | null = null;
  #adoptedSinceMs: number | null = null;
  /** The connection is new, and states have not been asked for on it. */
  #statesOpen = false;
  #connection = 0;
  /** Each disconnect, boot and set-up overtakes the set-up before. */
  #run = 0;
  /** The wishes its configuration was last brought in line with; null = it is to be looked at. */
  #configuredFor: string | null = null;
  #configuredAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: StartUpDeps) {
    this.#deps = deps;
  }

  /** Monotonic time since when CALLs may be sent; null before. */
  get readySinceMs(): number | null {
    return this.#readySinceMs;
  }

  /** Monotonic time since when it is described, where that happened on its present connection; else null. */
  get adoptedSinceMs(): number | null {
    return this.#adoptedSinceMs;
  }

  /** It booted so often of late that its configuration is left alone. */
  get bootLoop(): boolean {
    const sinceMs = this.#deps.clock.nowMs() - BOOT_LOOP.windowMs;
    return this.#bootAtMs.filter((atMs) => atMs > sinceMs).length >= BOOT_LOOP.boots;
  }

  /** A node describes the charge point from now on, while it is connected. */
  adopted(): void {
    this.connected(0);
    this.#adoptedSinceMs = this.#deps.clock.nowMs();
  }

  /** @param askAt when to ask for a boot that did not come by itself, ms from now */
  connected(askAtMs = SILENCE_MS): void {
    this.disconnected();
    this.#statesOpen = true;
    const { config, transport } = this.#deps.capabilities.traits;
    const graceMs = transport.bootGraceS * 1000;
    const canAsk = config.triggers.BootNotification !== "no";
    if (askAtMs < graceMs) this.#after(askAtMs, () => (canAsk ? void this.#askToBoot() : this.#becomeReady()));
    this.#after(graceMs, () => this.#becomeReady());
  }

  disconnected(): void {
    this.#connection++;
    this.#run++;
    this.#readySinceMs = null;
    this.#adoptedSinceMs = null;
    this.#askedToBoot = false;
    this.#clearTimers();
  }

  /** A BootNotification was accepted. Returns whether the charge point really started anew: a boot it was asked for is none. */
  booted(): boolean {
    const restarted = !this.#askedToBoot;
    this.#askedToBoot = false;
    const nowMs = this.#deps.clock.nowMs();
    if (restarted) {
      this.#bootAtMs = [...this.#bootAtMs, nowMs].filter((atMs) => atMs > nowMs - BOOT_LOOP.windowMs);
      this.#configuredFor = null;
      this.#run++;
      if (this.bootLoop)
        this.#deps.note(`it booted ${this.#bootAtMs.length} times in 10 minutes; it is not set up again`);
    }
    this.#clearTimers();
    // The confirmation leaves first: a charge point takes no CALL before it.
    this.#after(0, () => this.#becomeReady());
    return restarted;
  }

  /** What is wanted of its configuration may have changed. */
  reconsider(): void {
    if (this.#readySinceMs !== null && this.#configuredFor !== this.#deps.wishes()) void this.#setUp();
  }

  async #askToBoot(): Promise<void> {
    const connection = this.#connection;
    this.#askedToBoot = true;
    let accepted = false;
    try {
      const answer = await this.#deps.order("report", { what: "BootNotification" }, { priority: CALL_PRIORITY.setup });
      accepted = answer["status"] === "Accepted";
    } catch (error) {
      this.#deps.note(`it was asked to report its boot: ${messageOf(error)}`);
    }
    if (accepted || connection !== this.#connection) return;
    this.#askedToBoot = false;
    if (this.#readySinceMs === null) this.#becomeReady();
  }

  #becomeReady(): void {
    this.#clearTimers();
    this.#readySinceMs ??= this.#deps.clock.nowMs();
    void this.#adopt();
    this.#deps.ready();
    void this.#setUp();
  }

  /**
   * A charge point that is served for the first time may hold limits of another system, which would stand above ours: they go just
   * before ours come. A static maximum of the whole charge point only ever lowers, and stays.
   */
  async #adopt(): Promise<void> {
    const { memory, traits } = this.#deps.capabilities;
    if (!this.#deps.described() || memory.profiled !== null || traits.smart.supported === "no") return;
    const connection = this.#connection;
    const clear = async (purpose: string): Promise<void> => {
      const options = { priority: CALL_PRIORITY.lease, timeoutMs: CLEAR_WITHIN_MS };
      try {
        await this.#deps.order("clearProfiles", { purpose }, options);
      } catch (error) {
        if (connection === this.#connection)
          this.#deps.note(`profiles of other systems were to be cleared: ${messageOf(error)}`);
      }
    };
    await Promise.all([clear("TxDefaultProfile"), clear("TxProfile")]);
    if (connection === this.#connection) memory.profiles(this.#deps.connectors());
  }

  /** One set-up runs at a time: a newer set-up takes over, and the remaining steps of the older one are dropped. */
  async #setUp(): Promise<void> {
    if (this.bootLoop) return;
    const { clock } = this.#deps;
    const run = ++this.#run;
    const isCurrent = (): boolean => run === this.#run;
    const wishes = this.#deps.wishes();
    const askForStates = this.#statesOpen;
    this.#statesOpen = false;
    const port: SetUpPort = {
      ...this.#deps,
      call: (action, payload, options) =>
        isCurrent() ? this.#deps.call(action, payload, options) : Promise.reject(new Error("overtaken")),
      note: (text) => isCurrent() && this.#deps.note(text),
    };
    await setUp(port, {
      askForStates,
      configureInMs: () => (this.#configuredFor === wishes ? null : this.#configuredAtMs + BETWEEN_MS - clock.nowMs()),
      pause: (ms) => new Promise((resolve) => this.#after(ms, () => isCurrent() && resolve())),
      configured: () => {
        if (!isCurrent()) return;
        this.#configuredFor = wishes;
        this.#configuredAtMs = clock.nowMs();
      },
    });
  }

  #after(delayMs: number, callback: () => void): void {
    this.#timers.push(this.#deps.clock.setTimeout(callback, Math.max(0, delayMs)));
  }

  #clearTimers(): void {
    for (const timer of this.#timers) this.#deps.clock.clear(timer);
    this.#timers = [];
  }
}
