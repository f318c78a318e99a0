/** Charge points that were taken out of the flow: what they may still draw stays reserved until they have been away for long. */
import type { Clock } from "../clock.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import type { PlantConnector } from "../dlm/topology/plant.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { SitePlant } from "./site-plant.ts";

/** Longer than any lease that ends downwards: a charge point that was away for this, and that no node describes, is gone for good. */
const GONE_AFTER_MS = 20 * 60_000;
const LOOK_EVERY_MS = 10_000;

export interface DepartureDeps {
  plant: SitePlant;
  stations: Stations;
  clock: Clock;
  /** The tree in force has changed by itself. */
  changed: () => void;
}

export class Departures {
  readonly #deps: DepartureDeps;
  /** Monotonic, by charge point: when it last was there, or was taken out. */
  readonly #seenAtMs = new Map<string, number>();
  readonly #stop: () => void;

  constructor(deps: DepartureDeps) {
    this.#deps = deps;
    const looking = deps.clock.setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#stop = () => deps.clock.clear(looking);
  }

  /** As for a charge point that is offline: what it was told last, until its lease has ended, and then what it falls back to (S8). */
  facts(nowMs: number): ConnectorFacts[] {
    return this.#departed.map((connector) => this.#factsOf(connector, nowMs));
  }

  close(): void {
    this.#stop();
  }

  get #departed(): PlantConnector[] {
    return this.#deps.plant.tree?.connectors.filter(({ departed }) => departed) ?? [];
  }

  #look(): void {
    const { plant, stations, clock, changed } = this.#deps;
    const nowMs = clock.nowMs();
    const departed = new Set(this.#departed.map(({ chargePoint }) => chargePoint));
    for (const identity of this.#seenAtMs.keys()) if (!departed.has(identity)) this.#seenAtMs.delete(identity);
    const gone: string[] = [];
    for (const identity of departed) {
      if (stations.get(identity)?.online || !this.#seenAtMs.has(identity)) this.#seenAtMs.set(identity, nowMs);
      if (nowMs - this.#seenAtMs.get(identity)! >= GONE_AFTER_MS) gone.push(identity);
    }
    if (gone.length === 0) return;
    plant.forget(gone);
    changed();
  }

  #factsOf({ id, chargePoint, connector, wiring }: PlantConnector, nowMs: number): ConnectorFacts {
    return {
      id,
      chargePoint,
      connector,
      wiring,
      state: "offline",
      measuredA: null,
      measuredAtMs: null,
      disconnectedA: this.#deps.stations.limits.inForceA(chargePoint, connector, wiring.maxA, nowMs),
      reservedA: null,
      pluggedAtMs: null,
      chargingS: 0,
      energyWh: 0,
    };
  }
}
