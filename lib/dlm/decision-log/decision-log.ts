import type { Clock } from "../../clock.ts";
import { isoTime } from "../../clock.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { fields, invalid } from "../inputs/input-fields.ts";
import { localTime, readTime } from "../inputs/outside/schedule.ts";
import { whatWouldHelp } from "../runtime/counterfactual.ts";
import { amps, type Explanation, timeOfDay } from "../runtime/explain.ts";
import type { CycleDecision } from "../runtime/runtime-types.ts";
import type { Reason } from "../types.ts";
import { type Change, Changes, type ToldNote } from "./changes.ts";
import { History, type HistoryNote, type HistorySlot } from "./history.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { DecisionRecorder } from "./recorder.ts";
import type { Recording } from "./recording.ts";
import { replay } from "./replay.ts";
import { readChange } from "./replay-change.ts";
import { type ReplayReport, ReplaySum } from "./replay-report.ts";

/** Why a connector has, or had, what it has. Times are ISO 8601 UTC, currents A per phase. */
export interface WhyAnswer {
  topic: string;
  chargePoint: string;
  connector: number;
  payload: {
    /** The moment that was asked for. */
    at: string;
    /** In a sentence; that nothing is known of that moment, too. */
    text: string;
    /** The whole chain, the binding one first; only for the present. */
    reasons: Reason[] | null;
    /** What would give it more; only for the present. */
    wouldHelp: string[];
    /** The hour around that moment in slots of five minutes, oldest first. */
    history: (Omit<HistorySlot, "fromWallMs" | "toWallMs"> & { from: string; to: string })[];
    /** Every change of its setpoint and of the phases its charger was told in that hour, oldest first. */
    changes: (Omit<Change, "atWallMs" | "untilWallMs"> & { t: string; until: string; connector: string })[];
  };
}

export interface ReplayAnswer {
  topic: "replay";
  payload: ReplayReport;
}

export interface RecordingAnswer {
  topic: "recording";
  payload: Recording;
}

export type DecisionLogAnswer = WhyAnswer | ReplayAnswer | RecordingAnswer;

const HALF_HOUR_MS = 1_800_000;
/** The present is what is not older than this, ms. */
const PRESENT_MS = 60_000;
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** A replay of more connectors times decisions than this takes too long beside the control. */
const MOST_WORK = 400_000;
/** A replay gives way to the control after so long, ms. */
const SLICE_MS = 8;

/** Whether a message asks about the past: topic `why/<connector>`, `replay` or `recording`. */
export function isDecisionLogRequest(message: { topic?: unknown }): boolean {
  return typeof message.topic === "string" && /^(why\/.|(replay|recording)$)/.test(message.topic);
}

/** What one load management decided and why: notes every decision, and answers questions about them. */
export class DecisionLog {
  readonly #clock: Clock;
  readonly #history: History;
  readonly #changes: Changes;
  readonly #recorder: DecisionRecorder;
  readonly #language: () => Language;
  readonly #timeZone: () => string;
  #last: CycleDecision | null = null;

  /**
   * @param language the language of the answers
   * @param timeZone whose clocks times of day are meant by; empty = that of this machine
   */
  constructor(
    clock: Clock,
    store: KeyValueStore,
    language: () => Language = () => "en-US",
    timeZone: () => string = () => "",
  ) {
    this.#clock = clock;
    this.#language = language;
    this.#timeZone = timeZone;
    this.#history = new History(store);
    this.#changes = new Changes(store);
    this.#recorder = new DecisionRecorder(store);
  }

