import { sumUpwards } from "./background.ts";
import { ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { TOLERANCE_A } from "./ledger.ts";
import type { Problem } from "./prepare.ts";
import { rowReason } from "./rows.ts";
import type { AllocationResult, Reason } from "./types.ts";

/**
 * The decision in the contract's shape. Both records have no prototype, so that any id is a key like any other; their
 * keys are in activation order and in tree order, whatever the order of the input. `loadA` counts what is allocated
 * and what offline and uncontrollable connectors reserve: all that the zone must be able to carry for chargers.
 */
export function report(draft: Draft): AllocationResult {
  const { problem } = draft.ledger;
  const connectors: AllocationResult["connectors"] = Object.create(null);
  for (let car = 0; car < problem.cars.count; car++) {
    const limitA = draft.currentA[car]!;
    const mask = problem.cars.phaseMask[car]!;
    connectors[problem.cars.ids[car]!] = {
      limitA,
      phasesA: [(mask & 1) === 0 ? 0 : limitA, (mask & 2) === 0 ? 0 : limitA, (mask & 4) === 0 ? 0 : limitA],
      reasons: reasonsFor(draft, car),
    };
  }
  return { connectors, zones: zoneReports(problem, draft.currentA) };
}

function zoneReports(problem: Problem, currentA: Float64Array): AllocationResult["zones"] {
  const { tree, cars, rows, backgroundA, failSafe } = problem;
  const loadA = new Float64Array(3 * tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    const carA = currentA[car]! + cars.reservedA[car]!;
    const mask = cars.phaseMask[car]!;
    const first = 3 * tree.home[car]!;
    if ((mask & 1) !== 0) loadA[first]! += carA;
    if ((mask & 2) !== 0) loadA[first + 1]! += carA;
    if ((mask & 4) !== 0) loadA[first + 2]! += carA;
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

function reasonsFor(draft: Draft, car: number): Reason[] {
  const { cars } = draft.ledger.problem;
  switch (cars.role[car]) {
    case ROLE.offline:
      return [{ code: "OFFLINE" }];
    case ROLE.uncontrollable:
      return [{ code: "OFFLINE", text: "not controllable: what it may draw is reserved" }];
    case ROLE.off:
      return [{ code: "OFF" }];
    case ROLE.available:
      return [{ code: "NOT_REQUESTING" }];
    case ROLE.idle:
      return draft.currentA[car] === 0 ? idleReasons(draft, car) : [{ code: "IDLE_MIN" }];
    default:
      return draft.currentA[car] === 0 ? waitingReasons(draft, car) : chargingReasons(draft, car);
  }
}

function idleReasons(draft: Draft, car: number): Reason[] {
  return draft.binding[car] === BINDING.none ? [{ code: "IDLE" }] : [{ code: "IDLE" }, ...waitingReasons(draft, car)];
}

/** `WAIT` names the zone and phase without room for the minimum; the next reason tells the kind of limit. */
function waitingReasons(draft: Draft, car: number): Reason[] {
  const binding = draft.binding[car]!;
  if (binding === BINDING.maxBelowMin) {
    const failSafe = failSafeReason(draft, car);
    return failSafe === null ? [{ code: "MAX_BELOW_MIN" }] : [{ code: "MAX_BELOW_MIN" }, failSafe];
  }
  const limit = rowReason(draft.ledger.problem, binding);
  return [{ ...limit, code: "WAIT" }, limit];
}

function chargingReasons(draft: Draft, car: number): Reason[] {
  const { cars } = draft.ledger.problem;
  const binding = draft.binding[car]!;
  const currentA = draft.currentA[car]!;
  const failSafe = failSafeReason(draft, car);
  if (binding < 0 || currentA >= cars.maxA[car]! - TOLERANCE_A) return [failSafe ?? { code: "MAX" }];
  const reasons = [rowReason(draft.ledger.problem, binding)];
  if (currentA <= cars.minA[car]! + TOLERANCE_A) reasons.push({ code: "MIN" });
  if (failSafe !== null) reasons.push(failSafe);
  return reasons;
}

function failSafeReason(draft: Draft, car: number): Reason | null {
  const { tree, failSafeZone } = draft.ledger.problem;
  const zone = failSafeZone[tree.home[car]!]!;
  return zone < 0 ? null : { code: "FAILSAFE", zone: tree.zones[zone]!.id };
}
