import type { AllocationResult, Reason } from "../types.ts";
import type { Draft } from "./draft.ts";
import type { AllocationProblem } from "./prepare.ts";
import { quantise } from "./quantise.ts";
import { ReasonBook } from "./reasons.ts";
import { reportConnectors, reportZones } from "./report.ts";
import { solve } from "./solve.ts";

/**
 * A decided problem by the numbers of its input, without the records of the contract: those are made when they are asked
 * for, as making them takes about as long as deciding.
 */
export class Solution {
  readonly problem: AllocationProblem;
  /** What each connector gets, A per phase, by its number in the input. */
  readonly limitA: Float64Array;
  readonly #draft: Draft;
  readonly #reasons: ReasonBook;
  /** Position in activation order of each connector. */
  readonly #place: number[];
  #zones: AllocationResult["zones"] | null = null;

  constructor(problem: AllocationProblem) {
    this.problem = problem;
    this.#draft = solve(problem);
    quantise(this.#draft);
    this.#reasons = new ReasonBook(this.#draft);
    const { order } = problem;
    this.limitA = new Float64Array(order.length);
    this.#place = new Array<number>(order.length);
    for (let car = 0; car < order.length; car++) {
      this.limitA[order[car]!] = this.#draft.currentA[car]!;
      this.#place[order[car]!] = car;
    }
  }

  /** Why a connector has what it has, the binding reason first; frozen. */
  reasons(connector: number): Reason[] {
    return this.#reasons.for(this.#place[connector]!);
  }

  /** As the contract has it. @param reasons instead of those of some connectors, by number in the input */
  connectors(reasons: ReadonlyMap<number, Reason[]>): AllocationResult["connectors"] {
    const { order } = this.problem;
    const book = { for: (car: number) => reasons.get(order[car]!) ?? this.#reasons.for(car) };
    return reportConnectors(this.#draft, reasons.size === 0 ? this.#reasons : book);
  }

  get zones(): AllocationResult["zones"] {
    this.#zones ??= reportZones(this.#draft);
    return this.#zones;
  }
}
