/** One source of limits from outside, as a state that time and messages move. Pure but for the memory it keeps. */
import { EvError, inShort } from "../../../errors.ts";
import type { JsonValue } from "../../../units.ts";
import { sentence } from "../../../words/sentence.ts";
import type { Language } from "../../../words/types.ts";
import { readContact, saysUnknown } from "./contact.ts";
import { windowsAt } from "./schedule.ts";
import type { Lowering, OutsideLimit, OutsideSettings, ScheduleWindow } from "./types.ts";

/** What was heard last. `untilMs` is monotonic; null = no end of its own. */
interface Heard extends Lowering {
  closed: boolean | null;
  atMs: number;
  untilMs: number | null;
  reason: string;
  /** Of an FNN control box. */
  feedInPercent?: number | null;
}

interface Moment {
  nowMs: number;
  wallMs: number;
}

/** A clock that says an earlier year has not been set since the machine started. */
const CLOCK_KNOWN_MS = Date.UTC(2024, 0, 1);
/** A limit beyond this is no number of a breaker, A or W. */
const LARGEST = 1e9;
const NOTHING: Lowering = { limitA: null, powerW: null };

export class OutsideSource {
  #settings: OutsideSettings;
  #heard: Heard | null = null;

  /** @param saved an earlier `save()`: a limit heard before a restart goes on, a release does not (S11) */
  constructor(settings: OutsideSettings, saved: JsonValue | undefined, moment: Moment) {
    this.#settings = settings;
    this.#restore(saved, moment);
  }

