import { createDlmController } from "../../../lib/dlm/controller/controller.ts";
import type { ControllerConfig, ControllerResult, DlmController, Snapshot } from "../../../lib/dlm/types.ts";
import type { JsonValue, Triple } from "../../../lib/units.ts";

export type SnapshotConnector = Snapshot["connectors"][number];
export type SnapshotZone = Snapshot["zones"][number];

/** A controller, the second it is at, and a snapshot that a test changes between ticks. */
export class Bench {
  controller: DlmController;
  second = 0;
  zones: SnapshotZone[];
  connectors: SnapshotConnector[];
  more: Partial<Snapshot> = {};
  /** Cars draw what they may by the next tick, and say so. */
  follow = false;
  #config: Partial<ControllerConfig>;

  constructor(zones: SnapshotZone[], connectors: SnapshotConnector[], config: Partial<ControllerConfig> = {}) {
    this.zones = zones;
    this.connectors = connectors;
    this.#config = config;
    this.controller = createDlmController(config);
  }

  connector(id: string): SnapshotConnector {
    return this.connectors.find((connector) => connector.id === id)!;
  }

  /** Ticks at a second, with the measured currents of some connectors read at that second. */
  at(second: number, measuredA: Record<string, number | (number | null)[]> = {}): ControllerResult {
    this.second = second;
    for (const [id, currentA] of Object.entries(measuredA)) this.measure(id, currentA);
    const result = this.controller.tick(second * 1000, {
      zones: this.zones,
      connectors: this.connectors,
      ...this.more,
    });
    if (this.follow) for (const { id } of this.connectors) this.measure(id, result.setpoints[id]!.limitA);
    return result;
  }

  /** Ticks every second up to and including one; returns the last result. */
  until(second: number, measuredA: Record<string, number | (number | null)[]> = {}): ControllerResult {
    let result = this.at(this.second + 1, measuredA);
    while (this.second < second) result = this.at(this.second + 1, measuredA);
    return result;
  }

  measure(id: string, currentA: number | (number | null)[]): void {
    const terminals = typeof currentA === "number" ? Array(this.connector(id).phases ?? 3).fill(currentA) : currentA;
    Object.assign(this.connector(id), { measuredA: terminals, measuredTsMs: this.second * 1000 });
  }

  /** What a meter of a zone says at the present second. */
  meter(zone: string, currentA: number | Triple, location: "including" | "excluding" = "excluding"): void {
    const triple: Triple = typeof currentA === "number" ? [currentA, currentA, currentA] : currentA;
    const target = this.zones.find(({ id }) => id === zone)!;
    target.meters = [{ id: "m", location, currentA: triple, tsMs: this.second * 1000 }];
  }

  /** Goes on with a new controller that was given the state of the old one. */
  restart(saved: JsonValue = JSON.parse(JSON.stringify(this.controller.state()))): void {
    this.controller = createDlmController(this.#config, saved);
  }
}

/** The setpoints of a result, A. */
export function limits(result: ControllerResult): Record<string, number> {
  return Object.fromEntries(Object.entries(result.setpoints).map(([id, { limitA }]) => [id, limitA]));
}

/** A root zone `z`. */
export function root(limitA: number, more: Partial<SnapshotZone> = {}): SnapshotZone {
  return { id: "z", parent: null, limitA, ...more };
}

/** A connector in zone `z`. */
export function car(id: string, more: Partial<SnapshotConnector> = {}): SnapshotConnector {
  return { id, zone: "z", ...more };
}

/** The snapshot with what is commanded up to now, A by connector. */
export function withCommanded(
  snapshot: Snapshot,
  limitsA: ReadonlyMap<string, number> | Readonly<Record<string, number>>,
): Snapshot {
  const known = new Map(limitsA instanceof Map ? limitsA : Object.entries(limitsA));
  const connectors = snapshot.connectors.map((connector) => ({
    ...connector,
    commandedA: known.get(connector.id) ?? 0,
  }));
  return { ...snapshot, connectors };
}
