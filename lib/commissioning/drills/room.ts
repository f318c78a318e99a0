import type { PlantConnector } from "../../dlm/topology/plant.ts";
import { placeOf } from "../../dlm/topology/root-plant.ts";
import { allowedA } from "../../over-limit.ts";
import type { Triple } from "../../units.ts";
import type { Row } from "../rows.ts";
import { connectorsBelow, drawA, factsOf, phasesOf, type Sight, toldA } from "./loads.ts";

/** No drill that takes information away begins with less left on a phase above, A. */
export const ROOM_A = 4;
/** So much more is asked for, A: meters are not exact, and the building is restless. */
const SPARE_A = 1;
const STEP_A = 1;
const NEAR_A = 0.1;

/** The most that connectors are to have, A, so that the phases above a drill have room. */
export type Ceilings = ReadonlyMap<string, number>;

/**
 * Who has to take how much less so that every row has room. Those with the most give first; no charge is stopped for it.
 * @param leastA what a connector keeps at least @returns null = the cars cannot leave so much
 */
export function makeRoom(
  sight: Sight,
  rows: readonly Row[],
  leastA: (member: PlantConnector) => number,
): Ceilings | null {
  const ceilings = new Map<string, number>();
  for (;;) {
    const short = rows.flatMap((row) => {
      const roomsA = row.roomsWith(leftBy(sight, row, ceilings));
      return ([0, 1, 2] as const).filter((p) => roomsA[p] < ROOM_A + SPARE_A).map((phase) => ({ row, phase }));
    })[0];
    if (!short) return ceilings;
    const nowA = ({ id }: PlantConnector) => ceilings.get(id) ?? toldA(sight, id);
    const most = connectorsBelow(sight.decision, short.row.zone)
      .filter((member) => {
        const isCharging = factsOf(sight.decision, member.id)?.state === "charging";
        const onPhase = phasesOf(sight.decision, member.id).includes(short.phase);
        return isCharging && onPhase && nowA(member) > leastA(member);
      })
      .toSorted((a, b) => nowA(b) - nowA(a))[0];
    if (!most) return null;
    ceilings.set(most.id, Math.max(leastA(most), Math.round((nowA(most) - STEP_A) * 10) / 10));
  }
}

/** Whether those that were asked to leave room have confirmed it, and draw no more. */
export function isRoomMade(sight: Sight, ceilings: Ceilings): boolean {
  return [...ceilings].every(
    ([id, limitA]) => toldA(sight, id) <= limitA + NEAR_A && (drawA(sight.decision, id) ?? 0) <= allowedA(limitA),
  );
}

/** What flows less in a zone when its connectors keep to their ceilings, A. A meter shows what is drawn; else what is told counts. */
function leftBy(sight: Sight, { zone, meter }: Row, ceilings: Ceilings): Triple {
  const lessA: Triple = [0, 0, 0];
  const below = new Set(connectorsBelow(sight.decision, zone).map(({ id }) => id));
  for (const [id, limitA] of ceilings) {
    if (!below.has(id) || !placeOf(sight.decision.view.plant, id)) continue;
    const told = toldA(sight, id);
    const flowsA = meter === null ? told : Math.min(told, drawA(sight.decision, id) ?? told);
    for (const phase of phasesOf(sight.decision, id)) lessA[phase as 0 | 1 | 2] += Math.max(0, flowsA - limitA);
  }
  return lessA;
}
