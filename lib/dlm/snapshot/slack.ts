import type { Triple } from "../../units.ts";
import type { LimitedZone } from "../inputs/signals.ts";
import type { AllocationResult } from "../types.ts";

/**
 * What is left in each zone beside what is used: in itself and in all above it, in current and in power, A per phase.
 * @param zones parents before children
 * @param found what the allocation found of each zone
 * @param usedA setpoints and reservations by zone
 */
export function slackByZone(
  zones: readonly LimitedZone[],
  found: AllocationResult["zones"],
  usedA: ReadonlyMap<string, Triple>,
  voltageV: number,
): Map<string, Triple> {
  const slack = new Map<string, Triple>();
  for (const zone of zones) {
    const slackA = ownSlack(zone, found[zone.id], usedA.get(zone.id)!, voltageV);
    const aboveA = slack.get(zone.parent ?? "");
    if (aboveA) for (const p of [0, 1, 2] as const) slackA[p] = Math.min(slackA[p], aboveA[p]);
    slack.set(zone.id, slackA);
  }
  return slack;
}

function ownSlack(
  { maxPowerW, gridLimit }: LimitedZone,
  found: AllocationResult["zones"][string] | undefined,
  usedA: Triple,
  voltageV: number,
): Triple {
  if (!found) return [0, 0, 0];
  const { capacityA, backgroundA } = found;
  const beside = (powerW = Number.POSITIVE_INFINITY) => powerW / voltageV - sum(backgroundA);
  const chargersW = gridLimit?.scope === "evse" ? gridLimit.powerW : undefined;
  const totalW = gridLimit?.scope === "total" ? gridLimit.powerW : undefined;
  const chargersA = (chargersW ?? Number.POSITIVE_INFINITY) / voltageV;
  const powerA = Math.min(beside(maxPowerW), beside(totalW), chargersA) - sum(usedA);
  const leftA = (p: 0 | 1 | 2) => Math.max(0, Math.min(capacityA[p] - usedA[p], powerA / 3));
  return [leftA(0), leftA(1), leftA(2)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
