import type { AllocationProblem } from "./prepare.ts";
import { RowLoads } from "./row-loads.ts";

/** What binds a connector: a row (0 and above) or one of these. */
export const BINDING = { none: -1, max: -2, maxBelowMin: -3 } as const;

/** A decision in the making: currents with the row loads they make and what binds each of them. */
export interface Draft {
  readonly rowLoads: RowLoads;
  /** A per phase; 0 = nothing. */
  readonly currentA: Float64Array;
  readonly binding: Int32Array;
}

export function newDraft(problem: AllocationProblem): Draft {
  const { count } = problem.cars;
  return {
    rowLoads: new RowLoads(problem),
    currentA: new Float64Array(count),
    binding: new Int32Array(count).fill(BINDING.none),
  };
}
