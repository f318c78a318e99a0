import { compareByCodePoint } from "../allocation/order.ts";
import { reject } from "../allocation/validate.ts";
import type { Zone } from "../types.ts";

/** The zones as they are given, found to be trees, and the zone of each connector. */
export interface Topology {
  /** Number of each zone's parent; -1 for a root. */
  readonly parent: Int32Array;
  /** 1 for a root. */
  readonly depth: Int32Array;
  /** Number of the zone of each connector. */
  readonly home: Int32Array;
}

/**
 * The zones in an order that does not depend on the order of the input: children before their parents, and among
 * zones of one depth first the one whose connectors are served first.
 */
export interface ZoneTree {
  readonly zones: readonly Zone[];
  /** Position of each zone's parent, always larger than its own; -1 for a root. */
  readonly parent: Int32Array;
  /** Position of the zone of each connector, in activation order. */
  readonly home: Int32Array;
  /** Position of each zone, by its number in the input. */
  readonly position: Int32Array;
}

/**
 * Numbers the zones and places the connectors. That no two connectors have the same id is for the caller to see to.
 * @throws RangeError naming the path of a zone's duplicate id, an unknown zone or parent, or a zone within a cycle
 */
export function buildTopology(zones: readonly Placed[], connectors: readonly { id: string; zone: string }[]): Topology {
  const index = indexById(zones);
  const parent = findParents(zones, index);
  const depth = depths(zones, parent);
  const home = new Int32Array(connectors.length);
  for (let i = 0; i < connectors.length; i++) {
    const zone = index.get(connectors[i]!.zone);
    if (zone === undefined) {
      checkUnique(connectors);
      return reject(`connectors[${i}].zone`, "the id of a zone", connectors[i]!.zone);
    }
    home[i] = zone;
  }
  return { parent, depth, home };
}

/**
 * Builds the tree.
 * @param zones those that the topology was built from, or others with the same ids and parents
 * @param order the connectors in activation order, as numbers of the input
 */
export function buildTree(topology: Topology, zones: readonly Zone[], order: readonly number[]): ZoneTree {
  return renumber(topology, zones, order, childrenFirst(byFirstUse(topology, zones, order), topology.depth));
}

type Placed = Pick<Zone, "id" | "parent">;

function renumber(
  topology: Topology,
  given: readonly Zone[],
  order: readonly number[],
  sequence: readonly number[],
): ZoneTree {
  const zones: Zone[] = [];
  const position = new Int32Array(sequence.length);
  for (let i = 0; i < sequence.length; i++) {
    zones.push(given[sequence[i]!]!);
    position[sequence[i]!] = i;
  }
  const parent = new Int32Array(sequence.length);
  for (let i = 0; i < sequence.length; i++) {
    const above = topology.parent[sequence[i]!]!;
    parent[i] = above < 0 ? -1 : position[above]!;
  }
  const carHome = new Int32Array(order.length);
  for (let car = 0; car < order.length; car++) carHome[car] = position[topology.home[order[car]!]!]!;
  return { zones, parent, home: carHome, position };
}

/** @throws RangeError naming the second of two connectors with the same id */
export function checkUnique(connectors: readonly { id: string }[]): void {
  const ids = new Set<string>();
  for (let i = 0; i < connectors.length; i++) {
    const { id } = connectors[i]!;
    if (ids.size === ids.add(id).size) reject(`connectors[${i}].id`, "unique", id);
  }
}

function indexById(zones: readonly Placed[]): Map<string, number> {
  const index = new Map<string, number>();
  for (let i = 0; i < zones.length; i++) {
    index.set(zones[i]!.id, i);
    if (index.size <= i) reject(`zones[${i}].id`, "unique", zones[i]!.id);
  }
  return index;
}

function findParents(zones: readonly Placed[], index: ReadonlyMap<string, number>): Int32Array {
  const parent = new Int32Array(zones.length);
  for (let i = 0; i < zones.length; i++) {
    const name = zones[i]!.parent;
    const found = name === null ? -1 : index.get(name);
    if (found === undefined) return reject(`zones[${i}].parent`, "null or the id of a zone", name);
    parent[i] = found;
  }
  return parent;
}

function depths(zones: readonly Placed[], parent: Int32Array): Int32Array {
  const depth = new Int32Array(zones.length);
  const path: number[] = [];
  for (let i = 0; i < zones.length; i++) {
    for (let zone = i; zone >= 0 && depth[zone] === 0; zone = parent[zone]!) {
      depth[zone] = -1;
      path.push(zone);
    }
    const top = parent[path[path.length - 1] ?? i]!;
    if (path.length > 0 && top >= 0 && depth[top] === -1) {
      reject(`zones[${i}].parent`, "free of cycles", zones[i]!.parent);
    }
    let level = top < 0 ? 0 : depth[top]!;
    for (let zone = path.pop(); zone !== undefined; zone = path.pop()) depth[zone] = ++level;
  }
  return depth;
}

/** Zones as the connectors, in activation order, meet them on their way to the root; then the unused ones by id. */
function byFirstUse({ home, parent }: Topology, zones: readonly Zone[], order: readonly number[]): number[] {
  const used: number[] = [];
  const isUsed = new Uint8Array(zones.length);
  for (let i = 0; i < order.length; i++) {
    for (let zone = home[order[i]!]!; zone >= 0 && isUsed[zone] === 0; zone = parent[zone]!) {
      isUsed[zone] = 1;
      used.push(zone);
    }
  }
  const unused: number[] = [];
  for (let zone = 0; zone < zones.length; zone++) if (isUsed[zone] === 0) unused.push(zone);
  return used.concat(unused.sort((a, b) => compareByCodePoint(zones[a]!.id, zones[b]!.id)));
}

function childrenFirst(sequence: readonly number[], depth: Int32Array): number[] {
  return sequence.toSorted((a, b) => depth[b]! - depth[a]!);
}
