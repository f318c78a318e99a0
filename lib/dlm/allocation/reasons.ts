import { sentence } from "../../words/sentence.ts";
import type { Reason, ReasonCode, ReasonNote } from "../types.ts";
import { ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { TOLERANCE_A } from "./row-loads.ts";
import { rowReason } from "./rows.ts";

const OFFLINE = share({ code: "OFFLINE" });
const UNCONTROLLABLE = share(noted("OFFLINE", "uncontrollable"));
const OFF = share({ code: "OFF" });
const NOT_REQUESTING = share({ code: "NOT_REQUESTING" });
const IDLE_MIN = share({ code: "IDLE_MIN" });
const IDLE = share({ code: "IDLE" });
const MAX = share({ code: "MAX" });
const MIN: Reason = Object.freeze({ code: "MIN" });
const MAX_BELOW_MIN = share({ code: "MAX_BELOW_MIN" });

/** A reason that its code alone does not tell, in English; `note` finds the sentence in other languages. */
export function noted(code: ReasonCode, note: ReasonNote): Reason {
  return { code, note, text: sentence("en-US", `load.${note}`) };
}

/** One list for many connectors, so it may not be changed. */
function share(...reasons: Reason[]): Reason[] {
  for (const reason of reasons) Object.freeze(reason);
  return Object.freeze(reasons) as Reason[];
}

/** Makes each list once, when it is first asked for. */
function onceEach(count: number, make: (index: number) => Reason[]): (index: number) => Reason[] {
  const made = new Array<Reason[] | undefined>(count);
  return (index) => {
    made[index] ??= make(index);
    return made[index];
  };
}

/**
 * Why each connector of a draft has what it has, the binding reason first. Connectors bound alike share one frozen
 * list: with thousands of them, making the lists would take longer than sharing the current.
 */
export class ReasonBook {
  readonly #draft: Draft;
  /** By row: has no room for the minimum; holds the current; holds it at the minimum. */
  readonly #waiting: (row: number) => Reason[];
  readonly #limited: (row: number) => Reason[];
  readonly #limitedToMin: (row: number) => Reason[];
  /** By zone. */
  readonly #failSafe: (zone: number) => Reason[];

  constructor(draft: Draft) {
    const { problem } = draft.rowLoads;
    this.#draft = draft;
    this.#limited = onceEach(problem.rows.count, (row) => share(rowReason(problem, row)));
    this.#waiting = onceEach(problem.rows.count, (row) => {
      const limit = this.#limited(row)[0]!;
      return share({ ...limit, code: "WAIT" }, limit);
    });
    this.#limitedToMin = onceEach(problem.rows.count, (row) => share(this.#limited(row)[0]!, MIN));
    this.#failSafe = onceEach(problem.tree.zones.length, (zone) =>
      share({ code: "FAILSAFE", zone: problem.tree.zones[zone]!.id }),
    );
  }

  /** The list is frozen, and so are the reasons in it. */
  for(car: number): Reason[] {
    const charges = this.#draft.currentA[car]! > 0;
    switch (this.#draft.rowLoads.problem.cars.role[car]) {
      case ROLE.offline:
        return OFFLINE;
      case ROLE.uncontrollable:
        return UNCONTROLLABLE;
      case ROLE.off:
        return OFF;
      case ROLE.available:
        return NOT_REQUESTING;
      case ROLE.idle:
        return charges ? IDLE_MIN : this.#idle(car);
      default:
        return charges ? this.#charging(car) : this.#waitingFor(car);
    }
  }

  #idle(car: number): Reason[] {
    return this.#draft.binding[car] === BINDING.none ? IDLE : share(...IDLE, ...this.#waitingFor(car));
  }

  /** `WAIT` names the zone and phase without room for the minimum; the next reason tells the kind of limit. */
  #waitingFor(car: number): Reason[] {
    const binding = this.#draft.binding[car]!;
    if (binding !== BINDING.maxBelowMin) return this.#waiting(binding);
    const failSafe = this.#failSafeOf(car);
    return failSafe === null ? MAX_BELOW_MIN : share(...MAX_BELOW_MIN, ...failSafe);
  }

  #charging(car: number): Reason[] {
    const { cars } = this.#draft.rowLoads.problem;
    const binding = this.#draft.binding[car]!;
    const currentA = this.#draft.currentA[car]!;
    const failSafe = this.#failSafeOf(car);
    if (binding < 0 || currentA >= cars.maxA[car]! - TOLERANCE_A) return failSafe ?? MAX;
    const reasonsOf = currentA <= cars.minA[car]! + TOLERANCE_A ? this.#limitedToMin : this.#limited;
    return failSafe === null ? reasonsOf(binding) : share(...reasonsOf(binding), ...failSafe);
  }

  #failSafeOf(car: number): Reason[] | null {
    const { tree, failSafeZone } = this.#draft.rowLoads.problem;
    const zone = failSafeZone[tree.home[car]!]!;
    return zone < 0 ? null : this.#failSafe(zone);
  }
}
