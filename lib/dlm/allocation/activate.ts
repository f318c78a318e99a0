import { PV_MODE, ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { ImbalanceRetry } from "./imbalance-retry.ts";
import { TOLERANCE_A } from "./row-loads.ts";

const PASSES_WITH_IMBALANCE = 3;

/**
 * Gives connectors `first` … `last − 1` their minimum, in order, wherever every row admits it; as all rows only fill up,
 * this is the lexicographically best choice. Where an imbalance limit holds, a car on another phase may open the way
 * for one that was passed over: that one then comes before all who are behind it in order. What this still leaves is
 * tried again while it changes anything, three times at most. The minimum of a minpv connector is guaranteed whatever the
 * surplus; it may overfill the PV row, which then admits nothing more.
 */
export function activate(draft: Draft, first: number, last: number): void {
  const { rows } = draft.rowLoads.problem;
  const passes = rows.firstImbalanceRow < rows.pvRow ? PASSES_WITH_IMBALANCE : 1;
  for (let pass = 0; pass < passes; pass++) {
    if (!activateOnce(draft, first, last, ROLE.requesting)) return;
  }
}

/** Gives idle connectors their minimum where everything else has left room for it. */
export function wakeIdle(draft: Draft): void {
  if (draft.rowLoads.problem.config.idlePolicy === "zero") return;
  activateOnce(draft, 0, draft.currentA.length, ROLE.idle);
}

function activateOnce(draft: Draft, first: number, last: number, role: number): boolean {
  const { rowLoads, currentA, binding } = draft;
  const { cars, rows } = rowLoads.problem;
  const imbalanceRetry = rows.firstImbalanceRow < rows.pvRow ? new ImbalanceRetry(draft) : null;
  let changed = false;
  for (let car = first; car < last; car++) {
    if (cars.role[car] !== role || currentA[car]! > 0) continue;
    if (cars.maxA[car]! < cars.minA[car]! - TOLERANCE_A) {
      binding[car] = BINDING.maxBelowMin;
      continue;
    }
    if (!start(draft, car)) {
      imbalanceRetry?.add(car);
      continue;
    }
    changed = true;
    imbalanceRetry?.started(car, (candidate) => start(draft, candidate));
  }
  return changed;
}

/** Gives a connector its minimum if every row admits it, else notes the one that does not. */
function start(draft: Draft, car: number): boolean {
  const { rowLoads, currentA, binding } = draft;
  const { cars, rows } = rowLoads.problem;
  const minA = cars.minA[car]!;
  const row = rowLoads.blockedBy(car, minA);
  if (row >= 0 && !(row === rows.pvRow && cars.pvMode[car] === PV_MODE.minpv)) {
    binding[car] = row;
    return false;
  }
  rowLoads.add(car, minA);
  currentA[car] = minA;
  binding[car] = BINDING.none;
  return true;
}
