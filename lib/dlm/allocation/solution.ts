import type { AllocationResult, Reason } from "../types.ts";
import { ROLE } from "./cars.ts";
import type { Draft } from "./draft.ts";
import type { AllocationProblem } from "./prepare.ts";
import { quantise } from "./quantise.ts";
import { ReasonBook } from "./reasons.ts";
import { reportConnectors, reportZones } from "./report.ts";
import { begin, complete } from "./solve.ts";

/**
 * A decision by the numbers of the connectors in the input. Who has a current is decided at once; how much, and the records of
 * the contract, only when they are asked for: each of the three takes about as long as the others.
 */
export class Solution {
  readonly problem: AllocationProblem;
  readonly #draft: Draft;
  readonly #reasons: ReasonBook;
  /** Position in activation order of each connector. */
  readonly #place: Int32Array;
  readonly #limitA: Float64Array;
  #isDecided = false;
  #zones: AllocationResult["zones"] | null = null;

  constructor(problem: AllocationProblem) {
    this.problem = problem;
    this.#draft = begin(problem);
    this.#reasons = new ReasonBook(this.#draft);
    const { order } = problem;
    this.#limitA = new Float64Array(order.length);
    this.#place = new Int32Array(order.length);
    for (let car = 0; car < order.length; car++) this.#place[order[car]!] = car;
  }

  /** Whether a connector requests current and gets some. Idle cars are not served: they get what is left at the end. */
  isServed(connector: number): boolean {
    const car = this.#place[connector]!;
    return this.problem.cars.role[car] === ROLE.requesting && this.#draft.currentA[car]! > 0;
  }

  /** Whether a connector requests current and there is no room for its minimum. */
  waits(connector: number): boolean {
    const car = this.#place[connector]!;
    if (this.problem.cars.role[car] !== ROLE.requesting || this.#draft.currentA[car]! > 0) return false;
    return this.#reasons.for(car)[0]!.code === "WAIT";
  }

  /** What each connector gets, A per phase. */
  get limitA(): Float64Array {
    this.#decided();
    return this.#limitA;
  }

  /** The draft when all currents are in it. */
  #decided(): Draft {
    if (this.#isDecided) return this.#draft;
    this.#isDecided = true;
    complete(this.#draft);
    quantise(this.#draft);
    const { order } = this.problem;
    for (let car = 0; car < order.length; car++) this.#limitA[order[car]!] = this.#draft.currentA[car]!;
    return this.#draft;
  }

  /** Why a connector has what it has, the binding reason first; frozen. */
  reasons(connector: number): Reason[] {
    this.#decided();
    return this.#reasons.for(this.#place[connector]!);
  }

  /** As the contract has it. @param reasons instead of those of some connectors, by number in the input */
  connectors(reasons: ReadonlyMap<number, Reason[]>): AllocationResult["connectors"] {
    const { order } = this.problem;
    const book = { for: (car: number) => reasons.get(order[car]!) ?? this.#reasons.for(car) };
    return reportConnectors(this.#decided(), reasons.size === 0 ? this.#reasons : book);
  }

  get zones(): AllocationResult["zones"] {
    this.#zones ??= reportZones(this.#decided());
    return this.#zones;
  }
}
