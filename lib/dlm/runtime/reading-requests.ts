import type { Clock, Timer } from "../../clock.ts";
import { STARTED_MS } from "../../thresholds.ts";
import type { Decision } from "./runtime-types.ts";

/** Chargers are asked so long before a decision, ms: the answer is there by then, and shows the moment that the meter shows. */
const LEAD_MS = 700;
/** So many are asked for one decision, in the order of the tree. */
const MOST_AT_ONCE = 10;
/** One whose start is in doubt after so many questions does not answer in time, and is left alone for a while. */
const MOST_IN_VAIN = 12;
const REST_MS = 900_000;

interface Watched {
  untilMs: number;
  asked: number;
  restUntilMs: number;
}

/**
 * Has chargers say what they draw just before each decision, where a start waits because it could not be told from other load: a charger
 * that answers then counts as one that reports often, so that its car can start wherever its minimum fits once.
 */
export class ReadingRequests {
  readonly #clock: Clock;
  readonly #ask: (connectors: readonly string[]) => void;
  readonly #watched = new Map<string, Watched>();
  #regularMs: number | null = null;
  #timer: Timer | undefined;

  /** @param ask has these connectors (`<identity>/<number>`) tell their current; must not throw */
  constructor(clock: Clock, ask: (connectors: readonly string[]) => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Takes note of a decision. Only those of the regular cycle tell when the next one comes. */
  decided({ regular, result, moment: { nowMs } }: Pick<Decision, "regular" | "result" | "moment">): void {
    if (!regular) return;
    const periodMs = this.#regularMs === null ? null : nowMs - this.#regularMs;
    this.#regularMs = nowMs;
    for (const [id, { limitA, reasons }] of Object.entries(result.setpoints))
      this.#watch(id, limitA === 0 && reasons[0]?.note === "unsure", nowMs);
    for (const id of this.#watched.keys()) if (!Object.hasOwn(result.setpoints, id)) this.#watched.delete(id);
    this.#clock.clear(this.#timer);
    if (this.#watched.size === 0 || periodMs === null) return;
    this.#timer = this.#clock.setTimeout(() => this.#askAll(), Math.max(periodMs - LEAD_MS, periodMs / 2));
  }

  stop(): void {
    this.#clock.clear(this.#timer);
    this.#watched.clear();
  }

  #watch(id: string, inDoubt: boolean, nowMs: number): void {
    const watched = this.#watched.get(id);
    if (!inDoubt) {
      if (watched && nowMs >= Math.max(watched.untilMs, watched.restUntilMs)) this.#watched.delete(id);
      else if (watched) watched.asked = 0;
      return;
    }
    const { asked = 0, restUntilMs = nowMs } = watched ?? {};
    const rests = asked >= MOST_IN_VAIN;
    this.#watched.set(id, {
      untilMs: nowMs + STARTED_MS,
      asked: rests ? 0 : asked,
      restUntilMs: rests ? nowMs + REST_MS : restUntilMs,
    });
  }

  #askAll(): void {
    const nowMs = this.#clock.nowMs();
    const due = [...this.#watched].filter(([, { untilMs, restUntilMs }]) => restUntilMs <= nowMs && nowMs < untilMs);
    const asked = due.slice(0, MOST_AT_ONCE);
    for (const [, watched] of asked) watched.asked++;
    if (asked.length > 0) this.#ask(asked.map(([id]) => id));
  }
}
