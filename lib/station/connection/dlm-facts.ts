import type { ConnectorFacts } from "../../dlm/topology/facts.ts";
import { RETURNS_MS } from "../../thresholds.ts";
import { phaseSwitchOf } from "../capabilities/models/phase-ability.ts";
import { doesFallBack } from "../capabilities/models/resolve.ts";
import type { Traits } from "../capabilities/models/types.ts";
import { connectorFacts } from "../facts.ts";
import type { LimitBook } from "../limits/limit-book.ts";
import type { Badges } from "../transactions/badges.ts";
import type { Connectors } from "../transactions/connectors.ts";
import type { ChargePointDefinition } from "../types.ts";

/** What it needs of its charge point. */
export interface DlmFactsPort {
  identity: string;
  connectors: Connectors;
  badges: Badges;
  limits: LimitBook;
  definition: () => ChargePointDefinition | null;
  traits: () => Traits;
  /** Its present connection; null without one. */
  service: () => Service | null;
}

/** How far a charge point on its present connection is, monotonic times. */
interface Service {
  /** In service since then; null while it is not. */
  readySinceMs: number | null;
  /** Described since then, when it was connected already; else null. */
  adoptedSinceMs: number | null;
}

/** How one charge point stands with the load management. */
export class DlmFacts {
  readonly #port: DlmFactsPort;

  constructor(port: DlmFactsPort) {
    this.#port = port;
  }

  /** As StationHandle.facts. */
  facts(nowMs: number): ConnectorFacts[] {
    const { identity: chargePoint, connectors, badges, limits, definition, traits } = this.#port;
    const { readySinceMs = null, adoptedSinceMs = null } = this.#port.service() ?? {};
    const serving = readySinceMs !== null;
    const arriving = adoptedSinceMs !== null && nowMs - adoptedSinceMs < RETURNS_MS;
    const authorized = badges.waiting(nowMs);
    const phaseSwitch = phaseSwitchOf(traits().smart);
    return (definition()?.connectors ?? []).map((wiring) => {
      const live = connectors.ensure(wiring.number);
      const priorityClass = badges.priorityClass(live.transaction?.idTag);
      const fallsBack = doesFallBack(traits().smart);
      const known = { chargePoint, wiring, serving, arriving, authorized, priorityClass, fallsBack };
      const sources = { ...known, live, limits, phaseSwitch };
      return connectorFacts(sources, nowMs);
    });
  }

  /** As StationHandle.commandableSinceMs. */
  commandableSinceMs(connector: number): number | null {
    const { identity, connectors, limits, service } = this.#port;
    const readySinceMs = service()?.readySinceMs ?? null;
    const knownSinceMs = connectors.get(connector)?.knownSinceMs ?? null;
    const obeysSinceMs = limits.obeysSinceMs(identity, connector);
    if (readySinceMs === null || knownSinceMs === null || obeysSinceMs === null) return null;
    return Math.max(readySinceMs, knownSinceMs, obeysSinceMs);
  }
}
