import { triple } from "../../../units.ts";
import type { PlantConnector, PlantDefinition, PlantTree, PlantZone } from "../plant.ts";
import { loadedPhases, phaseName, wiredPhases } from "../wiring.ts";
import type { FindingCode, ReportFinding } from "./finding.ts";

/** So many single-phase connectors on the same phase are worth a warning. */
const MANY_SINGLE_PHASE = 3;
/** So many three-phase connectors wired alike are worth a warning. */
const MANY_THREE_PHASE = 12;

/** Things that a valid tree can still have wrong: ratings, minimums that never fit, rotations. All are warnings. */
export function checkWiring(tree: PlantTree, definition: PlantDefinition, report: ReportFinding): void {
  const zones = new Map(tree.zones.map((one) => [one.zone.id, one]));
  const nodeOf = new Map(definition.chargePoints.map(({ identity, nodeId }) => [identity, nodeId]));
  for (const connector of tree.connectors) {
    const warn = (code: FindingCode, text: string) =>
      report("warning", nodeOf.get(connector.chargePoint)!, code, `${nameOf(connector)} ${text}`);
    if (connector.wiring.maxA === 0) warn("NO_RATING", "has a maximum of 0 A: it never charges; enter its rating");
    checkPath(connector, pathOf(connector.zone, zones), tree.voltageV, warn);
  }
  for (const { zone, nodeId } of tree.zones) {
    if (zone.parent === null && nodeId !== null) checkRotations(zone.id, nodeId, tree.connectors, report);
  }
}

const nameOf = ({ chargePoint, connector }: PlantConnector): string => `connector ${connector} of ${chargePoint}`;

function pathOf(name: string, zones: ReadonlyMap<string, PlantZone>): PlantZone[] {
  const path: PlantZone[] = [];
  for (let at = zones.get(name); at && !path.includes(at); at = zones.get(at.zone.parent ?? "")) path.push(at);
  return path;
}

/** The first zone in which a connector's minimum does not fit even when it is alone. */
function checkPath(
  { wiring }: PlantConnector,
  path: readonly PlantZone[],
  voltageV: number,
  warn: (code: FindingCode, text: string) => void,
): void {
  const { phases, minA } = wiring;
  for (const { zone, meters } of path) {
    // A meter shows what it measures; what is assumed of that counts only while it is silent.
    const isShown = meters.some(({ location }) => location === "including");
    const assumedA = isShown ? triple(0) : triple(zone.assumedLoadA ?? 0);
    const never = (limit: string) => warn("MIN_NEVER_FITS", `never charges: its minimum ${minA} A is above ${limit}`);
    for (const phase of wiredPhases(wiring)) {
      const limitA = Math.min(triple(zone.limitA)[phase]!, triple(zone.operatorLimitA ?? zone.limitA)[phase]!);
      if (limitA === 0) {
        warn(
          "NO_RATING",
          `is wired to ${phaseName(phase)} of zone ${zone.id}, which has a limit of 0 A: enter its rating`,
        );
        return;
      }
      const leftA = limitA - triple(zone.headroomA ?? 0)[phase]! - assumedA[phase]!;
      if (minA > leftA) {
        never(`what zone ${zone.id} leaves on ${phaseName(phase)}: ${Math.max(0, leftA)} A of ${limitA} A`);
        return;
      }
    }
    if (zone.maxPowerW !== undefined && minA * phases * voltageV > zone.maxPowerW) {
      never(`the power of zone ${zone.id}, ${zone.maxPowerW} W for ${phases} ${phases === 1 ? "phase" : "phases"}`);
      return;
    }
    if (phases < 3 && zone.imbalanceA !== undefined && minA > zone.imbalanceA) {
      never(`the ${zone.imbalanceA} A by which phases of zone ${zone.id} may differ`);
      return;
    }
  }
}

/** Wired alike, all single-phase cars load the same phase, and its breaker is full while the others are empty. */
function checkRotations(
  root: string,
  nodeId: string,
  connectors: readonly PlantConnector[],
  report: ReportFinding,
): void {
  const below = connectors.filter((connector) => connector.root === root);
  if (new Set(below.map(({ wiring }) => wiring.rotation)).size !== 1) return;
  const { rotation } = below[0]!.wiring;
  const single = below.filter(({ wiring }) => wiring.phases === 1).length;
  const [phase] = loadedPhases(1, rotation);
  if (rotation === "Unknown" || (single < MANY_SINGLE_PHASE && below.length < MANY_THREE_PHASE)) return;
  const what =
    single >= MANY_SINGLE_PHASE
      ? `all ${single} single-phase connectors load ${phaseName(phase!)}`
      : `single-phase cars on any of its ${below.length} connectors load ${phaseName(phase!)}`;
  report(
    "warning",
    nodeId,
    "ROTATIONS_ALIKE",
    `zone ${root}: ${what} (rotation ${rotation}); wire them in turn (RST, STR, TRS) and enter it, or check what is entered`,
  );
}
