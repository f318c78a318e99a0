import type { Snapshot } from "../types.ts";

type Zones = Snapshot["zones"];

/** How the zones of a snapshot hang together; zones are named by their position in it. */
export class ZoneTree {
  /** Each zone before the one above it. */
  readonly childrenFirst: readonly number[];
  readonly #ids: readonly string[];
  readonly #parents: readonly (string | null)[];
  readonly #position: ReadonlyMap<string, number>;
  readonly #paths = new Map<string, readonly number[]>();

  constructor(zones: Zones) {
    this.#ids = zones.map(({ id }) => id);
    this.#parents = zones.map(({ parent }) => parent);
    this.#position = new Map(this.#ids.map((id, z) => [id, z]));
    const depth = this.#ids.map((id) => this.path(id).length);
    this.childrenFirst = zones.map((_, z) => z).sort((a, b) => depth[b]! - depth[a]!);
  }

  /** Whether these zones hang together in the same way. */
  holds(zones: Zones): boolean {
    if (zones.length !== this.#ids.length) return false;
    return zones.every(({ id, parent }, z) => id === this.#ids[z] && parent === this.#parents[z]);
  }

  /** The zone of that id and all above it. */
  path(zoneId: string): readonly number[] {
    const known = this.#paths.get(zoneId);
    if (known) return known;
    const path: number[] = [];
    for (let z = this.#position.get(zoneId); z !== undefined && !path.includes(z); ) {
      path.push(z);
      z = this.#position.get(this.#parents[z] ?? "");
    }
    this.#paths.set(zoneId, path);
    return path;
  }
}
