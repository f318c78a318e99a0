import { newCore } from "./core.ts";
import { type ConnectorMemory, newConnector } from "./memory.ts";
import type { GivenConnector, Outlet } from "./outlet.ts";

/** Keeps the outlets from tick to tick. */
export class Roster {
  #outlets: readonly Outlet[] = [];
  #restored: ReadonlyMap<string, ConnectorMemory>;

  constructor(restored: ReadonlyMap<string, ConnectorMemory>) {
    this.#restored = restored;
  }

  /** The outlets of a snapshot in its order; what is remembered of connectors that are not in it is forgotten. */
  call(connectors: readonly GivenConnector[], home: Int32Array): readonly Outlet[] {
    if (!this.#isSame(connectors)) {
      const known = new Map(this.#outlets.map((outlet) => [outlet.core.id, outlet]));
      this.#outlets = connectors.map((given) => known.get(given.id) ?? newOutlet(given, this.#restored.get(given.id)));
    }
    this.#restored = new Map();
    for (let i = 0; i < connectors.length; i++) {
      const outlet = this.#outlets[i]!;
      outlet.given = connectors[i]!;
      outlet.zone = home[i]!;
    }
    return this.#outlets;
  }

  /** What is remembered of each connector. */
  memories(): ReadonlyMap<string, ConnectorMemory> {
    return new Map([...this.#restored, ...this.#outlets.map(({ core, memory }) => [core.id, memory] as const)]);
  }

  #isSame(connectors: readonly GivenConnector[]): boolean {
    if (this.#outlets.length !== connectors.length) return false;
    for (let i = 0; i < connectors.length; i++) if (this.#outlets[i]!.core.id !== connectors[i]!.id) return false;
    return true;
  }
}

function newOutlet(given: GivenConnector, memory: ConnectorMemory | undefined): Outlet {
  return {
    given,
    memory: memory ?? newConnector(),
    zone: -1,
    state: "charging",
    mode: "fast",
    wiredPhases: [],
    phases: [],
    terminals: 3,
    detectedPhases: undefined,
    minA: 0,
    maxA: 0,
    drawA: null,
    sampleAgeS: 0,
    fresh: false,
    role: "part",
    core: newCore(given.id),
    targetA: 0,
    limitA: 0,
    held: null,
    reservedA: 0,
  };
}
