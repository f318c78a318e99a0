import type { Clock, Timer } from "../../clock.ts";

/** Events that come together are answered by one tick, ms. */
const COALESCE_MS = 50;

/** When the control cycle ticks: regularly, soon after something that cannot wait, and once more when something is due. */
export class Pacemaker {
  readonly #clock: Clock;
  readonly #tick: (regular: boolean) => void;
  #cycle: Timer | undefined;
  #cycleS = 0;
  #soon: Timer | undefined;
  #due: Timer | undefined;

  /** @param tick must not throw; `regular` is false between two cycles */
  constructor(clock: Clock, tick: (regular: boolean) => void) {
    this.#clock = clock;
    this.#tick = tick;
  }

  /** Starts, or goes on with another cycle. */
  start(cycleS: number): void {
    if (this.#cycle && this.#cycleS === cycleS) return;
    this.#clock.clear(this.#cycle);
    this.#cycleS = cycleS;
    this.#cycle = this.#clock.setInterval(() => this.#tick(true), cycleS * 1000);
    this.poke();
  }

  /** Ticks soon, once for all requests; nothing before the start. */
  poke(): void {
    if (!this.#cycle || this.#soon) return;
    this.#soon = this.#clock.setTimeout(() => {
      this.#soon = undefined;
      this.#tick(false);
    }, COALESCE_MS);
  }

  /** Calls `look` after this time instead of what was asked for before; null = not at all. */
  lookIn(delayMs: number | null, look: () => void): void {
    this.#clock.clear(this.#due);
    this.#due = delayMs === null ? undefined : this.#clock.setTimeout(look, delayMs);
  }

  get running(): boolean {
    return this.#cycle !== undefined;
  }

  stop(): void {
    for (const timer of [this.#cycle, this.#soon, this.#due]) this.#clock.clear(timer);
    this.#cycle = this.#soon = this.#due = undefined;
  }
}
