import { carrying } from "../../pv/phase-proof.ts";
import {
  type PhaseSwitchFacts,
  type PhaseSwitchMemory,
  phaseCapA,
  planPhases,
  reckonedTerminals,
  threePhases,
} from "../../pv/phase-switch.ts";
import type { JsonValue } from "../../units.ts";
import { list, record } from "../inputs/signals.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { ControllerResult, Snapshot, SnapshotConnector } from "../types.ts";
import { PhaseRoom } from "./phase-room.ts";

/** One tick as the plans see it. */
export interface PhaseTick {
  snapshot: Snapshot;
  facts: readonly ConnectorFacts[];
  result: ControllerResult;
  voltageV: number;
  /** Power for all cars on surplus, their own draw included; null = unknown. */
  poolW: number | null;
  enableDelayS: number;
  disableDelayS: number;
  atMs: number;
}

/** What may be told of a connector whose charger can choose its phases. */
export interface PhasePlan {
  /** What the charger is told. */
  phases: 1 | 3;
  /** A change is under way, and holds its current down. */
  changing: boolean;
  /** It goes on with other phases than it was told; it is left alone until the car has gone. */
  failed: boolean;
}

/**
 * One phase or three for the connectors that can choose: three-phase ones whose charger says so. The plan is made outside the
 * controller, from tick to tick; the controller is told which terminals to reckon with.
 */
export class PhasePlans {
  readonly #memories = new Map<string, PhaseSwitchMemory>();
  /** Modes as they were before a trial changed them. */
  readonly #modes = new Map<string, SnapshotConnector["mode"]>();
  #atMs: number | null = null;

  /** undefined for a connector that cannot choose. */
  word(id: string): PhasePlan | undefined {
    const memory = this.#memories.get(id);
    if (!memory) return undefined;
    const { phases, stage, trial, failed } = memory;
    return { phases, changing: stage !== "steady" || trial, failed };
  }

  /** The connector as the controller is to see it; a change that is under way is one of its ceilings. */
  passed(connector: SnapshotConnector): SnapshotConnector {
    const memory = this.#memories.get(connector.id);
    if (!memory || connector.state === "offline") return connector;
    this.#modes.set(connector.id, connector.mode);
    const terminals = reckonedTerminals(memory);
    const used = [...new Set([...(terminals ?? []), ...carrying(connector.measuredA ?? [])])].sort();
    const capA = phaseCapA(memory, minimum3pA(connector));
    const { ceilings = [], measuredA, measuredTsMs, ...rest } = connector;
    const measured = measuredA && { measuredA, ...(measuredTsMs !== undefined && { measuredTsMs }) };
    return {
      ...rest,
      // A charger that changes opens its contactor: what it drew before may be load of others by now.
      ...(!this.#isOutdated(memory, measuredTsMs) && measured),
      ...(terminals && { detectedPhases: used }),
      ...(ceilings.length > 0 && { ceilings }),
      ...(capA !== null && { ceilings: [{ limitA: capA, cause: "phasePlan" }, ...ceilings] }),
      ...(memory.trial && { mode: "minpv" as const }),
    };
  }

  ticked(tick: PhaseTick): void {
    const elapsedS = this.#atMs === null ? 0 : Math.max(0, (tick.atMs - this.#atMs) / 1000);
    this.#atMs = tick.atMs;
    const room = new PhaseRoom(tick.snapshot, tick.result);
    tick.facts.forEach((facts, i) => {
      const { id, wiring, switchesPhases, pausesToSwitch = false } = facts;
      const known = this.#memories.get(id);
      if (facts.state === "offline") {
        // Alone, or started anew, it may have changed.
        if (known && known.sinceS !== null) this.#memories.set(id, { ...known, confirmed: false, sinceS: 0 });
        return;
      }
      if (switchesPhases !== true || wiring.phases !== 3) {
        this.#memories.delete(id);
        this.#modes.delete(id);
        return;
      }
      const memory = known ?? threePhases();
      const plan = { ...memory, pauses: memory.pauses || pausesToSwitch };
      this.#memories.set(id, this.#plan(plan, i, tick, room, elapsedS));
    });
  }

  save(): JsonValue {
    return JSON.parse(JSON.stringify([...this.#memories])) as JsonValue;
  }

  /** Takes over what `save` gave; anything else is left out. */
  restore(saved: JsonValue | undefined): void {
    for (const entry of list(saved)) {
      const [id, memory] = list(entry);
      const { phases, switches, pauses, failed, sinceS } = record(memory);
      if (typeof id !== "string" || (phases !== 1 && phases !== 3) || typeof switches !== "number") continue;
      const told = phases === 1 || typeof sinceS === "number";
      this.#memories.set(id, {
        ...threePhases(pauses === true),
        phases,
        switches,
        failed: failed === true,
        ...(told && { sinceS: 0, confirmed: false }),
      });
    }
  }

  /** The newest sample is from before the charger was told, or from before it was away. */
  #isOutdated({ confirmed, sinceS }: PhaseSwitchMemory, measuredTsMs: number | undefined): boolean {
    if (confirmed || sinceS === null || measuredTsMs === undefined || this.#atMs === null) return false;
    return measuredTsMs <= this.#atMs - sinceS * 1000;
  }

  #plan(memory: PhaseSwitchMemory, i: number, tick: PhaseTick, room: PhaseRoom, elapsedS: number): PhaseSwitchMemory {
    const connector = tick.snapshot.connectors[i]!;
    const { measuredA, measuredAtMs } = tick.facts[i]!;
    const { id, minA = 6 } = connector;
    const mode = this.#modes.has(id) ? this.#modes.get(id) : connector.mode;
    const { limitA: setpointA } = tick.result.setpoints[id] ?? { limitA: 0 };
    const minA3p = minimum3pA(connector);
    const forbidden = isForbidden(tick.result.target.connectors[id]);
    const sight: PhaseSwitchFacts = {
      plugged: connector.state !== "available",
      onSurplus: mode === "pv" || mode === "minpv",
      guaranteed: mode === "minpv",
      surplusW: poolOf(id, tick),
      minA,
      minA3p,
      voltageV: tick.voltageV,
      threeForbidden: forbidden || (memory.phases === 1 && !room.holds(connector, minA3p)),
      setpointA,
      terminalsA: measuredA,
      sampleAgeS: Math.max(0, tick.atMs - (measuredAtMs ?? tick.atMs)) / 1000,
      elapsedS,
    };
    return planPhases(memory, sight, tick);
  }
}

function minimum3pA({ minA = 6, minA3p = minA }: SnapshotConnector): number {
  return Math.max(minA, minA3p);
}

/** It waits for its minimum because of a limit other than the sun. */
function isForbidden(target: ControllerResult["target"]["connectors"][string] | undefined): boolean {
  const [first, second] = target?.reasons ?? [];
  return target?.limitA === 0 && first?.code === "WAIT" && second?.code !== "PV";
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
