import type { ConnectorFacts, ConnectorWiring } from "../dlm/facts.ts";
import type { ConnectorLive } from "./connector.ts";
import type { LimitBook } from "./limit-book.ts";
import { connectorState } from "./state-mapping.ts";

/** Where the facts of one connector come from. */
export interface FactSources {
  chargePoint: string;
  wiring: ConnectorWiring & { number: number };
  /** Connected, known and past its start-up: what it reported can be relied on. */
  serving: boolean;
  /** A badge of this charge point was accepted a moment ago. */
  authorized: boolean;
  live: ConnectorLive;
  limits: LimitBook;
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
          errorCode: live.errorCode,
          hasTransaction: live.transaction !== null,
          authorized: sources.authorized,
        });
  const inForceA = limits.inForceA(chargePoint, number, wiring.maxA, nowMs);
  const trouble = limits.trouble(chargePoint, number);
  const wantsCurrent = state === "charging" || state === "waiting";
  return {
    id: `${chargePoint}/${number}`,
    chargePoint,
    connector: number,
    wiring,
    state,
    measuredA: live.measuredA,
    measuredAtMs: live.measuredAtMs,
    disconnectedA: reported !== null && state === "offline" ? Math.max(wiring.maxA, inForceA) : inForceA,
    // Who refuses only 0 A is allocated again as soon as a car wants current.
    reservedA: trouble === null || (trouble === "zero" && wantsCurrent) ? null : inForceA,
    pluggedAtMs: live.pluggedAtMs,
    chargingS: live.chargingS(nowMs),
    energyWh: live.sessionWh,
  };
}
