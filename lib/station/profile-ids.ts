/** Where a profile of ours stands. */
export interface ProfilePlace {
  connector: number;
  /** How many connectors are controlled. */
  connectors: number;
  /** Highest id the charge point takes; null = any. */
  idMax: number | null;
}

/**
 * Ids of our charging profiles; those of others are left alone except when a charge point is adopted. The permanent safe current of
 * a connector has 2c − 1, its leased limit 2c; both have c where there are no ids for two.
 */
export function ownProfileId({ connector, connectors, idMax }: ProfilePlace, role: "baseline" | "dynamic"): number {
  if ((idMax ?? Number.POSITIVE_INFINITY) < 2 * connectors) return connector;
  return role === "baseline" ? 2 * connector - 1 : 2 * connector;
}

/** Both ids of one connector, each once. */
export function ownProfileIds(place: ProfilePlace): number[] {
  return [...new Set([ownProfileId(place, "baseline"), ownProfileId(place, "dynamic")])];
}
