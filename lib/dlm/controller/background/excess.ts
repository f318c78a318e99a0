import type { Triple } from "../../../units.ts";
import type { ControlledConnector } from "../controlled-connector.ts";
import { type Tree, withLoads } from "../topology-cache.ts";

/** Whether what the connector draws above its setpoint is to be taken from the others. */
export function exceeds({ memory, drawA }: ControlledConnector): boolean {
  return memory.excess && !memory.uncontrolled && drawA !== null;
}

/**
 * The zones with what their chargers persistently draw above their setpoints as background. A meter that includes the
 * chargers shows it by itself, as no more than the setpoint is subtracted from it.
 */
export function zonesWithExcess(exceeding: readonly ControlledConnector[], tree: Tree): Tree["zones"] {
  const loadsA = new Map<number, Triple>();
  for (const { memory, zone, drawA, phases } of exceeding) {
    if (tree.zones[zone]!.meters?.some(({ location }) => location === "including")) continue;
    const sumA: Triple = loadsA.get(zone) ?? [0, 0, 0];
    for (const phase of phases) sumA[phase as 0 | 1 | 2] += Math.max(0, (drawA ?? 0) - memory.setpointA);
    loadsA.set(zone, sumA);
  }
  return loadsA.size === 0 ? tree.zones : withLoads(tree.zones, loadsA);
}
