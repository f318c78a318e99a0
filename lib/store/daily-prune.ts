import type { Clock } from "../clock.ts";
import type { PruneCut } from "./books/transaction-prune.ts";
import type { Store } from "./types.ts";

const DAY_MS = 86_400_000;
/** How often it is looked, and how soon after the start: when the site has settled. */
const LOOK_MS = 3_600_000;

/** As long as the log of commands and the alarms. */
const KEPT_MS = 400 * DAY_MS;
/** As sessions: what is younger may still be in a report that waits. */
const YOUNGEST_MS = 40 * DAY_MS;

/**
 * Forgets old transactions once a day, a slice at a time: those whose session a person had forgotten, and whatever has ended more than
 * 400 days ago. No charge point reports a message of theirs again, so that each start keeps its one id.
 */
export class DailyPrune {
  readonly #store: Pick<Store, "durably" | "pruneTransactions" | "pruneStrayStops">;
  readonly #clock: Clock;
  readonly #stop: () => void;
  #prunedAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(store: Pick<Store, "durably" | "pruneTransactions" | "pruneStrayStops">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const timer = clock.setInterval(() => void this.look(), LOOK_MS);
    this.#stop = () => clock.clear(timer);
  }

  /** Forgets what is due; resolves when it is done. Never rejects: the store tells its own failures, and the next look tries again. */
  async look(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#prunedAtMs < DAY_MS) return;
    this.#prunedAtMs = nowMs;
    try {
      await this.#prune();
    } catch {
      this.#prunedAtMs = Number.NEGATIVE_INFINITY;
    }
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  async #prune(): Promise<void> {
    const wallMs = this.#clock.wallMs();
    const cut: PruneCut = { sessionGoneWallMs: wallMs - YOUNGEST_MS, anyWallMs: wallMs - KEPT_MS };
    const store = this.#store;
    let after: number | null = 0;
    while (after !== null && !this.#closed) {
      const from: number = after;
      after = await store.durably(() => store.pruneTransactions(cut, from));
    }
    let more = true;
    while (more && !this.#closed) more = await store.durably(() => store.pruneStrayStops(cut));
  }
}
