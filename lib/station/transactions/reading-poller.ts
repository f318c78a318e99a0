import type { Clock, Timer } from "../../clock.ts";
import type { CycleDecision } from "../../dlm/runtime/runtime-types.ts";
import { CALL_PRIORITY } from "../../ocpp/port.ts";
import type { LimitReport } from "../../profile/types.ts";
import { FOLLOWED_MS, STARTED_MS } from "../../thresholds.ts";
import type { StationChange, StationHandle } from "../types.ts";

/** A reading is asked for so long after a charger and its car have followed a raised limit, ms. */
const AFTER_FOLLOWED_MS = 500;
/** Chargers are asked so long before a decision, ms: the answer is there by then, and shows the moment that the meter shows. */
const LEAD_MS = 700;
/** So many are asked for one decision, in the order of the tree. */
const MOST_AT_ONCE = 10;
/** A connector whose start is in doubt after so many questions is left alone for a while: its charger does not answer in time. */
const MOST_IN_VAIN = 12;
const REST_MS = 900_000;

/**
 * What chargers are asked for: after so many refusals in a row a charge point is not asked again until it comes back, and a limit may wait
 * behind the question for so long, ms (where nothing stands, as behind every question).
 */
const QUESTIONS = {
  /** A start waits because it could not be told from other load. A later answer would be of no use. */
  start: { mostRefusals: 2, wait: { timeoutMs: 2000 } },
  /** A limit was raised. */
  raise: { mostRefusals: 2, wait: {} },
  /** A draw is above its limit. */
  overLimit: { mostRefusals: Number.POSITIVE_INFINITY, wait: {} },
} as const;

export type ReadingPurpose = keyof typeof QUESTIONS;

type Asked = Pick<StationHandle, "identity" | "online" | "traits" | "connectors" | "order">;

interface AskedStations {
  get(identity: string): Asked | undefined;
  onChange(listener: (change: StationChange) => void): () => void;
}

/**
 * Asks chargers what they draw at the moment (OCPP 1.6 §5.17), where the next regular reading, which may be a minute away, is too late.
 * One question of a connector is out at a time. Connectors are given as `<identity>/<number>`.
 */
export class ReadingPoller {
  readonly #stations: AskedStations;
  readonly #clock: Clock;
  readonly #out = new Set<string>();
  /** Refusals in a row, by charge point and question. */
  readonly #refusals = new Map<string, Partial<Record<ReadingPurpose, number>>>();
  readonly #acceptedA = new Map<string, number>();
  readonly #raised = new Map<string, Timer>();

  constructor(stations: AskedStations, clock: Clock) {
    this.#stations = stations;
    this.#clock = clock;
    stations.onChange(({ kind, chargePoint }) => {
      if (kind === "online" || kind === "removed") this.#refusals.delete(chargePoint);
    });
  }

  /** Asks, unless the charger is away, does not answer such questions, or has one to answer. Never throws. */
  ask(id: string, question: ReadingPurpose): void {
    const slash = id.lastIndexOf("/");
    const connector = Number(id.slice(slash + 1));
    const station = this.#stations.get(id.slice(0, slash));
    if (!station?.online || !answersReadings(station, connector) || this.#out.has(id)) return;
    const { mostRefusals, wait } = QUESTIONS[question];
    const refusals = this.#refusals.get(station.identity) ?? {};
    if ((refusals[question] ?? 0) >= mostRefusals) return;
    this.#refusals.set(station.identity, refusals);
    this.#out.add(id);
    const note = (accepted: boolean): void => {
      this.#out.delete(id);
      refusals[question] = accepted ? 0 : (refusals[question] ?? 0) + 1;
    };
    const options = { priority: CALL_PRIORITY.poll, ...wait };
    station.order("report", { what: "MeterValues", connector }, options).then(
      (answer) => note(answer["status"] === "Accepted"),
      () => note(false),
    );
  }

  /**
   * Takes note of a limit. Once a charger has followed a raised one in a zone it is asked: until a reading shows the rise, a meter that
   * includes the charger shows it as background, and all others have to wait.
   */
  limited({ chargePoint, connector, zone, result }: LimitReport): void {
    if (result.status !== "accepted" || result.acceptedA === null) return;
    const id = `${chargePoint}/${connector}`;
    const isRaised = result.acceptedA > (this.#acceptedA.get(id) ?? 0);
    this.#acceptedA.set(id, result.acceptedA);
    if (!isRaised || zone === null || this.#raised.has(id)) return;
    const due = () => {
      this.#raised.delete(id);
      this.ask(id, "raise");
    };
    this.#raised.set(id, this.#clock.setTimeout(due, FOLLOWED_MS + AFTER_FOLLOWED_MS));
  }

  /** Starts to follow the decisions of one load management. */
  starts(): StartQuestions {
    return new StartQuestions(this.#clock, (ids) => {
      for (const id of ids) this.ask(id, "start");
    });
  }

  close(): void {
    for (const timer of this.#raised.values()) this.#clock.clear(timer);
    this.#raised.clear();
  }
}

/** Whether nothing is known against asking it what it draws; some answer only while a transaction runs. */
function answersReadings({ traits, connectors }: Asked, connector: number): boolean {
  const works = traits.config.triggers.MeterValues ?? "yes";
  return works === "yes" || (works === "charging" && (connectors.get(connector)?.transaction ?? null) !== null);
}

interface Watched {
  untilMs: number;
  asked: number;
  restUntilMs: number;
}

/**
 * Has chargers say what they draw just before each decision, where a start waits because it could not be told from other load: a charger
 * that answers then counts as a charger that reports often, so that its car can start wherever its minimum fits once.
 */
export class StartQuestions {
  readonly #clock: Clock;
  readonly #ask: (ids: readonly string[]) => void;
  readonly #watched = new Map<string, Watched>();
  #regularMs: number | null = null;
  #timer: Timer | undefined;

  /** @param ask has these connectors tell their current; must not throw */
  constructor(clock: Clock, ask: (ids: readonly string[]) => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Takes note of a decision. Only those of the regular cycle tell when the next one comes. */
  decided({ regular, result, moment: { nowMs } }: Pick<CycleDecision, "regular" | "result" | "moment">): void {
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