  /** Other settings; what was heard by the same kind of source stays known. */
  configure(settings: OutsideSettings): void {
    if (settings.kind !== this.#settings.kind) this.#heard = null;
    this.#settings = settings;
  }

  /**
   * Takes the payload of a message.
   * @throws EvError EV_MESSAGE_INVALID when it cannot be read; the source is unknown from then on
   */
  input(payload: unknown, { nowMs }: Moment): void {
    const { kind } = this.#settings;
    if (kind === "schedule") throw wrong("payload", "absent: a schedule takes no messages", payload);
    try {
      const read = this.#settings.purpose === "fnn" ? readControlBox : readState;
      const value = kind === "contact" ? read(payload, this.#settings.normallyClosed) : readCommand(kind, payload);
      const untilMs = value.ttlS === null ? null : nowMs + value.ttlS * 1000;
      this.#heard = value.unknown ? null : { ...value, atMs: nowMs, untilMs };
    } catch (error) {
      if (kind === "contact") this.#heard = null;
      else if (this.#heard) this.#heard = { ...this.#heard, atMs: Number.NEGATIVE_INFINITY };
      throw error;
    }
  }

  /** What holds now. @param language the language of its reason */
  word(moment: Moment, language: Language = "en-US"): OutsideLimit {
    switch (this.#settings.kind) {
      case "contact":
        return this.#byContact(moment.nowMs, language);
      case "schedule":
        return this.#bySchedule(moment.wallMs, language);
      default:
        return this.#byCommand(moment.nowMs, language);
    }
  }

  /** What to remember over a restart: a limit that was commanded and has not ended. */
  save({ nowMs, wallMs }: Moment): JsonValue {
    const heard = this.#heard;
    if (!heard || heard.closed !== null || (heard.limitA === null && heard.powerW === null)) return null;
    const { limitA, powerW, reason, untilMs } = heard;
    return { limitA, powerW, reason, untilWallMs: untilMs === null ? null : wallMs + untilMs - nowMs };
  }

  #restore(saved: JsonValue | undefined, { nowMs, wallMs }: Moment): void {
    if (typeof saved !== "object" || saved === null || Array.isArray(saved)) return;
    const { limitA = null, powerW = null, reason, untilWallMs } = saved;
    if (typeof (limitA ?? powerW) !== "number" || !["power", "current"].includes(this.#settings.kind)) return;
    const untilMs = typeof untilWallMs === "number" ? nowMs + untilWallMs - wallMs : null;
    if (untilMs !== null && untilMs <= nowMs) return;
    const values = { limitA: limitA as number | null, powerW: powerW as number | null };
    this.#heard = { ...values, closed: null, atMs: nowMs, untilMs, reason: typeof reason === "string" ? reason : "" };
  }

  #byContact(nowMs: number, language: Language): OutsideLimit {
    const { normallyClosed, purpose, running } = this.#settings;
    const heard = this.#isStale(nowMs) ? null : this.#heard;
    const known = heard !== null;
    const active = known && heard.closed !== normallyClosed;
    const why = sentence(
      language,
      known ? (active ? "load.outsideActive" : "load.outsideInactive") : "load.outsideUnknown",
    );
    if (purpose === "breaker")
      return active
        ? {
            limitA: 0,
            powerW: null,
            holdStarts: false,
            known,
            reason: sentence(language, "load.outsideBreaker"),
            breakerOpen: true,
          }
        : { ...free(), known };
    if (purpose === "fnn") {
      const { feedInPercent = null } = heard ?? {};
      return {
        ...(known && !active ? free() : { ...this.#own(), holdStarts: false, known, reason: why }),
        feedInPercent,
      };
    }
    if (purpose === "permit") {
      if (active) return free();
      const stop = running === "stop";
      const reason = sentence(language, "load.outsideForbidden", { why });
      return { limitA: stop ? 0 : null, powerW: null, holdStarts: !stop, known, reason };
    }
    if (known && !active) return free();
    if (purpose === "delay")
      return {
        limitA: 0,
        powerW: null,
        holdStarts: false,
        known,
        reason: sentence(language, "load.outsideDelayed", { why }),
      };
    return { ...this.#own(), holdStarts: false, known, reason: why };
  }

  #bySchedule(wallMs: number, language: Language): OutsideLimit {
    const { schedule, timeZone } = this.#settings;
    const known = wallMs >= CLOCK_KNOWN_MS;
    const windows = known ? windowsAt(schedule, wallMs, timeZone) : schedule;
    if (windows.length === 0) return free();
    const values = windows.map((window) => this.#valuesOf(window));
    const reason = sentence(language, known ? "load.outsideSchedule" : "load.outsideTimeless");
    return { limitA: least(values, "limitA"), powerW: least(values, "powerW"), holdStarts: false, known, reason };
  }

  #valuesOf({ limitA, powerW }: ScheduleWindow): Lowering {
    return limitA === null && powerW === null ? this.#own() : { limitA, powerW };
  }

  #byCommand(nowMs: number, language: Language): OutsideLimit {
    const heard = this.#heard;
    const ended = heard !== null && heard.untilMs !== null && nowMs >= heard.untilMs;
    if (heard && !ended && !this.#isStale(nowMs)) {
      const { limitA, powerW, reason } = heard;
      return {
        limitA,
        powerW,
        holdStarts: false,
        known: true,
        reason: reason || sentence(language, "load.outsideCommanded"),
      };
    }
    const own = this.#own();
    const hasOwn = own.limitA !== null || own.powerW !== null;
    if (ended && !hasOwn) return free();
    const last = heard ? { limitA: heard.limitA, powerW: heard.powerW } : NOTHING;
    const why = heard === null ? "load.outsideUnheard" : ended ? "load.outsideEnded" : "load.outsideSilent";
    return { ...(hasOwn ? own : last), holdStarts: false, known: false, reason: sentence(language, why) };
  }

  /** Silent for longer than allowed, or last heard something that could not be read. */
  #isStale(nowMs: number): boolean {
    const { staleAfterS } = this.#settings;
    const ageMs = this.#heard ? nowMs - this.#heard.atMs : 0;
    return ageMs === Number.POSITIVE_INFINITY || (staleAfterS > 0 && ageMs > staleAfterS * 1000);
  }

  #own(): Lowering {
    const { limitA, powerW } = this.#settings;
    return { limitA, powerW };
  }
}

function free(): OutsideLimit {
  return { limitA: null, powerW: null, holdStarts: false, known: true, reason: "" };
}

interface Read extends Lowering {
  unknown: boolean;
  closed: boolean | null;
  ttlS: number | null;
  reason: string;
}

function readState(payload: unknown): Read {
  const closed = readContact(payload);
  const unknown = closed === null && saysUnknown(payload);
  if (closed === null && !unknown) throw wrong("payload", "true or false, 1 or 0, on or off, closed or open", payload);
  return { ...NOTHING, unknown, closed, ttlS: null, reason: "" };
}

/** What each contact of an FNN control box leaves the feed-in, %, the strictest first. */
const FEED_IN: readonly [contact: number, percent: number][] = [
  [0, 0],
  [2, 30],
  [1, 60],
];
const BOX = ["w3", "s1", "s2", "w4"] as const;

/** The four contacts of an FNN control box, `{w3, s1, s2, w4}` or a list in that order: W4 lowers, the others cap the feed-in. */
function readControlBox(payload: unknown, normallyClosed: boolean): Read & { feedInPercent: number | null } {
  if (saysUnknown(payload)) return { ...readState(null), feedInPercent: null };
  if (typeof payload !== "object" || payload === null)
    throw wrong("payload", "{w3, s1, s2, w4} or a list of these four", payload);
  const fields = payload as Record<string, unknown>;
  const states = BOX.map((name, index) => readState(Array.isArray(payload) ? payload[index] : fields[name]).closed);
  const [active] = FEED_IN.filter(([contact]) => states[contact] === !normallyClosed);
  const isUnknown = states.slice(0, 3).includes(null);
  return { ...readState(states[3]), feedInPercent: isUnknown ? null : (active?.[1] ?? 100) };
}

/** A number, `{ powerW | limitA, ttlS, reason }`, or null to release. */
function readCommand(kind: "power" | "current", payload: unknown): Read {
  const name = kind === "power" ? "powerW" : "limitA";
  const none = { ...NOTHING, unknown: false, closed: null, ttlS: null, reason: "" };
  if (payload === null) return none;
  if (typeof payload !== "object") return { ...none, [name]: numberOf("payload", payload) };
  const fields = payload as Record<string, unknown>;
  const value = fields[name];
  if (value === undefined) throw wrong(`payload.${name}`, "a number, or null to release the limit", value);
  const ttlS =
    fields["ttlS"] === undefined || fields["ttlS"] === null ? null : numberOf("payload.ttlS", fields["ttlS"]);
  const reason = typeof fields["reason"] === "string" ? fields["reason"] : "";
  return { ...none, [name]: value === null ? null : numberOf(`payload.${name}`, value), ttlS, reason };
}

function numberOf(field: string, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && number >= 0 && number <= LARGEST) return number;
  throw wrong(field, "a number, 0 or more, or null to release the limit", value);
}

function wrong(field: string, mustBe: string, found: unknown): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${field} is ${inShort(found)}; it must be ${mustBe}`);
}

function least(values: readonly Lowering[], name: keyof Lowering): number | null {
  const known = values.map((value) => value[name]).filter((value) => value !== null);
  return known.length ? Math.min(...known) : null;
}
