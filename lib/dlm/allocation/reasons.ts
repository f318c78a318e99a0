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

/** Lists by number, each made when it is first asked for. */
type Lists = (Reason[] | undefined)[];

/**
 * Why each connector of a draft has what it has, the binding reason first. Connectors bound alike share one frozen
 * list: with thousands of them, making the lists would take longer than sharing the current.
 */
export class ReasonBook {
  readonly #draft: Draft;
  /** By row: has no room for the minimum; holds the current; holds it at the minimum. */
  readonly #waiting: Lists;
  readonly #limited: Lists;
  readonly #limitedToMin: Lists;
  /** By zone. */
  readonly #failSafe: Lists;

  constructor(draft: Draft) {
    const { rows, tree } = draft.rowLoads.problem;
    this.#draft = draft;
    this.#waiting = new Array(rows.count);
    this.#limited = new Array(rows.count);
    this.#limitedToMin = new Array(rows.count);
    this.#failSafe = new Array(tree.zones.length);
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

  #waitingFor(car: number): Reason[] {
    const binding = this.#draft.binding[car]!;
    if (binding !== BINDING.maxBelowMin) return this.#waitingOn(binding);
    const failSafe = this.#failSafeOf(car);
    return failSafe === null ? MAX_BELOW_MIN : share(...MAX_BELOW_MIN, ...failSafe);
  }

  #charging(car: number): Reason[] {
    const { cars } = this.#draft.rowLoads.problem;
    const binding = this.#draft.binding[car]!;
    const currentA = this.#draft.currentA[car]!;
    const failSafe = this.#failSafeOf(car);
    if (binding < 0 || currentA >= cars.maxA[car]! - TOLERANCE_A) return failSafe ?? MAX;
    const isAtMin = currentA <= cars.minA[car]! + TOLERANCE_A;
    const reasons = isAtMin ? this.#limitedToMinBy(binding) : this.#limitedBy(binding);
    return failSafe === null ? reasons : share(...reasons, ...failSafe);
  }

  #limitedBy(row: number): Reason[] {
    this.#limited[row] ??= share(rowReason(this.#draft.rowLoads.problem, row));
    return this.#limited[row];
  }

  #limitedToMinBy(row: number): Reason[] {
    this.#limitedToMin[row] ??= share(this.#limitedBy(row)[0]!, MIN);
    return this.#limitedToMin[row];
  }

  /** `WAIT` names the zone and phase without room for the minimum; the next reason tells the kind of limit. */
  #waitingOn(row: number): Reason[] {
    const limit = this.#limitedBy(row)[0]!;
    this.#waiting[row] ??= share({ ...limit, code: "WAIT" }, limit);
    return this.#waiting[row];
  }

  #failSafeOf(car: number): Reason[] | null {
    const { tree, failSafeZone } = this.#draft.rowLoads.problem;
    const zone = failSafeZone[tree.home[car]!]!;
    if (zone < 0) return null;
    this.#failSafe[zone] ??= share({ code: "FAILSAFE", zone: tree.zones[zone]!.id });
    return this.#failSafe[zone];
  }
}
