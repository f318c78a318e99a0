import { CHARGING_A } from "../../thresholds.ts";
import type { SeemingDraw } from "../inputs/drill.ts";
import { pathOf, placeOf, type RootPlant } from "../topology/root-plant.ts";
import { loadedPhases, terminalsOnSite } from "../topology/wiring.ts";
import type { Snapshot, SnapshotConnector } from "../types.ts";

/**
 * The same snapshot with a draw that only seems to be, at the charger and at every meter that includes it: the background behind them
 * stays what it is. What is learnt for longer than a decision is learnt from the facts, which stay as they are.
 */
export function withSeemingDraw(
  snapshot: Snapshot,
  { connector: id, drawA, isReported }: SeemingDraw,
  plant: RootPlant,
  nowMs: number,
): Snapshot {
  const given = snapshot.connectors.find((one) => one.id === id);
  const place = placeOf(plant, id);
  if (!given || !place || given.state === "offline") return snapshot;
  const terminals = terminalsInUse(given);
  const shownA = Math.max(0, ...terminals.map((terminal) => given.measuredA?.[terminal - 1] ?? 0));
  const moreA = Math.max(0, drawA - shownA);
  const phases = sitePhases(given, terminals, place.wiring.betweenLines ?? false);
  const above = new Set(pathOf(plant, place.zone).map(({ zone }) => zone.id));
  return {
    ...snapshot,
    drilled: true,
    connectors: snapshot.connectors.map((one) =>
      one.id === id && isReported ? drawing(one, terminals, moreA, nowMs) : one,
    ),
    zones: snapshot.zones.map((zone) =>
      above.has(zone.id) && zone.meters
        ? { ...zone, meters: zone.meters.map((meter) => shownBy(meter, phases, moreA)) }
        : zone,
    ),
  };
}

type Meter = NonNullable<Snapshot["zones"][number]["meters"]>[number];

function shownBy(meter: Meter, phases: readonly number[], moreA: number): Meter {
  const { location, currentA } = meter;
  if (location !== "including" || !currentA) return meter;
  const shownA = currentA.map((value, phase) =>
    value === null || !phases.includes(phase) ? value : value + moreA,
  ) as typeof currentA;
  return { ...meter, currentA: shownA };
}

function drawing(
  one: SnapshotConnector,
  terminals: readonly number[],
  moreA: number,
  nowMs: number,
): SnapshotConnector {
  const { measuredA = [], phases = 3 } = one;
  const drawnA = Array.from({ length: phases }, (_, i) => {
    const known = measuredA[i] ?? null;
    return terminals.includes(i + 1) ? (known ?? 0) + moreA : known;
  });
  return { ...one, measuredA: drawnA, measuredTsMs: nowMs };
}

/** Terminals 1..3 that carry a current; all that are wired where none is known to. */
function terminalsInUse({ measuredA = [], phases = 3 }: SnapshotConnector): readonly number[] {
  const wired = [1, 2, 3].slice(0, phases);
  const carrying = wired.filter((terminal) => (measuredA[terminal - 1] ?? 0) > CHARGING_A);
  return carrying.length > 0 ? carrying : wired;
}

function sitePhases(one: SnapshotConnector, terminals: readonly number[], betweenLines: boolean): readonly number[] {
  const { rotation = "RST" } = one;
  if (betweenLines) return loadedPhases(2, rotation);
  return rotation === "Unknown" ? [0, 1, 2] : terminalsOnSite(terminals, rotation, false);
}
