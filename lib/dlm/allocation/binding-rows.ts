import type { ZoneTree } from "../topology/tree.ts";
import { type Cars, ROLE } from "./cars.ts";

/**
 * Which rows may bind: 0 for one that cannot be exceeded while the other rows hold and no connector exceeds its maximum.
 * Most rows of a large site are such, and nobody need look at them.
 */
export function findBinding(tree: ZoneTree, cars: Cars, capacityA: Float64Array, reservedA: Float64Array): Uint8Array {
  const mayBind = reachable(tree, cars, capacityA, reservedA);
  dropShadowed(tree, cars, capacityA, reservedA, mayBind);
  return mayBind;
}

/** More than the tolerances of the rows below can add up to, A. */
const SURE_MARGIN_A = 0.01;

/**
 * A zone's phase is out of question if what its connectors can draw at their maximums, as far as the zones below let
 * them, fits it with a margin. Only the phases of zones are tested; the other rows are few.
 */
function reachable(tree: ZoneTree, cars: Cars, capacityA: Float64Array, reservedA: Float64Array): Uint8Array {
  const mostA = new Float64Array(3 * tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    const mask = cars.phaseMask[car]!;
    const first = 3 * tree.home[car]!;
    const maxA = cars.role[car]! > ROLE.idle ? cars.reservedA[car]! : cars.maxA[car]!;
    mostA[first]! += (mask & 1) * maxA;
    mostA[first + 1]! += ((mask >> 1) & 1) * maxA;
    mostA[first + 2]! += (mask >> 2) * maxA;
  }
  const mayBind = new Uint8Array(capacityA.length).fill(1);
  for (let zone = 0; zone < tree.parent.length; zone++) {
    const parent = tree.parent[zone]!;
    for (let phase = 0; phase < 3; phase++) {
      const row = 3 * zone + phase;
      if (mostA[row]! + SURE_MARGIN_A <= capacityA[row]!) mayBind[row] = 0;
      if (parent >= 0) mostA[3 * parent + phase]! += Math.max(reservedA[row]!, Math.min(capacityA[row]!, mostA[row]!));
    }
  }
  return mayBind;
}

/** At 3 × p + q: the set of phase masks that have phase p but not phase q, mask m as bit m. */
const WITHOUT = Uint8Array.from({ length: 9 }, (_, pair) => {
  const [p, q] = [Math.floor(pair / 3), pair % 3];
  const masks = [0, 1, 2, 3, 4, 5, 6, 7].filter((mask) => (mask >> p) % 2 === 1 && (mask >> q) % 2 === 0);
  return masks.reduce((set, mask) => set | (1 << mask), 0);
});

/** A phase is out of question, too, if an earlier one of its zone has no more room and all who load it load that one as well. */
function dropShadowed(
  tree: ZoneTree,
  cars: Cars,
  capacityA: Float64Array,
  reservedA: Float64Array,
  mayBind: Uint8Array,
): void {
  const masks = new Uint8Array(tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    if (cars.role[car]! <= ROLE.idle) masks[tree.home[car]!]! |= 1 << cars.phaseMask[car]!;
  }
  for (let zone = 0; zone < masks.length; zone++) {
    const parent = tree.parent[zone]!;
    if (parent >= 0) masks[parent]! |= masks[zone]!;
    for (let p = 1; p < 3; p++) {
      const row = 3 * zone + p;
      const roomA = capacityA[row]! - reservedA[row]!;
      for (let q = 0; q < p; q++) {
        const other = 3 * zone + q;
        const isShadowed = (masks[zone]! & WITHOUT[3 * p + q]!) === 0;
        if (isShadowed && capacityA[other]! - reservedA[other]! <= roomA) mayBind[row] = 0;
      }
    }
  }
}
