import type { ConnectorFacts, ConnectorWiring } from "../dlm/topology/facts.ts";
import { UPWARD_COUNTS_MS } from "../thresholds.ts";
import type { PhaseSwitch } from "./capabilities/models/types.ts";
import { connectorState } from "./capabilities/state-mapping.ts";
import type { LimitBook } from "./limits/limit-book.ts";
import type { ConnectorLive } from "./transactions/connector.ts";

/** A charger that cannot pause is offered more than its minimum so often, and so long: several cycles of the load management, ms. */
const OFFER_EVERY_MS = 600_000;
const OFFER_FOR_MS = 30_000;

/** Where the facts of one connector come from. */
export interface FactSources {
  chargePoint: string;
  wiring: ConnectorWiring & { number: number };
  /** Connected, known and past its start-up: what it reported can be relied on. */
  serving: boolean;
  /** Connected, and described a moment ago: it is about to be in service. */
  arriving: boolean;
  /** A badge of this charge point was accepted a moment ago. */
  authorized: boolean;
  /** The class that the running transaction's badge brings; null = that of the wiring. */
  priorityClass: number | null;
  live: ConnectorLive;
  limits: LimitBook;
  /** Left alone it goes to its safe current by itself, as far as is known of it. */
  fallsBack: boolean;
  /** How it changes its phases; null where it cannot. */
  phaseSwitch: PhaseSwitch | null;
}

/** Everything the load management needs to know of a connector at this moment (safety.md S7, S8). */
export function connectorFacts(sources: FactSources, nowMs: number): ConnectorFacts {
  const { chargePoint, live, limits } = sources;
  const { number, ...wiring } = sources.wiring;
  const reported = sources.serving && live.reported ? live.status : null;
  const state =
    reported === null
      ? "offline"
      : connectorState({
          status: reported,
          mayBeLive: live.mayBeLive,
          hasTransaction: live.transaction !== null,
          authorized: sources.authorized,
          refused: live.refused,
        });
  const heldA = limits.heldA(chargePoint, number, nowMs);
  const inForceA = limits.inForceA(chargePoint, number, wiring.maxA, nowMs);
  const trouble = limits.trouble(chargePoint, number);
  const wantsCurrent = state === "charging" || state === "waiting";
  const allocated = trouble === null || (trouble === "zero" && wantsCurrent && isOffered(sources, nowMs));
  const aloneA = aloneOf(sources, nowMs);
  const { unproven } = live.answers;
  const drawA = Math.max(0, ...(live.measuredA ?? []).map((valueA) => valueA ?? 0));
  const offlineA = limits.isSuspect(chargePoint, number) ? Math.max(wiring.maxA, inForceA) : inForceA;
  // A charge point that has just been described draws as before: the background has its draw already, and it has no limit yet.
  const isNew = sources.arriving && reported === null && heldA === null;
  return {
    id: `${chargePoint}/${number}`,
    chargePoint,
    connector: number,
    wiring,
    ...(sources.priorityClass !== null && { priorityClass: sources.priorityClass }),
    state,
    ...(live.refused && state === "available" && { refused: true }),
    measuredA: live.measuredA,
    measuredAtMs: live.measuredAtMs,
    ...(unproven && { unproven }),
    disconnectedA: isNew ? 0 : reported !== null && state === "offline" ? Math.max(wiring.maxA, inForceA) : offlineA,
    ...(heldA !== null && { heldA }),
    ...(aloneA !== null && { aloneA }),
    reservedA: allocated ? null : Math.max(inForceA, drawA, limits.disobeysA(chargePoint, number)),
    trouble: allocated ? null : trouble,
    hint: limits.hint(chargePoint, number),
    writesPerDay: limits.writesPerDay(chargePoint, number),
    pluggedAtMs: live.pluggedAtMs,
    ...(sources.phaseSwitch && { switchesPhases: true, pausesToSwitch: sources.phaseSwitch !== "charging" }),
    chargingS: live.chargingS(nowMs),
    energyWh: live.sessionWh,
  };
}

/**
 * What a connector takes when it is left alone, A per phase, where that is more than it is told: its maximum, where it does not fall back;
 * what its limit ends in, where that may be before the last limit of others has ended (safety.md S6, S12). null = it may be counted with
 * what it is told.
 */
function aloneOf({ chargePoint, wiring, fallsBack, limits }: FactSources, nowMs: number): number | null {
  const { number, maxA } = wiring;
  if (!fallsBack || !limits.fallsBack(chargePoint, number)) return maxA;
  const heldA = limits.heldA(chargePoint, number, nowMs);
  if (heldA === null) return null;
  const untilMs = Math.max(nowMs, limits.lastDownwardEndMs()) + UPWARD_COUNTS_MS;
  const mostA = limits.mostAloneA(chargePoint, number, maxA, nowMs, untilMs);
  return heldA < mostA && limits.safeA(chargePoint, number) === mostA ? mostA : null;
}

/**
 * A connector that refuses only 0 A is allocated again when a car comes that wants current: there may be room again. It is also allocated
 * now and then while a car that was to pause goes on charging. In between its draw is reserved; where that is not measured, always.
 */
function isOffered({ chargePoint, wiring, live, limits }: FactSources, nowMs: number): boolean {
  const sinceMs = limits.refusesSinceMs(chargePoint, wiring.number) ?? nowMs;
  if (live.pluggedAtMs !== null && live.pluggedAtMs >= sinceMs) return true;
  return live.measuredA !== null && (nowMs - sinceMs) % OFFER_EVERY_MS >= OFFER_EVERY_MS - OFFER_FOR_MS;
}
