import type { Condition } from "../alarm/alarms.ts";
import { amps } from "./explain.ts";
import type { MeterFlaw } from "./meter-steps.ts";
import type { SampleView } from "./samples.ts";
import type { ControllerResult } from "./types.ts";
import { phaseName } from "./wiring.ts";

/** A charger away for less than this is no alarm: it may be starting. */
const OFFLINE_AFTER_MS = 60_000;
/** Drawing above its limit by more than this, for this long, with samples taken since, is not obeying (S7). */
const TOLERANCE_A = 1;
const TOLERANCE_SHARE = 0.1;
const OVER_AFTER_MS = 30_000;
/** More profiles than this in a day wear out the memory of a charge point that keeps each of them (OCPP 1.6 errata 3.37). */
const MOST_WRITES_A_DAY = 2000;

/** What a meter looks like that does not follow the chargers behind it, and what to look at first. */
const WRONG: Record<MeterFlaw, (meter: string, phase: number) => Pick<Condition, "text" | "hint">> = {
  sign: (meter, phase) => ({
    text: `meter ${meter}: its current on L${phase} falls when chargers draw more`,
    hint: `look at the direction of its current clamp on L${phase}, and at the sign in its settings`,
  }),
  scale: (meter, phase) => ({
    text: `meter ${meter}: on L${phase} it shows only a small part of what chargers draw`,
    hint: "look at the transformer ratio in its settings and at the scale of its profile",
  }),
  order: (meter, phase) => ({
    text: `meter ${meter}: what chargers draw on L${phase} it shows on another phase`,
    hint: "look at the order of its phases, of clamps and voltages, and at the rotation set for the chargers",
  }),
};

interface Watched {
  limitA: number;
  /** Since when this limit holds. */
  sinceMs: number;
  overSinceMs: number | null;
  offlineSinceMs: number | null;
}

/** Tells from tick to tick what is wrong with meters and chargers. */
export class ConditionWatch {
  #watched = new Map<string, Watched>();

  look(view: SampleView, result: ControllerResult, nowMs: number): Condition[] {
    const conditions: Condition[] = [];
    for (const { meter, zone, state, frozen, doubt, ageS } of view.meters) {
      if (doubt) conditions.push({ kind: "meterWrong", subject: meter, ...WRONG[doubt.flaw](meter, doubt.phase) });
      else if (frozen)
        conditions.push({
          kind: "meterFrozen",
          subject: meter,
          text: `meter ${meter}: its values stand still while a car charges`,
        });
      else if (state === "stale") conditions.push({ kind: "meterStale", subject: meter, text: staleText(meter, ageS) });
      if (state === "stale" && result.target.zones[zone]?.failSafe) {
        const failSafeA = view.plant.byName.get(zone)?.zone.failSafeA ?? 0;
        conditions.push({
          kind: "failSafe",
          subject: zone,
          text: `zone ${zone}: fail-safe of ${amps(failSafeA)} per charger because of meter ${meter}`,
        });
      }
    }
    const next = new Map<string, Watched>();
    for (const facts of view.facts) {
      const watched = this.#follow(
        facts.id,
        result.setpoints[facts.id]?.limitA ?? 0,
        facts.state === "offline",
        drawA(facts.measuredA),
        facts.measuredAtMs,
        nowMs,
      );
      next.set(facts.id, watched);
      conditions.push(
        ...ofConnector(facts, watched, nowMs),
        ...ofWrites(facts),
        ...ofPhases(facts.id, view),
        ...ofRotation(facts, view),
      );
    }
    this.#watched = next;
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
    const before = this.#watched.get(id);
    const sinceMs = before && limitA >= before.limitA ? before.sinceMs : nowMs;
    // Until a sample of the new limit comes, what the last one showed of a higher limit stands.
    const above =
      measuredAtMs !== null && measuredAtMs > sinceMs
        ? (draw ?? 0) > limitA + Math.max(TOLERANCE_A, limitA * TOLERANCE_SHARE)
        : (before?.overSinceMs ?? null) !== null;
    const over = !offline && draw !== null && above;
    return {
      limitA,
      sinceMs,
      overSinceMs: over ? (before?.overSinceMs ?? nowMs) : null,
      offlineSinceMs: offline ? (before?.offlineSinceMs ?? nowMs) : null,
    };
  }
}

