import { FLOW_SILENT_MS } from "../../thresholds.ts";
import type { JsonValue } from "../../units.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantConnector } from "../topology/plant.ts";
import type { ConnectorState } from "../types.ts";
import { FlowLimits } from "./flow-limits.ts";
import type { ConnectorInput } from "./input.ts";
import { list, record } from "./signals.ts";

interface Seen {
  state: ConnectorState;
  measuredA: (number | null)[] | null;
  measuredAtMs: number | null;
  selfFallback: boolean;
  switchesPhases: boolean;
  seenAtMs: number;
  pluggedAtMs: number | null;
  chargingSinceMs: number | null;
  chargedMs: number;
  energyWh: number;
}

/** The chargers that a flow drives by `connector/<id>/<n>` messages. */
export class FlowConnectors {
  readonly #seen = new Map<string, Seen>();
  readonly #limits = new Map<string, FlowLimits>();

  add(input: ConnectorInput, nowMs: number): void {
    const before = this.#seen.get(input.id);
    const plugged = input.state === "charging" || input.state === "waiting" || input.state === "idle";
    const pluggedAtMs = plugged ? (before?.pluggedAtMs ?? nowMs) : null;
    const sinceMs = before?.chargingSinceMs ?? null;
    const chargedMs = (before?.chargedMs ?? 0) + (sinceMs === null ? 0 : nowMs - sinceMs);
    this.#limits.get(input.id)?.heard(input.measuredA, nowMs);
    this.#seen.set(input.id, {
      state: input.state,
      measuredA: input.measuredA,
      measuredAtMs: input.measuredA ? nowMs : null,
      selfFallback: input.selfFallback ?? before?.selfFallback ?? false,
      switchesPhases: input.switchesPhases ?? before?.switchesPhases ?? false,
      seenAtMs: nowMs,
      pluggedAtMs,
      chargingSinceMs: input.state === "charging" ? nowMs : null,
      chargedMs: pluggedAtMs === null ? 0 : input.chargingS === null ? chargedMs : input.chargingS * 1000,
      energyWh: input.energyWh ?? (plugged ? (before?.energyWh ?? 0) : 0),
    });
  }

  /** Last reported state, also once silent; undefined before the first message. */
  state(id: string): ConnectorState | undefined {
    return this.#seen.get(id)?.state;
  }

  /** Facts of a connector that OCPP knows nothing of: silent for 60 s or never seen = offline. */
  facts(connector: PlantConnector, nowMs: number): ConnectorFacts {
    const { id, chargePoint, wiring } = connector;
    const seen = this.#seen.get(id);
    const silent = !seen || nowMs - seen.seenAtMs > FLOW_SILENT_MS;
    const { selfFallback = false } = seen ?? {};
    const limits = this.#limits.get(id);
    const { maxA } = wiring;
    // A silent charger that does not fall back may follow any limit.
    const toldByFlow =
      silent && !selfFallback
        ? [{ limitA: maxA, untilMs: Number.POSITIVE_INFINITY, safeA: maxA }]
        : (limits ?? NOTHING_TOLD).possible(selfFallback, wiring, nowMs);
    const heldA = Math.max(wiring.safeA, ...toldByFlow.map(({ limitA }) => limitA));
    // A pause ends no later than the limits of others: it counts with what it rises to (safety.md S6).
    const rises = selfFallback && (limits?.lastA ?? 0) < wiring.safeA;
    return {
      id,
      chargePoint,
      connector: connector.connector,
      wiring,
      state: silent ? "offline" : seen.state,
      measuredA: silent ? null : seen.measuredA,
      measuredAtMs: silent ? null : seen.measuredAtMs,
      disconnectedA: selfFallback ? heldA : wiring.maxA,
      ...(rises && { aloneA: wiring.safeA }),
      toldByFlow,
      reservedA: null,
      ...(seen?.switchesPhases && { switchesPhases: true }),
      pluggedAtMs: seen?.pluggedAtMs ?? null,
      chargingS: (seen?.chargedMs ?? 0) / 1000,
      energyWh: seen?.energyWh ?? 0,
    };
  }

  /** A decision gives each of them so much, A. @param ids of the chargers that flows drive */
  tell(ids: Iterable<string>, setpointsA: ReadonlyMap<string, number>, nowMs: number): void {
    for (const id of ids) {
      const limitA = setpointsA.get(id);
      if (limitA === undefined) continue;
      const limits = this.#limits.get(id) ?? new FlowLimits();
      limits.tell(limitA, nowMs);
      this.#limits.set(id, limits);
    }
  }

  /** The chargers that fall back by themselves, with the highest limit that each may follow. The rest is too old after a restart. */
  save(): JsonValue {
    return [...this.#seen]
      .filter(([, { selfFallback }]) => selfFallback)
      .map(([id]) => ({ id, toldA: this.#limits.get(id)?.highestA ?? null }));
  }

  /** What was told may have been told just before. An entry without it may have been told anything. */
  restore(saved: JsonValue | undefined, nowMs: number): void {
    for (const entry of list(saved)) {
      const { id, toldA } = typeof entry === "string" ? { id: entry } : record(entry);
      if (typeof id !== "string") continue;
      this.#seen.set(id, { ...NEVER_SEEN });
      if (toldA === null) continue;
      const limitA = typeof toldA === "number" ? toldA : Number.POSITIVE_INFINITY;
      this.#limits.set(id, new FlowLimits(limitA, nowMs));
    }
  }
}

const NOTHING_TOLD = new FlowLimits();

const NEVER_SEEN: Seen = {
  state: "offline",
  measuredA: null,
  measuredAtMs: null,
  selfFallback: true,
  switchesPhases: false,
  seenAtMs: Number.NEGATIVE_INFINITY,
  pluggedAtMs: null,
  chargingSinceMs: null,
  chargedMs: 0,
  energyWh: 0,
};
