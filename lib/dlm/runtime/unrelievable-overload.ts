import { bearsS } from "../../breaker-curve.ts";
import { allowedA } from "../../over-limit.ts";
import { CHARGING_A, OVERLOAD_MS, STOP_EFFECT_MS } from "../../thresholds.ts";
import { hintText, sentence } from "../../words/sentence.ts";
import type { Language, Note } from "../../words/types.ts";
import type { BoardStop } from "../board.ts";
import type { BreakerOver } from "../guard/guard.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { Condition } from "./alarms.ts";
import { amps, type Explanation } from "./explain.ts";

/** This part of what a breaker bears may pass before a charge is stopped. */
const SHARE = 0.5;
/** A breaker that is relieved forgets what it has borne in about so long, s. */
const COOLS_S = 1200;
/** Two decisions lie no further apart than this, s: what was not watched is not counted. */
const MOST_S = 10;
/** A stopped charge has so long to show it, ms, before the next one is stopped; the measures take some time. */
const EFFECT_MS = 60_000;
/** It is said why a connector was stopped until its car has left, or for so long, ms. */
const SAID_FOR_MS = 3_600_000;

/** Troubles of a charger that refuses 0 A, or every limit. */
const REFUSES: ReadonlySet<string> = new Set(["zero", "limits", "unsupported", "unanswered", "outOfService"]);

/** The alarm of a breaker that lowering cannot relieve. @param connector that draws too much */
export function breakerOver(over: BreakerOver, connector: string, language: Language): Condition {
  return {
    kind: "breakerOver",
    subject: `${over.zone}/L${over.phase}`,
    text: hintText(language, why(over, connector)),
  };
}

interface Stopping {
  id: string;
  over: BreakerOver;
  sinceMs: number;
  /** Since when it draws nothing; null while it does. */
  quietMs: number | null;
}

interface Stopped {
  over: BreakerOver;
  atMs: number;
  pluggedAtMs: number | null;
}

/** What one look at the breakers led to. */
export interface LastStops {
  /** The connector that the charging-profile layer is to stop; one at most. */
  stops: ReadonlyMap<string, BoardStop>;
  alarms: Condition[];
}

/**
 * The last resort of one root zone (S7), for a breaker that is over its limit with nothing left to lower. Chargers below it that draw more
 * than their limit, or refuse 0 A, are stopped one at a time, after half of the time that any such breaker bears the current. The next
 * charger follows only when the meter still shows too much after the first has stopped, or the first would not stop.
 */
export class UnrelievableOverloads {
  /** Part of what each phase of a breaker bears that has passed, by zone and phase. */
  #borne = new Map<string, number>();
  #lastMs: number | null = null;
  #stopping: Stopping | null = null;
  /** Chargers that would not stop; forgotten when the breaker is relieved. */
  readonly #inVain = new Set<string>();
  readonly #stopped = new Map<string, Stopped>();

  look(
    beyond: readonly BreakerOver[],
    known: ReadonlyMap<string, ConnectorFacts>,
    setpointA: (id: string) => number,
    nowMs: number,
    language: Language = "en-US",
  ): LastStops {
    this.#bear(beyond, nowMs);
    const guilty = beyond.map((over) => ({
      over,
      ids: over.connectors.filter((id) => maybeStopped(known.get(id), setpointA(id))),
    }));
    if (beyond.length === 0) this.#inVain.clear();
    this.#follow(guilty, known, nowMs);
    this.#stopping ??= this.#next(guilty, nowMs);
    this.#note(known, nowMs);
    const alarms = guilty.flatMap(({ over, ids: [worst] }) =>
      worst === undefined ? [] : [breakerOver(over, worst, language)],
    );
    const now = this.#stopping;
    if (!now || now.quietMs !== null) return { stops: new Map(), alarms };
    const { zone } = now.over;
    return { stops: new Map([[now.id, { zone, text: why(now.over, now.id), atMs: nowMs }]]), alarms };
  }

