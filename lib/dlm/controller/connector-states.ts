import type { Topology } from "../topology/tree.ts";
import type { SnapshotConnector } from "../types.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { type ConnectorMemory, newConnector } from "./memory.ts";

/** Keeps what is remembered of each connector from tick to tick. */
export class ConnectorStates {
  #connectors: readonly ControlledConnector[] = [];
  #ids: readonly string[] = [];
  /** The tree that they stand in. */
  #topology: Topology | null = null;
  #restored: ReadonlyMap<string, ConnectorMemory>;

  constructor(restored: ReadonlyMap<string, ConnectorMemory>) {
    this.#restored = restored;
  }

  /**
   * The connectors of a snapshot in its order; what is remembered of connectors that are not in it is forgotten.
   * @param topology the one of the last tick if the same connectors, in the same order, hang where they did
   */
  call(connectors: readonly SnapshotConnector[], topology: Topology): readonly ControlledConnector[] {
    if (topology === this.#topology) return this.#connectors;
    const known = new Map(this.#connectors.map((connector) => [connector.core.id, connector]));
    this.#connectors = connectors.map(
      (given) => known.get(given.id) ?? newConnectorState(given, this.#restored.get(given.id)),
    );
    for (let i = 0; i < connectors.length; i++) this.#connectors[i]!.zone = topology.home[i]!;
    this.#ids = connectors.map(({ id }) => id);
    this.#restored = new Map();
    this.#topology = topology;
    return this.#connectors;
  }

  /** The ids of the connectors, in the order of the last snapshot. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** What is remembered of each connector. */
  memories(): ReadonlyMap<string, ConnectorMemory> {
    return new Map([...this.#restored, ...this.#connectors.map(({ core, memory }) => [core.id, memory] as const)]);
  }
}

function newConnectorState(given: SnapshotConnector, memory: ConnectorMemory | undefined): ControlledConnector {
  // What is asked of it last comes first, so that it lies together in memory.
  return {
    memory: memory ?? newConnector(),
    limitA: 0,
    held: null,
    reservedA: 0,
    targetA: 0,
    zone: -1,
    phases: [],
    terminals: 3,
    state: "charging",
    mode: "fast",
    role: "part",
    heldA: null,
    drawA: null,
    minA: 0,
    sampleAgeS: 0,
    given,
    core: { id: given.id, zone: undefined },
    wiredPhases: [],
    detectedPhases: undefined,
    maxA: 0,
    fresh: false,
    resumed: false,
  };
}
