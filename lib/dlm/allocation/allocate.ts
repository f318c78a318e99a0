import type { AllocationInput, AllocationResult } from "../types.ts";
import { prepare } from "./prepare.ts";
import { quantise } from "./quantise.ts";
import { report } from "./report.ts";
import { solve } from "./solve.ts";

/**
 * Shares the current of a tree of zones among connectors: pure, synchronous, the same result for the same input in any
 * order. Each connector gets 0 or a current between its minimum and its maximum, in A per phase on the site phases it
 * loads (`phasesA`), and the reasons for it, the binding one first. No phase of a zone, no power limit and no imbalance
 * limit is exceeded by what is allocated and reserved together; where reservations alone exceed a limit, nothing is
 * allocated there. `zones[id].loadA` is allocated plus reserved, background not included. Connectors that are bound
 * alike share their reasons, which are therefore frozen; all else in the result is the caller's to keep and change.
 *
 * Prepared pieces, for those who must hold other currents against the same limits: `prepare(input)` gives the limits as
 * rows and the connectors in activation order, `RowLoads` adds currents to the rows and tells which one is full, as long as no
 * current is above its connector's maximum.
 * @throws TypeError | RangeError naming the path of a malformed value, e.g. `zones[2].limitA[1]`
 */
export function allocate(input: AllocationInput): AllocationResult {
  const draft = solve(prepare(input));
  quantise(draft);
  return report(draft);
}
