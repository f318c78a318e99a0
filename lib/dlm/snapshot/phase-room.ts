import type { Triple } from "../../units.ts";
import { loadedPhases, terminalPhases } from "../topology/wiring.ts";
import type { ControllerResult, Snapshot, SnapshotConnector } from "../types.ts";

/** What one tick leaves free on the phases of its zones: what is allocated counts, and what is still drawn above it (S1). */
export class PhaseRoom {
  readonly #snapshot: Snapshot;
  readonly #result: ControllerResult;
  #parents: ReadonlyMap<string, string | null> | null = null;
  #excessA: Map<string, Triple> | null = null;

  constructor(snapshot: Snapshot, result: ControllerResult) {
    this.#snapshot = snapshot;
    this.#result = result;
  }

  /**
   * Whether a connector could have so much on every phase it is wired to, A, with all the others as they are. Not while a meter above it
   * is silent and leaves no proven room: another phase would be a start there (S4).
   */
  holds(connector: SnapshotConnector, currentA: number): boolean {
    if (this.#isKeptDown(connector)) return false;
    this.#excessA ??= this.#excesses();
    const { zones, connectors } = this.#result.target;
    const ownA = connectors[connector.id]?.phasesA ?? [0, 0, 0];
    const own = excessOf(connector, this.#limitA(connector.id));
    const wired = loadedPhases(connector.phases ?? 3, connector.rotation ?? "RST");
    return this.#path(connector.zone).every((zone) => {
      const { capacityA = [0, 0, 0], loadA = [0, 0, 0] } = zones[zone] ?? {};
      const excessA = this.#excessA!.get(zone) ?? [0, 0, 0];
      return wired.every((p) => capacityA[p]! - loadA[p]! + ownA[p]! - excessA[p]! + own[p]! >= currentA - 1e-6);
    });
  }

  #isKeptDown({ zone, phases = 3, rotation = "RST" }: SnapshotConnector): boolean {
    const silent = this.#result.assumptions?.silent ?? [];
    if (silent.length === 0) return false;
    const wired = loadedPhases(phases, rotation);
    const path = this.#path(zone);
    return silent.some((one) => path.includes(one.zone) && wired.some((phase) => !one.mayRise[phase]));
  }

  #excesses(): Map<string, Triple> {
    const excesses = new Map<string, Triple>();
    for (const connector of this.#snapshot.connectors) {
      const own = excessOf(connector, this.#limitA(connector.id));
      if (own.every((value) => value === 0)) continue;
      for (const zone of this.#path(connector.zone)) {
        const sum = excesses.get(zone) ?? [0, 0, 0];
        excesses.set(zone, sum.map((value, p) => value + own[p]!) as Triple);
      }
    }
    return excesses;
  }

  #limitA(id: string): number {
    return this.#result.target.connectors[id]?.limitA ?? 0;
  }

  #path(zone: string): string[] {
    this.#parents ??= new Map(this.#snapshot.zones.map(({ id, parent }) => [id, parent]));
    const path: string[] = [];
    for (let at: string | null = zone; at !== null; at = this.#parents.get(at) ?? null) path.push(at);
    return path;
  }
}

/** What is measured above what is allocated, A per site phase; where the rotation is unknown, the largest on all phases. */
function excessOf({ state, reservedA, measuredA = [], rotation = "RST" }: SnapshotConnector, limitA: number): Triple {
  const excessA: Triple = [0, 0, 0];
  // These count in full already.
  if (state === "offline" || reservedA !== undefined) return excessA;
  const phases = terminalPhases(3, rotation);
  measuredA.forEach((value, terminal) => {
    const overA = Math.max(0, Math.abs(value ?? 0) - limitA);
    for (const p of phases === null ? [0, 1, 2] : [phases[terminal]!]) excessA[p] = Math.max(excessA[p]!, overA);
  });
  return excessA;
}