  /** The same words with why some were stopped. */
  explained(explanations: ReadonlyMap<string, Explanation>, language: Language): ReadonlyMap<string, Explanation> {
    if (this.#stopped.size === 0) return explanations;
    const all = new Map(explanations);
    for (const [id, { over }] of this.#stopped) {
      const found = all.get(id);
      if (!found || found.limitA > 0) continue;
      const { plain: _, ...before } = found;
      const { zone, phase, measuredA, limitA } = over;
      const values = { zone, phase, measured: amps(measuredA), limit: amps(limitA) };
      const told = sentence(language, "load.stoppedForBreaker", values);
      const [first = { code: "OFF" as const }, ...rest] = before.reasons;
      const reasons = [{ ...first, note: "stoppedForBreaker" as const, text: told }, ...rest];
      all.set(id, { ...before, reasons, text: `${amps(0)}: ${told}` });
    }
    return all;
  }

  #bear(beyond: readonly BreakerOver[], nowMs: number): void {
    const passedS = Math.min(MOST_S, (nowMs - (this.#lastMs ?? nowMs)) / 1000);
    this.#lastMs = nowMs;
    const borne = new Map<string, number>();
    for (const [key, share] of this.#borne) if (share > passedS / COOLS_S) borne.set(key, share - passedS / COOLS_S);
    for (const { zone, phase, limitA, measuredA } of beyond) {
      const key = `${zone}/${phase}`;
      const before = this.#borne.get(key);
      borne.set(key, (before ?? 0) + (before === undefined ? OVERLOAD_MS / 1000 : passedS) / bearsS(limitA, measuredA));
    }
    this.#borne = borne;
  }

  /** Follows the charger that is being stopped. */
  #follow(guilty: readonly Guilty[], known: ReadonlyMap<string, ConnectorFacts>, nowMs: number): void {
    const now = this.#stopping;
    if (!now) return;
    const still = guilty.some(({ over }) => over.zone === now.over.zone && over.phase === now.over.phase);
    if (!still) {
      this.#stopping = null;
      return;
    }
    now.quietMs = isQuiet(known.get(now.id), now.sinceMs) ? (now.quietMs ?? nowMs) : null;
    const inVain = nowMs - now.sinceMs >= EFFECT_MS && now.quietMs === null;
    if (inVain) this.#inVain.add(now.id);
    if (inVain || (now.quietMs !== null && nowMs - now.quietMs >= STOP_EFFECT_MS)) this.#stopping = null;
  }

  #next(guilty: readonly Guilty[], nowMs: number): Stopping | null {
    for (const { over, ids } of guilty) {
      if ((this.#borne.get(`${over.zone}/${over.phase}`) ?? 0) < SHARE) continue;
      const id = ids.find((one) => !this.#inVain.has(one));
      if (id !== undefined) return { id, over, sinceMs: nowMs, quietMs: null };
    }
    return null;
  }

  #note(known: ReadonlyMap<string, ConnectorFacts>, nowMs: number): void {
    const now = this.#stopping;
    if (now && !this.#stopped.has(now.id))
      this.#stopped.set(now.id, { over: now.over, atMs: nowMs, pluggedAtMs: known.get(now.id)?.pluggedAtMs ?? null });
    for (const [id, { atMs, pluggedAtMs }] of this.#stopped) {
      const isOther = (known.get(id)?.pluggedAtMs ?? null) !== pluggedAtMs;
      if (now?.id !== id && (isOther || nowMs - atMs > SAID_FOR_MS)) this.#stopped.delete(id);
    }
  }
}

interface Guilty {
  over: BreakerOver;
  /** The connectors that may be stopped for it, the highest draw first. */
  ids: readonly string[];
}

/** A connector may be stopped only if it draws more than its limit, or refuses 0 A (S7). */
function maybeStopped(facts: ConnectorFacts | undefined, setpointA: number): boolean {
  if (!facts || facts.state === "offline") return false;
  const drawA = largest(facts);
  if (drawA <= CHARGING_A) return false;
  if (facts.trouble != null && REFUSES.has(facts.trouble)) return true;
  const limitA = Math.max(setpointA, facts.heldA ?? 0);
  return drawA > allowedA(limitA);
}

/** A reading of since then shows that it draws nothing, or it does not charge any more. */
function isQuiet(facts: ConnectorFacts | undefined, sinceMs: number): boolean {
  if (!facts) return true;
  if (facts.state === "available") return true;
  return (facts.measuredAtMs === null || facts.measuredAtMs > sinceMs) && largest(facts) <= CHARGING_A;
}

function largest({ measuredA }: ConnectorFacts): number {
  return Math.max(0, ...(measuredA ?? []).map((value) => value ?? 0));
}

function why({ zone, phase, limitA, measuredA }: BreakerOver, connector: string): Note {
  const values = { zone, phase, connector, measured: amps(measuredA), limit: amps(limitA) };
  return { code: "alarm.breaker", values };
}
