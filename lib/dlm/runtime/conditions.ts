import { allowedA, disobeys, overSince } from "../../over-limit.ts";
import { OFFLINE_ALARM_MS } from "../../thresholds.ts";
import { hintText, joined, sentence } from "../../words/sentence.ts";
import type { Code, Language } from "../../words/types.ts";
import { connectorsOf } from "../inputs/overrides.ts";
import { isOpen } from "../inputs/signals.ts";
import type { MeterFlaw } from "../meters/plausibility/meter-steps.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { ControllerResult } from "../types.ts";
import type { Condition } from "./alarms.ts";
import { amps } from "./explain.ts";

/** More profiles than this in a day wear out the memory of a charge point that keeps each of them (OCPP 1.6 errata 3.37). */
const MOST_WRITES_A_DAY = 2000;

/** What a meter looks like that does not follow the chargers behind it, and what to look at first. */
const WRONG: Record<MeterFlaw, readonly [text: Code, hint: Code]> = {
  sign: ["alarm.wrongSign", "hint.wrongSign"],
  scale: ["alarm.wrongScale", "hint.wrongScale"],
  order: ["alarm.wrongOrder", "hint.wrongOrder"],
};

interface Watched {
  limitA: number;
  /** Since when this limit holds. */
  sinceMs: number;
  overSinceMs: number | null;
  offlineSinceMs: number | null;
}

/** Who reads what is told. */
interface Readers {
  language: Language;
  called(id: string): string;
}

/** Tells from tick to tick what is wrong with meters and chargers. */
export class ConditionWatch {
  readonly #watched = new Map<string, Watched>();

  /** @param called a connector's id for people */
  look(
    view: SampleView,
    result: ControllerResult,
    nowMs: number,
    language: Language = "en-US",
    called: (id: string) => string = (id) => id,
  ): Condition[] {
    const conditions = [...ofMeters(view, result, language), ...ofBreakers(view, language)];
    const add = (condition: Condition | null) => condition && conditions.push(condition);
    const readers = { language, called };
    for (const facts of view.facts) {
      const watched = this.#follow(
        facts.id,
        result.setpoints[facts.id]?.limitA ?? 0,
        facts.state === "offline",
        drawA(facts.measuredA),
        facts.measuredAtMs,
        nowMs,
      );
      add(ofConnector(facts, watched, nowMs, readers));
      add(ofWrites(facts, readers));
      add(ofPhases(facts.id, view, readers));
      add(ofRotation(facts, view, readers));
    }
    if (this.#watched.size > view.facts.length) this.#forgetOthers(view.facts);
    return conditions;
  }

  #follow(
    id: string,
    limitA: number,
    offline: boolean,
    draw: number | null,
    measuredAtMs: number | null,
    nowMs: number,
  ): Watched {
    const watched = this.#watched.get(id) ?? { limitA, sinceMs: nowMs, overSinceMs: null, offlineSinceMs: null };
    this.#watched.set(id, watched);
    if (limitA < watched.limitA) watched.sinceMs = nowMs;
    watched.limitA = limitA;
    // Until a sample of the new limit comes, what the last one showed of a higher limit stands.
    const counts = measuredAtMs !== null && measuredAtMs > watched.sinceMs;
    const overMs = watched.overSinceMs;
    watched.overSinceMs = offline || draw === null ? null : overSince(overMs, draw, allowedA(limitA), nowMs, counts);
    watched.offlineSinceMs = offline ? (watched.offlineSinceMs ?? nowMs) : null;
    return watched;
  }

  #forgetOthers(facts: readonly Facts[]): void {
    const present = new Set(facts.map(({ id }) => id));
    for (const id of this.#watched.keys()) if (!present.has(id)) this.#watched.delete(id);
  }
}

type Facts = SampleView["facts"][number];

function ofMeters(view: SampleView, result: ControllerResult, language: Language): Condition[] {
  return view.meters.flatMap(({ meter, zone, state, frozen, doubt, ageS }): Condition[] => {
    const found: Condition[] = [];
    const tell = (kind: "meterFrozen" | "meterStale", text: string) => found.push({ kind, subject: meter, text });
    if (doubt) {
      const values = { meter, phase: doubt.phase };
      const [text, hint] = WRONG[doubt.flaw].map((key) => sentence(language, key, values)) as [string, string];
      found.push({ kind: "meterWrong", subject: meter, text, hint });
    } else if (frozen) tell("meterFrozen", sentence(language, "alarm.meterFrozen", { meter }));
    else if (state === "stale" && ageS === null)
      tell("meterStale", sentence(language, "alarm.meterUnheard", { meter }));
    else if (state === "stale")
      tell("meterStale", sentence(language, "alarm.meterStale", { meter, seconds: Math.round(ageS ?? 0) }));
    if (state !== "stale" || !result.target.zones[zone]?.failSafe) return found;
    const current = amps(view.plant.byName.get(zone)?.zone.failSafeA ?? 0);
    const holds = sentence(language, "alarm.failSafe", { zone, current, meter });
    const text = joined(language, [holds, whoStarts(zone, result, language)]);
    return [...found, { kind: "failSafe", subject: zone, text }];
  });
}

