import type { Clock, Timer } from "../clock.ts";
import type { EvError } from "../errors.ts";
import type { ModbusBus } from "./bus.ts";

/** Where contacts stand on a line: that many one behind the other. */
export interface ContactPlace {
  unitId: number;
  /** Coils, discrete inputs, holding or input registers. */
  functionCode: 1 | 2 | 3 | 4;
  address: number;
  /** Of bits or registers that are read together. */
  count: number;
}

export interface ContactReaderOptions extends ContactPlace {
  bus: ModbusBus;
  timeoutMs: number;
  /** Which contacts are closed, by what was read; where it is not said, everything but 0 is a closed contact. */
  toStates?: (words: readonly number[]) => boolean[];
  /** How long a contact has to stand before it counts. */
  debounceMs: number;
  clock: Clock;
  /** Told after every read: what counts now, null while that is unknown. */
  onStates: (closed: readonly boolean[] | null) => void;
  /** Told once, until a read succeeds again. */
  onFailure: (error: EvError) => void;
}

/** Contacts are asked twice within their debounce time, within these bounds, ms. */
const SHORTEST_MS = 100;
const LONGEST_MS = 1000;

/** Lets a state count once it has stood long enough. A state that bounces leaves the last one standing. */
export class Debounce {
  readonly #debounceMs: number;
  #counts: readonly boolean[] | null = null;
  #seen: readonly boolean[] | null = null;
  #sinceMs = 0;

  constructor(debounceMs: number) {
    this.#debounceMs = debounceMs;
  }

  /** @param states null = they could not be read: unknown at once. @returns what counts */
  take(states: readonly boolean[] | null, nowMs: number): readonly boolean[] | null {
    const isSame =
      states !== null && this.#seen !== null && states.every((state, index) => state === this.#seen?.[index]);
    if (!isSame) this.#sinceMs = nowMs;
    this.#seen = states;
    if (states === null) this.#counts = null;
    else if (nowMs - this.#sinceMs >= this.#debounceMs) this.#counts = states;
    return this.#counts;
  }
}

/** Reads contacts over and over. A read that fails makes them unknown at once: the line has asked twice by then. */
export class ContactReader {
  readonly #options: ContactReaderOptions;
  readonly #debounce: Debounce;
  #timer: Timer | undefined;
  #stopped = false;
  #failing = false;

  constructor(options: ContactReaderOptions) {
    this.#options = options;
    this.#debounce = new Debounce(options.debounceMs);
  }

  start(): void {
    void this.#read();
  }

  stop(): void {
    this.#stopped = true;
    this.#options.clock.clear(this.#timer);
  }

  async #read(): Promise<void> {
    const { bus, unitId, functionCode, address, count, timeoutMs, clock, onStates, onFailure } = this.#options;
    const { toStates = notZero } = this.#options;
    let states: boolean[] | null = null;
    try {
      const words = await bus.read({ unitId, functionCode, address, count }, { timeoutMs });
      states = toStates(words);
      this.#failing = false;
    } catch (error) {
      if (!this.#stopped && !this.#failing) onFailure(error as EvError);
      this.#failing = true;
    }
    if (this.#stopped) return;
    onStates(this.#debounce.take(states, clock.nowMs()));
    const pauseMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.#options.debounceMs / 2));
    this.#timer = clock.setTimeout(() => void this.#read(), this.#failing ? LONGEST_MS : pauseMs);
  }
}

function notZero(words: readonly number[]): boolean[] {
  return words.map((word) => word !== 0);
}