  decided(decision: CycleDecision): void {
    this.#last = decision;
    const { view, result, moment, explanations, settings, memory } = decision;
    this.#history.note(notesOf(decision), moment.wallMs);
    this.#changes.note(newsIn(decision, this.#changes), moment.wallMs);
    this.#recorder.note({
      ...moment,
      snapshot: view.snapshot,
      setpoints: () =>
        new Map([...explanations].map(([id, { limitA }]) => [id, result.setpoints[id]?.limitA ?? limitA])),
      config: settings,
      memory: () => memory.state(),
    });
  }

  /** Answers a request. @throws EvError EV_MESSAGE_INVALID naming the field */
  async answer(message: { topic?: unknown; payload?: unknown }): Promise<DecisionLogAnswer> {
    const topic = String(message.topic);
    if (topic.startsWith("why/")) return this.#why(topic.slice("why/".length), message.payload);
    const payload = message.payload === undefined || message.payload === "" ? {} : fields(message.payload, "payload");
    const nowMs = this.#clock.wallMs();
    const toWallMs = this.#time(payload["to"], "payload.to") ?? nowMs;
    const fromWallMs = this.#time(payload["from"], "payload.from") ?? toWallMs - QUARTER_MS;
    const root = this.#last?.view.plant.zones[0]?.root ?? "";
    const recording = this.#recorder.between(root, fromWallMs, toWallMs);
    if (topic === "recording") return { topic, payload: recording };
    const change = readChange(payload["change"]);
    return { topic: "replay", payload: await this.#replay(recording, change, fromWallMs, toWallMs) };
  }

  /** Saves what is not saved yet. */
  close(): void {
    this.#history.save(this.#clock.wallMs());
    this.#changes.save();
    this.#recorder.save();
  }

  #why(id: string, asked: unknown): WhyAnswer {
    const place = this.#last?.view.plant.connectors.find((one) => one.id === id);
    if (!place)
      throw invalid("topic", "why/<charge point>/<connector number> of a charge point in a zone", `why/${id}`);
    const at = typeof asked === "object" && asked !== null ? (asked as { at?: unknown }).at : asked;
    const nowMs = this.#clock.wallMs();
    const atMs = this.#time(at, "payload.at") ?? nowMs;
    const [fromMs, toMs] = [atMs - HALF_HOUR_MS, Math.min(nowMs, atMs + HALF_HOUR_MS)];
    const slots = this.#history.between(id, fromMs, toMs);
    const isPresent = Math.abs(nowMs - atMs) <= PRESENT_MS;
    const { explanations, view, result } = this.#last!;
    const explanation = isPresent ? explanations.get(id) : undefined;
    const slot = slots.find(({ fromWallMs, toWallMs }) => fromWallMs <= atMs && atMs < toWallMs);
    return {
      topic: `why/${id}`,
      chargePoint: place.chargePoint,
      connector: place.connector,
      payload: {
        at: isoTime(atMs),
        text:
          explanation?.text ??
          (slot ? slotText(slot, this.#language(), this.#timeZone()) : sentence(this.#language(), "load.nothingKnown")),
        reasons: explanation?.reasons ?? null,
        wouldHelp: explanation ? whatWouldHelp(view, result.setpoints, id, this.#language()) : [],
        history: slots.map(({ fromWallMs, toWallMs, ...rest }) => ({
          from: isoTime(fromWallMs),
          to: isoTime(toWallMs),
          ...rest,
        })),
        changes: this.#changes.between(id, fromMs, toMs).map(({ atWallMs, untilWallMs, ...rest }) => ({
          t: isoTime(atWallMs),
          until: isoTime(untilWallMs),
          connector: id,
          ...rest,
        })),
      },
    };
  }

  async #replay(
    recording: Recording,
    change: ReturnType<typeof readChange>,
    fromWallMs: number,
    toWallMs: number,
  ): Promise<ReplayReport> {
    const ticks = recording.parts.reduce((sum, part) => sum + part.ticks.length, 0);
    if (ticks * (this.#last?.explanations.size ?? 1) > MOST_WORK)
      throw invalid(
        "payload.from",
        "closer to payload.to; or ask for the recording and replay it elsewhere",
        "a long time",
      );
    const sum = new ReplaySum();
    let sliceFromMs = this.#clock.nowMs();
    for (const step of steps(recording, change)) {
      if (step.wallMs >= fromWallMs && step.wallMs <= toWallMs) sum.add(step);
      if (this.#clock.nowMs() - sliceFromMs < SLICE_MS) continue;
      await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, 1));
      sliceFromMs = this.#clock.nowMs();
    }
    return sum.report();
  }

  /** ISO 8601, ms since 1970, or `18:20`: that time of day, the last one there was. null = not given. */
  #time(value: unknown, field: string): number | null {
    if (value === undefined || value === null || value === "") return null;
    const minute = readTime(value);
    if (minute !== null) return lastAt(minute % DAY_MINUTES, this.#clock.wallMs(), this.#timeZone());
    const wallMs = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(wallMs) && Math.abs(wallMs) < 8.64e15) return wallMs;
    throw invalid(field, "a time such as 18:20 or 2026-06-01T18:20:00Z", value);
  }
}

