import { type PhaseMemory, planPhases, reckonedTerminals, threePhases } from "../pv/phase-switch.ts";
import type { JsonValue } from "../units.ts";
import type { ConnectorFacts } from "./facts.ts";
import { list, record } from "./signals.ts";
import type { ControllerResult, Snapshot } from "./types.ts";

type Connector = Snapshot["connectors"][number];

/** A terminal that carries more than this is in use, whatever was planned, A. */
const CARRIES_A = 1;

/** One tick as the plans see it. */
export interface PhaseTick {
  snapshot: Snapshot;
  facts: readonly ConnectorFacts[];
  result: ControllerResult;
  voltageV: number;
  /** Power for all cars on surplus, their own draw included; null = unknown. */
  poolW: number | null;
  disableDelayS: number;
  atMs: number;
}

/**
 * One phase or three for the connectors that can choose: three-phase ones whose charger says so and whose currents are measured. The
 * plan is made outside the controller, from tick to tick; the controller is told which terminals to reckon with.
 */
export class PhasePlans {
  readonly #memories = new Map<string, PhaseMemory>();
  #atMs: number | null = null;

  /** Phases that a connector is to have; undefined for one that cannot choose. */
  phases(id: string): 1 | 3 | undefined {
    return this.#memories.get(id)?.phases;
  }

  /** The connector as the controller is to see it. */
  passed(connector: Connector): Connector {
    const memory = this.#memories.get(connector.id);
    if (!memory || connector.state === "offline") return connector;
    const terminals = reckonedTerminals(memory);
    const carrying = (connector.measuredA ?? []).flatMap((value, i) =>
      Math.abs(value ?? 0) > CARRIES_A ? [i + 1] : [],
    );
    const { minA = 0, externalLimitA = Number.POSITIVE_INFINITY } = connector;
    return {
      ...connector,
      ...(terminals && { detectedPhases: [...new Set([...terminals, ...carrying])].sort() }),
      ...(memory.preparingS !== null && { externalLimitA: Math.min(externalLimitA, minA) }),
    };
  }

  ticked(tick: PhaseTick): void {
    const elapsedS = this.#atMs === null ? 0 : Math.max(0, (tick.atMs - this.#atMs) / 1000);
    this.#atMs = tick.atMs;
    tick.facts.forEach((facts, i) => {
      const connector = tick.snapshot.connectors[i]!;
      const able = facts.switchesPhases === true && facts.wiring.phases === 3 && connector.measuredA !== undefined;
      const known = this.#memories.get(facts.id);
      if (facts.state === "offline") return;
      if (!able) this.#memories.delete(facts.id);
      else this.#memories.set(facts.id, this.#plan(known ?? threePhases(), connector, tick, elapsedS));
    });
  }

  save(): JsonValue {
    return JSON.parse(JSON.stringify([...this.#memories])) as JsonValue;
  }

  /** Takes over what `save` gave; anything else is left out. */
  restore(saved: JsonValue | undefined): void {
    for (const entry of list(saved)) {
      const [id, memory] = list(entry);
      const { phases, switches } = record(memory);
      if (typeof id !== "string" || (phases !== 1 && phases !== 3) || typeof switches !== "number") continue;
      this.#memories.set(id, { ...threePhases(), phases, switches, sinceS: 0 });
    }
  }

  #plan(memory: PhaseMemory, connector: Connector, tick: PhaseTick, elapsedS: number): PhaseMemory {
    const { id, minA = 6, mode, measuredA = [] } = connector;
    const { limitA: setpointA } = tick.result.setpoints[id] ?? { limitA: 0 };
    const target = tick.result.target.connectors[id];
    const code = target?.reasons[0]?.code;
    const waitsFor = target?.reasons[1]?.code;
    const sight = {
      plugged: connector.state !== "available",
      onSurplus: mode === "pv" || mode === "minpv",
      surplusW: poolOf(id, tick),
      minA,
      voltageV: tick.voltageV,
      threeForbidden: memory.phases === 3 && target?.limitA === 0 && code === "WAIT" && waitsFor !== "PV",
      setpointA,
      drawA: Math.max(0, ...measuredA.map((value) => value ?? 0)),
      elapsedS,
    };
    return planPhases(memory, sight, tick.disableDelayS);
  }
}

/** What of the pool the others leave to this connector, W. */
function poolOf(id: string, { snapshot, result, poolW, voltageV }: PhaseTick): number {
  if (poolW === null) return 0;
  return snapshot.connectors.reduce((leftW, { id: other, mode, phases = 3 }) => {
    if (other === id || (mode !== "pv" && mode !== "minpv")) return leftW;
    const { limitA = 0, phasesA = [0, 0, 0] } = result.target.connectors[other] ?? {};
    return leftW - limitA * Math.min(phases, phasesA.filter((value) => value > 0).length) * voltageV;
  }, poolW);
}
