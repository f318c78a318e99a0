import type { ConnectorFacts } from "../dlm/facts.ts";
import type { Badges } from "./badges.ts";
import { connectorFacts } from "./facts.ts";
import type { LimitBook } from "./limit-book.ts";
import { phaseSwitchOf } from "./models/phase-ability.ts";
import type { Traits } from "./models/types.ts";
import type { Outlets } from "./outlets.ts";
import type { ChargePointDefinition } from "./types.ts";

/** What it needs of its charge point. */
export interface StandingPort {
  identity: string;
  outlets: Outlets;
  badges: Badges;
  limits: LimitBook;
  definition: () => ChargePointDefinition | null;
  traits: () => Traits;
  /** Since when it is in service on its present connection (monotonic); null while it is not. */
  servingSinceMs: () => number | null;
}

/** How one charge point stands with the load management. */
export class Standing {
  readonly #port: StandingPort;

  constructor(port: StandingPort) {
    this.#port = port;
  }

  /** As StationHandle.facts. */
  facts(nowMs: number): ConnectorFacts[] {
    const { identity: chargePoint, outlets, badges, limits, definition, traits, servingSinceMs } = this.#port;
    const serving = servingSinceMs() !== null;
    const authorized = badges.waiting(nowMs);
    const phaseSwitch = phaseSwitchOf(traits().smart);
    return (definition()?.connectors ?? []).map((wiring) => {
      const live = outlets.ensure(wiring.number);
      const priorityClass = badges.priorityClass(live.transaction?.idTag);
      const sources = { chargePoint, wiring, serving, authorized, priorityClass, live, limits, phaseSwitch };
      return connectorFacts(sources, nowMs);
    });
  }

  /** As StationHandle.commandableSinceMs. */
  commandableSinceMs(connector: number): number | null {
    const { identity, outlets, limits, servingSinceMs } = this.#port;
    const readySinceMs = servingSinceMs();
    const knownSinceMs = outlets.get(connector)?.knownSinceMs ?? null;
    const obeysSinceMs = limits.obeysSinceMs(identity, connector);
    if (readySinceMs === null || knownSinceMs === null || obeysSinceMs === null) return null;
    return Math.max(readySinceMs, knownSinceMs, obeysSinceMs);
  }
}
