import type { Condition } from "../alarm/alarms.ts";
import { amps } from "./explain.ts";
import type { SampleView } from "./samples.ts";
import type { ControllerResult } from "./types.ts";

/** A charger away for less than this is no alarm: it may be starting. */
const OFFLINE_AFTER_MS = 60_000;
/** Drawing above its limit by more than this, for this long, with samples taken since, is not obeying (S7). */
const TOLERANCE_A = 1;
const TOLERANCE_SHARE = 0.1;
const OVER_AFTER_MS = 30_000;

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
    for (const { meter, zone, state, frozen, ageS } of view.meters) {
      if (frozen)
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
      conditions.push(...ofConnector(facts, watched, nowMs));
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
    const over =
      !offline &&
      draw !== null &&
      measuredAtMs !== null &&
      measuredAtMs > sinceMs &&
      draw > limitA + Math.max(TOLERANCE_A, limitA * TOLERANCE_SHARE);
    return {
      limitA,
      sinceMs,
      overSinceMs: over ? (before?.overSinceMs ?? nowMs) : null,
      offlineSinceMs: offline ? (before?.offlineSinceMs ?? nowMs) : null,
    };
  }
}

function ofConnector(
  { id, disconnectedA, reservedA, measuredA }: SampleView["facts"][number],
  watched: Watched,
  nowMs: number,
): Condition[] {
  const { offlineSinceMs, overSinceMs, limitA } = watched;
  if (offlineSinceMs !== null) {
    const text = `charger ${id} is not connected; ${amps(disconnectedA)} stay reserved for it`;
    return nowMs - offlineSinceMs >= OFFLINE_AFTER_MS ? [{ kind: "chargerOffline", subject: id, text }] : [];
  }
  if (reservedA !== null)
    return [
      {
        kind: "notControllable",
        subject: id,
        text: `charger ${id} refuses limits or does not answer them; ${amps(reservedA)} are reserved for it`,
      },
    ];
  if (overSinceMs === null || nowMs - overSinceMs < OVER_AFTER_MS) return [];
  const seconds = Math.round((nowMs - overSinceMs) / 1000);
  return [
    {
      kind: "nonCompliant",
      subject: id,
      text: `charger ${id} draws ${amps(drawA(measuredA) ?? 0)} at a limit of ${amps(limitA)} for ${seconds} s`,
    },
  ];
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
