import type { Ceiling, SnapshotConnector } from "../types.ts";

type Limited = Pick<SnapshotConnector, "externalLimitA" | "ceilings">;

/** The lowest ceiling of a connector, the first of equal ones; undefined without any. */
export function lowestCeiling({ ceilings = [] }: Pick<SnapshotConnector, "ceilings">): Ceiling | undefined {
  return ceilings.reduce<Ceiling | undefined>(
    (lowest, one) => (lowest === undefined || one.limitA < lowest.limitA ? one : lowest),
    undefined,
  );
}

/** The most that a connector may be given by its external limit and all its ceilings, A; undefined = nothing limits it. */
export function ceilingA({ externalLimitA, ceilings }: Limited): number | undefined {
  if (ceilings === undefined) return externalLimitA;
  const lowestA = lowestCeiling({ ceilings })?.limitA;
  if (lowestA === undefined) return externalLimitA;
  return Math.min(lowestA, externalLimitA ?? lowestA);
}
