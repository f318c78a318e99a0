import type { Forest } from "../topology/tree.ts";
import { type ConnectorMemory, newConnector } from "./memory.ts";
import { type GivenConnector, newCore, type Outlet } from "./outlet.ts";

/** Keeps the outlets from tick to tick. */
export class Roster {
  #outlets: readonly Outlet[] = [];
  #ids: readonly string[] = [];
  /** The forest that they stand in. */
  #forest: Forest | null = null;
  #restored: ReadonlyMap<string, ConnectorMemory>;

  constructor(restored: ReadonlyMap<string, ConnectorMemory>) {
    this.#restored = restored;
  }

  /**
   * The outlets of a snapshot in its order; what is remembered of connectors that are not in it is forgotten.
   * @param forest the one of the last tick if the same connectors, in the same order, hang where they did
   */
  call(connectors: readonly GivenConnector[], forest: Forest): readonly Outlet[] {
    if (forest === this.#forest) return this.#outlets;
    const known = new Map(this.#outlets.map((outlet) => [outlet.core.id, outlet]));
    this.#outlets = connectors.map((given) => known.get(given.id) ?? newOutlet(given, this.#restored.get(given.id)));
    for (let i = 0; i < connectors.length; i++) this.#outlets[i]!.zone = forest.home[i]!;
    this.#ids = connectors.map(({ id }) => id);
    this.#restored = new Map();
    this.#forest = forest;
    return this.#outlets;
  }

  /** The ids of the connectors, in the order of the outlets. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** What is remembered of each connector. */
  memories(): ReadonlyMap<string, ConnectorMemory> {
    return new Map([...this.#restored, ...this.#outlets.map(({ core, memory }) => [core.id, memory] as const)]);
  }
}

function newOutlet(given: GivenConnector, memory: ConnectorMemory | undefined): Outlet {
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
    core: newCore(given.id),
    wiredPhases: [],
    detectedPhases: undefined,
    maxA: 0,
    fresh: false,
  };
}