/** When the clocks of a place last showed that minute of the day. */
function lastAt(minute: number, nowWallMs: number, timeZone: string): number {
  const startOfMinuteMs = Math.floor(nowWallMs / MINUTE_MS) * MINUTE_MS;
  const sinceMin = (localTime(nowWallMs, timeZone).minute - minute + DAY_MINUTES) % DAY_MINUTES;
  const atMs = startOfMinuteMs - sinceMin * MINUTE_MS;
  // Where the clocks were changed in between, it was an hour earlier or later.
  const offMin = ((localTime(atMs, timeZone).minute - minute + 1.5 * DAY_MINUTES) % DAY_MINUTES) - DAY_MINUTES / 2;
  return atMs - offMin * MINUTE_MS;
}

/** Steps of a replay; a setting that makes no sense is the sender's mistake. */
function* steps(recording: Recording, change: ReturnType<typeof readChange>): ReturnType<typeof replay> {
  try {
    yield* replay(recording, change);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw invalid("payload.change", "settings that make sense", error.message);
    throw error;
  }
}

function* notesOf({ view, explanations }: CycleDecision): Generator<HistoryNote> {
  // Connectors that are bound alike share an explanation.
  const words = new Map<Explanation, Pick<HistoryNote, "key" | "text">>();
  for (const { id, measuredA, state } of view.facts) {
    const explanation = explanations.get(id);
    if (!explanation) continue;
    const { limitA } = explanation;
    const drawA = state === "offline" || !measuredA ? null : largestOf(measuredA);
    const why = words.get(explanation) ?? whyOf(explanation);
    words.set(explanation, why);
    yield { id, limitA, drawA, key: why.key, text: why.text };
  }
}

/** The binding reason of an explanation without the current. */
function whyOf({ reasons: [first], text }: Explanation): Pick<HistoryNote, "key" | "text"> {
  const key = `${first?.code}/${first?.zone ?? ""}/${first?.phase ?? ""}`;
  return { key, text: text.replace(/^[^:]*: /, "") };
}

function largestOf(measuredA: readonly (number | null)[]): number {
  let mostA = 0;
  for (const currentA of measuredA) mostA = Math.max(mostA, currentA ?? 0);
  return mostA;
}

/** What connectors are told that were told something else before, with the row that holds them. */
function* newsIn({ explanations, result }: CycleDecision, changes: Changes): Generator<ToldNote> {
  const { zones } = result.target;
  for (const [id, { limitA, phases, reasons, text }] of explanations) {
    if (!changes.isNews(id, limitA, phases)) continue;
    const { code = "MAX", zone, phase } = reasons[0] ?? {};
    const row = zone !== undefined && phase !== undefined ? zones[zone] : undefined;
    const [capacityA, loadA] = row ? [row.capacityA[phase! - 1]!, row.loadA[phase! - 1]!] : [null, null];
    yield { id, limitA, phases, code, ...(zone && { zone }), ...(phase && { phase }), capacityA, loadA, text };
  }
}

/** `18:20 to 18:25: 6 to 8 A, drew 6 A: L2 of zone garage is full (63 A)`. */
function slotText(slot: HistorySlot, language: Language, timeZone: string): string {
  const { fromWallMs, toWallMs, minA, maxA, drawA, text, also } = slot;
  const [from, to] = [timeOfDay(fromWallMs, timeZone), timeOfDay(toWallMs, timeZone)];
  const limit = minA === maxA ? amps(minA) : sentence(language, "load.slotRange", { least: minA, most: amps(maxA) });
  const why = also === null ? text : sentence(language, "load.slotAlso", { why: text, also });
  if (drawA === null) return sentence(language, "load.slot", { from, to, limit, why });
  return sentence(language, "load.slotDrew", { from, to, limit, drawn: amps(drawA), why });
}
