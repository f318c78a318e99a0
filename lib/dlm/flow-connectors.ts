import type { JsonValue } from "../units.ts";
import type { ConnectorFacts } from "./facts.ts";
import type { ConnectorInput } from "./input.ts";
import type { PlantConnector } from "./plant.ts";
import { list } from "./signals.ts";
import type { ConnectorState } from "./types.ts";

/** A charger without OCPP is offline after this long without a message. */
const SILENT_AFTER_MS = 60_000;

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

  add(input: ConnectorInput, nowMs: number): void {
    const before = this.#seen.get(input.id);
    const plugged = input.state === "charging" || input.state === "waiting" || input.state === "idle";
    const pluggedAtMs = plugged ? (before?.pluggedAtMs ?? nowMs) : null;
    const sinceMs = before?.chargingSinceMs ?? null;
    const chargedMs = (before?.chargedMs ?? 0) + (sinceMs === null ? 0 : nowMs - sinceMs);
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
    const silent = !seen || nowMs - seen.seenAtMs > SILENT_AFTER_MS;
    return {
      id,
      chargePoint,
      connector: connector.connector,
      wiring,
      state: silent ? "offline" : seen.state,
      measuredA: silent ? null : seen.measuredA,
      measuredAtMs: silent ? null : seen.measuredAtMs,
      disconnectedA: seen?.selfFallback ? wiring.safeA : wiring.maxA,
      reservedA: null,
      ...(seen?.switchesPhases && { switchesPhases: true }),
      pluggedAtMs: seen?.pluggedAtMs ?? null,
      chargingS: (seen?.chargedMs ?? 0) / 1000,
      energyWh: seen?.energyWh ?? 0,
    };
  }

  /** Only whether each falls back by itself: the rest is too old after a restart. */
  save(): JsonValue {
    return [...this.#seen].filter(([, { selfFallback }]) => selfFallback).map(([id]) => id);
  }

  restore(saved: JsonValue | undefined): void {
    for (const id of list(saved)) {
      if (typeof id === "string") this.#seen.set(id, { ...NEVER_SEEN });
    }
  }
}

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
