import type { StartFact } from "../../ocpp/facts.ts";
import { CLOCK_OFF_MS } from "../../thresholds.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { lessonsOfReading, lessonsOfReturn, lessonsOfStart } from "../capabilities/lessons.ts";
import type { LimitBook } from "../limits/limit-book.ts";
import type { Connectors, MeterOutcome } from "../transactions/connectors.ts";
import type { ChargePointDefinition } from "../types.ts";
import type { Departure } from "./absence.ts";

/** What the observer needs of its charge point. */
export interface ObserverPort {
  identity: string;
  capabilities: Capabilities;
  connectors: Connectors;
  limits: LimitBook;
}

/** Notes what one charge point shows of itself as it works: its clock, its register, and what it drew while it was disconnected. */
export class Observer {
  readonly #port: ObserverPort;
  /** By connector: how it was when the connection was lost, until it is read again; null = nothing is waited for. */
  #departures: Map<number, Departure> | null = null;
  /** The edition of the clock estimate that was learnt from last; null after a boot, which may show another charge point. */
  #taught: number | null = null;
  #taughtAheadMs = 0;

  constructor(port: ObserverPort) {
    this.#port = port;
  }

  booted(): void {
    this.#taught = null;
  }

  /** The connection was lost. @param described its connectors as the user describes them */
  left(described: ChargePointDefinition["connectors"]): void {
    const { identity, connectors, limits } = this.#port;
    const departures = this.#departures ?? new Map<number, Departure>();
    for (const { number, phases, maxA } of described) {
      const { energyWh = null, measuredAtMs = null } = connectors.get(number) ?? {};
      if (energyWh === null || measuredAtMs === null || departures.has(number)) continue;
      const allowedA = limits.outlook(identity, number, maxA);
      departures.set(number, { energyWh, atMs: measuredAtMs, phases, maxA, allowedA });
    }
    this.#departures = departures.size > 0 ? departures : null;
  }

  /** A transaction is about to begin. */
  start(start: StartFact): void {
    const { capabilities, connectors } = this.#port;
    capabilities.learn(lessonsOfStart(start, connectors.get(start.connector)));
  }

  /** A reading came. */
  reading(connector: number, outcome: MeterOutcome, nowMs: number): void {
    const { reading, replay } = outcome;
    if (reading?.energyWh != null && !replay) this.#noteReturn(connector, reading.energyWh, nowMs);
    this.#learnFrom(outcome);
  }

  #noteReturn(connector: number, energyWh: number, nowMs: number): void {
    const departure = this.#departures?.get(connector);
    if (!departure) return;
    this.#departures?.delete(connector);
    if (this.#departures?.size === 0) this.#departures = null;
    this.#port.capabilities.learn(lessonsOfReturn(departure, energyWh, nowMs));
  }

  /** Most readings teach nothing beyond the reading before. */
  #learnFrom(outcome: MeterOutcome): void {
    const { capabilities, connectors } = this.#port;
    const { skew } = connectors;
    const offers = outcome.reading?.offeredA != null && capabilities.traits.meter.offersCurrent === "probe";
    const { aheadMs, edition } = skew;
    if (!offers && this.#taught === edition && Math.abs(aheadMs - this.#taughtAheadMs) < CLOCK_OFF_MS) return;
    this.#taught = edition;
    this.#taughtAheadMs = aheadMs;
    capabilities.learn(lessonsOfReading(outcome, skew, capabilities.facts, capabilities.declared));
  }
}
