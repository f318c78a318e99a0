import { checkUnique } from "../topology/tree.ts";
import type { AllocationResult, Reason } from "../types.ts";
import { sumUpwards } from "./background.ts";
import type { Draft } from "./draft.ts";
import type { AllocationProblem } from "./prepare.ts";
import { ReasonBook } from "./reasons.ts";

/**
 * The decision in the contract's shape. Both records have no prototype, so that any id is a key like any other; their
 * keys are in activation order and in tree order, whatever the order of the input. `loadA` counts what is allocated
 * and what offline and uncontrollable connectors reserve: all that the zone must be able to carry for chargers.
 * Reasons are frozen, as connectors share them.
 */
export function report(draft: Draft): AllocationResult {
  return { connectors: reportConnectors(draft, new ReasonBook(draft)), zones: reportZones(draft) };
}

/**
 * What each connector has and why.
 * @throws RangeError where two have the same id: to look it up here costs next to nothing, as the record is made anyway
 */
export function reportConnectors(
  draft: Draft,
  reasons: { for(car: number): Reason[] },
): AllocationResult["connectors"] {
  const { problem } = draft.rowLoads;
  const { count, ids, phaseMask } = problem.cars;
  const shares: AllocationResult["connectors"][string][] = new Array(count);
  for (let car = 0; car < count; car++) {
    const limitA = draft.currentA[car]!;
    const mask = phaseMask[car]!;
    shares[car] = {
      limitA,
      phasesA: [(mask & 1) * limitA, ((mask >> 1) & 1) * limitA, (mask >> 2) * limitA],
      reasons: reasons.for(car),
    };
  }
  // In two goes: each has its own part of memory to itself.
  const connectors: AllocationResult["connectors"] = Object.create(null);
  for (let car = 0; car < count; car++) {
    const id = ids[car]!;
    if (connectors[id] !== undefined) rejectDuplicate(problem);
    connectors[id] = shares[car]!;
  }
  return connectors;
}

/** Names the second of two connectors with the same id by its number in the input. */
function rejectDuplicate({ order, cars }: AllocationProblem): void {
  const connectors: { id: string }[] = [];
  for (let car = 0; car < cars.count; car++) connectors[order[car]!] = { id: cars.ids[car]! };
  checkUnique(connectors);
}

/** What each zone has for chargers and what they may draw of it. */
export function reportZones({ rowLoads: { problem }, currentA }: Draft): AllocationResult["zones"] {
  const { tree, cars, rows, backgroundA, failSafe } = problem;
  const loadA = new Float64Array(3 * tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    const carA = currentA[car]! + cars.reservedA[car]!;
    const mask = cars.phaseMask[car]!;
    const first = 3 * tree.home[car]!;
    loadA[first]! += (mask & 1) * carA;
    loadA[first + 1]! += ((mask >> 1) & 1) * carA;
    loadA[first + 2]! += (mask >> 2) * carA;
  }
  sumUpwards(tree, loadA);
  const zones: AllocationResult["zones"] = Object.create(null);
  for (let zone = 0; zone < tree.zones.length; zone++) {
    const l1 = 3 * zone;
    zones[tree.zones[zone]!.id] = {
      capacityA: [rows.capacityA[l1]!, rows.capacityA[l1 + 1]!, rows.capacityA[l1 + 2]!],
      backgroundA: [backgroundA[l1]!, backgroundA[l1 + 1]!, backgroundA[l1 + 2]!],
      loadA: [clean(loadA[l1]!), clean(loadA[l1 + 1]!), clean(loadA[l1 + 2]!)],
      failSafe: failSafe[zone] === 1,
    };
  }
  return zones;
}

/** Without the binary noise of adding up tenths. */
function clean(sumA: number): number {
  return Math.round(sumA * 1e9) / 1e9;
}