/** Breakers that are said to be open, with the chargers that have no power. */
function ofBreakers({ plant, limits }: SampleView, language: Language): Condition[] {
  const open = plant.zones.filter(({ zone }) => isOpen(limits(zone.id)));
  return open.map(({ zone }) => {
    const ids = connectorsOf(plant, zone.id)?.join(", ") || "–";
    return {
      kind: "breakerOpen",
      subject: zone.id,
      text: sentence(language, "alarm.breakerOpen", { zone: zone.id, ids }),
    };
  });
}

/** Whether cars start while the meter of a zone is silent, and why. */
function whoStarts(name: string, { assumptions }: ControllerResult, language: Language): string {
  const silent = assumptions?.silent.find(({ zone }) => zone === name);
  if (!silent) return "";
  if (!silent.known) return sentence(language, "alarm.nothingAssumed");
  const load = amps(Math.max(...silent.loadA));
  return sentence(language, silent.mayRise.includes(false) ? "alarm.noRoom" : "alarm.roomForAll", { load });
}

function ofConnector(facts: Facts, watched: Watched, nowMs: number, readers: Readers): Condition | null {
  const { id, disconnectedA, reservedA } = facts;
  const { language, called } = readers;
  const { limitA, offlineSinceMs, overSinceMs } = watched;
  if (offlineSinceMs !== null) {
    if (nowMs - offlineSinceMs < OFFLINE_ALARM_MS) return null;
    const text = sentence(language, "alarm.away", { id: called(id), current: amps(disconnectedA) });
    return { kind: "chargerOffline", subject: id, text };
  }
  if (reservedA !== null) return uncontrolled(facts, limitA, reservedA, readers);
  if (overSinceMs === null || !disobeys(overSinceMs, nowMs)) return null;
  const seconds = Math.round((nowMs - overSinceMs) / 1000);
  const values = { id: called(id), current: amps(drawA(facts.measuredA) ?? 0), limit: amps(limitA), seconds };
  return {
    kind: "nonCompliant",
    subject: id,
    text: sentence(language, "alarm.draws", values),
    hint: hintOf(facts, language),
  };
}

function ofWrites({ id, writesPerDay = 0 }: Facts, { language, called }: Readers): Condition | null {
  if (writesPerDay <= MOST_WRITES_A_DAY) return null;
  const text = sentence(language, "alarm.writes", { id: called(id), count: writesPerDay });
  return { kind: "manyWrites", subject: id, text };
}

/** It was told another number of phases, and goes on with those it has. */
function ofPhases(id: string, view: SampleView, { language, called }: Readers): Condition | null {
  const word = view.phases(id);
  if (!word?.failed) return null;
  const text = sentence(language, word.phases === 1 ? "alarm.keptOne" : "alarm.keptThree", { id: called(id) });
  return { kind: "phasesKept", subject: id, text };
}

/** It draws on another phase than its rotation says. */
function ofRotation({ id, wiring }: Facts, view: SampleView, { language, called }: Readers): Condition | null {
  const phase = view.strayedTo(id);
  if (phase === null) return null;
  const values = { id: called(id), phase: phase + 1, rotation: wiring.rotation };
  const text = sentence(language, "alarm.rotation", values);
  return { kind: "phasesMistaken", subject: id, text };
}

/** Online, and reserved instead of allocated (S7). */
function uncontrolled(facts: Facts, limitA: number, reservedA: number, { language, called }: Readers): Condition {
  const { id: subject, trouble, measuredA } = facts;
  const id = called(subject);
  const hint = hintOf(facts, language);
  const draw = drawA(measuredA);
  const current = amps(reservedA);
  switch (trouble) {
    case "outOfService":
      return {
        kind: "outOfService",
        subject,
        text: sentence(language, "alarm.outOfService", { id, current }),
        hint,
      };
    case "nonCompliant": {
      const isOver = draw !== null && draw > limitA;
      const text = isOver
        ? sentence(language, "alarm.drawsAnyway", { id, draw: amps(draw), current })
        : sentence(language, "alarm.drew", { id, current });
      return { kind: "nonCompliant", subject, text, hint };
    }
    default:
      return { kind: "notControllable", subject, text: sentence(language, "alarm.refuses", { id, current }), hint };
  }
}

function hintOf({ hint = null }: Facts, language: Language): string | null {
  return hint === null ? null : hintText(language, hint);
}

function drawA(measuredA: readonly (number | null)[] | null): number | null {
  let mostA: number | null = null;
  for (const currentA of measuredA ?? []) if (currentA !== null) mostA = Math.max(mostA ?? currentA, currentA);
  return mostA;
}
