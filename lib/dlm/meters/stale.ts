import type { SampleView } from "../snapshot/samples.ts";

/** Time until the first meter that delivers now becomes stale if it falls silent, ms; null where there is none. */
export function msUntilStale({ plant, meters }: Pick<SampleView, "plant" | "meters">): number | null {
  const lifeMs = new Map(
    plant.zones.flatMap(({ zone, meters: own }) =>
      own.map(({ meter, staleAfterS }) => [`${zone.id}/${meter}`, staleAfterS * 1000]),
    ),
  );
  const left = meters
    .filter(({ state, ageS }) => state !== "stale" && ageS !== null)
    .map(({ zone, meter, ageS }) => lifeMs.get(`${zone}/${meter}`)! - ageS! * 1000);
  return left.length ? Math.max(0, Math.min(...left)) + 1 : null;
}
