import type { JsonValue } from "../../units.ts";
import { list } from "../inputs/signals.ts";
import type { PlantConnector } from "../topology/plant.ts";
import type { RootPlant } from "../topology/root-plant.ts";

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Connectors that were found on another phase than their rotation says: until that is set anew they count on every phase, as those whose
 * rotation nobody knows.
 */
export class WrongPhaseConnectors {
  readonly #found = new Map<string, { wiring: string; phase: number }>();

  /** @param phase 0..2, the phase on which it was found */
  add(connector: PlantConnector, phase: number): void {
    this.#found.set(connector.id, { wiring: wiringOf(connector), phase });
  }

  /** The phase (0..2) on which a connector was found; null where nothing is known against what is said of it now. */
  phaseOf(connector: PlantConnector): number | null {
    const found = this.#found.get(connector.id);
    return found && found.wiring === wiringOf(connector) ? found.phase : null;
  }

  /** Nothing was found of any connector. */
  get isEmpty(): boolean {
    return this.#found.size === 0;
  }

  /** Ids of the connectors of a plant that were found on another phase. */
  below({ connectors }: RootPlant): ReadonlySet<string> {
    if (this.isEmpty) return NOBODY;
    return new Set(connectors.filter((one) => this.phaseOf(one) !== null).map(({ id }) => id));
  }

  save(): JsonValue {
    return [...this.#found].map(([id, { wiring, phase }]) => [id, wiring, phase]);
  }

  /** The reverse of `save`; what it does not understand it leaves out. */
  restore(saved: JsonValue | undefined): void {
    this.#found.clear();
    for (const entry of list(saved)) {
      const [id, wiring, phase] = list(entry);
      if (typeof id === "string" && typeof wiring === "string" && (phase === 0 || phase === 1 || phase === 2))
        this.#found.set(id, { wiring, phase });
    }
  }
}

function wiringOf({ wiring: { phases, rotation } }: PlantConnector): string {
  return `${phases} ${rotation}`;
}
