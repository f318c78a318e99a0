import type { Clock } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { phaseKeyOf, phaseSwitchOf } from "../station/capabilities/models/phase-ability.ts";
import type { StationHandle } from "../station/types.ts";
import { RETRY_MS } from "./send.ts";

/** So often a key is written for one change. */
const MOST_TRIES = 3;

/**
 * The phases that one connector's charger is told to feed. Most are told in each period of their profiles; one with a key of its own
 * gets that written, once for each change and anew after a restart. What does not work shows in what its car draws.
 */
export class PhaseOrders {
  readonly #station: StationHandle;
  readonly #connector: number;
  readonly #clock: Clock;
  #word: 1 | 3 | undefined;
  /** What the key was written for last; null = it is to be written. */
  #written: 1 | 3 | null = null;
  #tries = 0;
  #retryAtMs = 0;
  #busy = false;

  constructor(station: StationHandle, connector: number, clock: Clock) {
    this.#station = station;
    this.#connector = connector;
    this.#clock = clock;
  }

  /** The phases asked for last; undefined while no number of phases was chosen. */
  get word(): 1 | 3 | undefined {
    return this.#word;
  }

  /** The phases that its profiles say; undefined where they say none, or none were chosen. */
  get inProfiles(): 1 | 3 | undefined {
    const how = phaseSwitchOf(this.#station.traits.smart);
    return how === "charging" || how === "paused" ? this.#word : undefined;
  }

  /** Takes a choice of phases. */
  hear(word: 1 | 3 | undefined): void {
    if (word === this.#word) return;
    this.#word = word;
    this.#tries = 0;
    this.#retryAtMs = 0;
  }

  /** The charge point may have forgotten. */
  reset(): void {
    this.#written = null;
    this.#tries = 0;
    this.#retryAtMs = 0;
  }

  /** Writes the key when that is due. Never throws. */
  pump(): void {
    const { smart } = this.#station.traits;
    const key = phaseSwitchOf(smart) === "key" ? phaseKeyOf(smart) : null;
    const word = this.#word;
    if (!key || word === undefined || word === this.#written || this.#busy) return;
    if (this.#tries >= MOST_TRIES || this.#clock.nowMs() < this.#retryAtMs) return;
    this.#tries++;
    void this.#write(key.key, word === 1 ? key.one : key.three, word);
  }

  async #write(key: string, value: string, word: 1 | 3): Promise<void> {
    this.#busy = true;
    let accepted = false;
    try {
      const options = { priority: CALL_PRIORITY.lease, coalesceKey: `phases/${this.#connector}` };
      accepted = (await this.#station.order("writeKey", { key, value }, options))["status"] === "Accepted";
    } catch {
      // It is written again; the phases count as unknown meanwhile.
    }
    this.#busy = false;
    if (accepted) this.#written = word;
    else this.#retryAtMs = this.#clock.nowMs() + RETRY_MS;
  }
}
