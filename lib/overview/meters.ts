import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { type MaybeTriple, round, tenths } from "../units.ts";
import type { Surroundings } from "./sources.ts";
import type { MeterItem } from "./types.ts";

type Around = Pick<Surroundings, "readings" | "meters" | "foreignMeters">;

/** The meters of the site's zones in their order, then the meters that no zone names and no other site has. */
export function meterItems(tree: PlantTree | null, decisions: readonly CycleDecision[], around: Around): MeterItem[] {
  const zonesOf = new Map<string, string[]>();
  for (const { zone, meters } of tree?.zones ?? [])
    for (const { meter } of meters) zonesOf.set(meter, [...(zonesOf.get(meter) ?? []), zone.id]);
  const others = [...around.meters.keys()].filter((name) => !zonesOf.has(name) && !around.foreignMeters.has(name));
  const doubts = doubtsOf(decisions);
  return [...zonesOf.keys(), ...others.sort()].map((name) => {
    const { payload, atMs } = around.readings.get(name) ?? {};
    return {
      id: name,
      zones: zonesOf.get(name) ?? [],
      role: around.meters.get(name) ?? null,
      quality: payload?.quality ?? null,
      doubt: doubts.get(name) ?? null,
      currentA: (payload?.currentA ?? [null, null, null]).map(tenths) as MaybeTriple,
      powerW: payload?.powerW === undefined || payload.powerW === null ? null : round(payload.powerW, 0),
      socPercent: payload?.socPercent ?? null,
      atMs: atMs === undefined ? null : round(atMs, 0),
    };
  });
}

/** What load management thinks of a meter, where it does not simply believe it. */
function doubtsOf(decisions: readonly CycleDecision[]): Map<string, MeterItem["doubt"]> {
  const doubts = new Map<string, MeterItem["doubt"]>();
  for (const { view } of decisions) {
    for (const { meter, state, frozen } of view.meters) {
      const doubt = frozen ? "frozen" : state === "stale" || state === "hold" ? state : null;
      if (doubt) doubts.set(meter, doubt);
    }
  }
  return doubts;
}