type Facts = SampleView["facts"][number];

function ofConnector(facts: Facts, watched: Watched, nowMs: number): Condition[] {
  const { id, disconnectedA, reservedA } = facts;
  const { offlineSinceMs, overSinceMs } = watched;
  if (offlineSinceMs !== null) {
    const text = `charger ${id} is not connected; ${amps(disconnectedA)} stay reserved for it`;
    return nowMs - offlineSinceMs >= OFFLINE_AFTER_MS ? [{ kind: "chargerOffline", subject: id, text }] : [];
  }
  if (reservedA !== null) return [uncontrolled(facts, watched.limitA, reservedA)];
  if (overSinceMs === null || nowMs - overSinceMs < OVER_AFTER_MS) return [];
  const seconds = Math.round((nowMs - overSinceMs) / 1000);
  const text = `charger ${id} draws ${amps(drawA(facts.measuredA) ?? 0)} at a limit of ${amps(watched.limitA)} for ${seconds} s`;
  return [{ kind: "nonCompliant", subject: id, text, hint: facts.hint ?? null }];
}

function ofWrites({ id, writesPerDay = 0 }: Facts): Condition[] {
  const text = `charger ${id} was sent ${writesPerDay} charging profiles in the last 24 hours`;
  return writesPerDay > MOST_WRITES_A_DAY ? [{ kind: "manyWrites", subject: id, text }] : [];
}

/** It was told another number of phases, and goes on with those it has. */
function ofPhases(id: string, view: SampleView): Condition[] {
  const word = view.phases(id);
  if (!word?.failed) return [];
  const [told, has] = word.phases === 1 ? ["three phases", "one"] : ["one phase", "three"];
  const text = `charger ${id} was told to feed its car on ${told}, and goes on with ${has}; it is not changed again until the car has gone`;
  return [{ kind: "phasesKept", subject: id, text }];
}

/** It draws on another phase than its rotation says. */
function ofRotation({ id, wiring }: Facts, view: SampleView): Condition[] {
  const phase = view.strayedTo(id);
  const text = `charger ${id} draws on ${phaseName(phase ?? 0)} although its rotation is set to ${wiring.rotation}; it counts on every phase until that is set anew`;
  return phase === null ? [] : [{ kind: "phasesMistaken", subject: id, text }];
}

/** Online, and reserved instead of allocated (S7). */
function uncontrolled({ id, trouble, measuredA, hint = null }: Facts, limitA: number, reservedA: number): Condition {
  const reserved = `${amps(reservedA)} are reserved for it`;
  switch (trouble) {
    case "outOfService":
      return { kind: "outOfService", subject: id, text: `charger ${id} was taken out of service; ${reserved}`, hint };
    case "nonCompliant": {
      const draw = drawA(measuredA);
      const text =
        draw === null || draw <= limitA
          ? `charger ${id} drew more than its limit, whatever was tried; ${reserved}`
          : `charger ${id} draws ${amps(draw)} whatever limit it is given; ${reserved}`;
      return { kind: "nonCompliant", subject: id, text, hint };
    }
    default: {
      const text = `charger ${id} refuses limits or does not answer them; ${reserved}`;
      return { kind: "notControllable", subject: id, text, hint };
    }
  }
}

function drawA(measuredA: readonly (number | null)[] | null): number | null {
  const known = (measuredA ?? []).filter((value) => value !== null);
  return known.length ? Math.max(...known) : null;
}

function staleText(meter: string, ageS: number | null): string {
  return ageS === null
    ? `meter ${meter} has not been heard yet`
    : `meter ${meter}: no good value for ${Math.round(ageS)} s`;
}
