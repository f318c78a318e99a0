import { SAME_MOMENT_MS, SAMPLE_LIFE_S } from "../../../thresholds.ts";
import type { Triple } from "../../../units.ts";
import { terminalPhases } from "../../topology/wiring.ts";
import type { ControlledConnector } from "../controlled-connector.ts";
import type { Peak, Peaks } from "../memory.ts";
import { forPath, type Tree } from "../topology-cache.ts";

/** Background that may still be there although a meter does not show it, A per phase. */
export interface Doubt {
  /** More than what counts now; what seems to be less than nothing counts as 0. */
  fallA: Triple;
  /** More than what the meter shows beside the chargers, which may seem to be less than nothing. */
  missingA: Triple;
}

/** One peak stands for the ticks of so long, s. */
const PEAK_SPAN_S = 5;

/** The peaks with the background of this tick. */
export function followPeaks(
  before: Peaks,
  backgroundA: ReadonlyMap<string, Triple>,
  elapsedS: number,
): Map<string, readonly Peak[]> {
  const peaks = new Map<string, readonly Peak[]>();
  for (const [id, nowA] of backgroundA) {
    const aged = (before.get(id) ?? []).map((peak) => ({ ...peak, ageS: peak.ageS + elapsedS }));
    const [first, ...rest] = aged;
    const grows = first !== undefined && first.ageS + first.spanS <= PEAK_SPAN_S;
    const newest: Peak = grows
      ? { ageS: 0, spanS: first.ageS + first.spanS, loadA: nowA.map((a, p) => Math.max(a, first.loadA[p]!)) as Triple }
      : { ageS: 0, spanS: 0, loadA: nowA };
    peaks.set(
      id,
      [newest, ...(grows ? rest : aged)].filter(({ ageS }) => ageS <= SAMPLE_LIFE_S),
    );
  }
  return peaks;
}

/** Whether the connector may draw less by now than its sample says. */
export function isOutdated({ drawA, sampleAgeS }: ControlledConnector): boolean {
  return drawA !== null && drawA !== 0 && sampleAgeS > SAME_MOMENT_MS / 1000 && sampleAgeS <= SAMPLE_LIFE_S;
}

/**
 * A charger that reports seldom may draw less than its last sample says; a meter that includes it then seems to show
 * less background than there is. So where background fell after such a sample was taken, the fall is in doubt until the
 * charger has reported again, and no connector is raised into it.
 * @param outdated the connectors with such samples
 * @returns by zone number
 */
export function doubtsBehindMeters(
  outdated: readonly ControlledConnector[],
  tree: Tree,
  peaks: Peaks,
  backgroundA: ReadonlyMap<string, Triple>,
): Map<number, Doubt> {
  const sights = new Map<number, { oldestS: number; drawA: Triple }>();
  for (const connector of outdated) {
    forPath(tree, connector.zone, (zone) => {
      if (!backgroundA.has(tree.zones[zone]!.id)) return;
      const sight = sights.get(zone) ?? { oldestS: 0, drawA: [0, 0, 0] };
      sight.oldestS = Math.max(sight.oldestS, connector.sampleAgeS);
      addDraw(connector, sight.drawA);
      sights.set(zone, sight);
    });
  }
  const doubts = new Map<number, Doubt>();
  for (const [zone, { oldestS, drawA }] of sights) {
    const { id } = tree.zones[zone]!;
    const recent = (peaks.get(id) ?? []).filter(({ ageS }) => ageS <= oldestS);
    const nowA = backgroundA.get(id)!;
    const mostA = nowA.map((a, p) => {
      const peakA = Math.max(0, a, ...recent.map(({ loadA }) => loadA[p]!));
      return Math.min(peakA, a + drawA[p]!);
    });
    const fallA = mostA.map((most, p) => Math.max(0, most - Math.max(0, nowA[p]!))) as Triple;
    const missingA = mostA.map((most, p) => (fallA[p]! > 0 ? most - nowA[p]! : 0)) as Triple;
    if (fallA.some((value) => value > 0)) doubts.set(zone, { fallA, missingA });
  }
  return doubts;
}

function addDraw({ given, memory }: ControlledConnector, sumA: Triple): void {
  const phases = terminalPhases(3, given.rotation ?? "RST");
  if (phases === null) return;
  (given.measuredA ?? []).forEach((value, t) => {
    sumA[phases[t]! as 0 | 1 | 2] += Math.min(value ?? 0, memory.setpointA);
  });
}
