/** Where a profile of ours stands. */
export interface ProfilePlace {
  connector: number;
  /** How many connectors are controlled. */
  connectors: number;
  /** Highest id the charge point takes; null = any. */
  idMax: number | null;
}

/**
 * What a profile is for: the permanent safe current; the limit of the outlet, whoever charges there; the limit of one transaction.
 */
export type ProfileRole = "baseline" | "dynamic" | "transaction";

/** Above it are the ids of limits of transactions, so that they stay the same when connectors come and go. */
const TRANSACTIONS = 100;

/**
 * Ids of our charging profiles; those of others are left alone except when a charge point is adopted. With n connectors the permanent
 * safe current of connector c has 2c − 1, its leased limit 2c, and the leased limit of a transaction 100 + c, or 2n + c where ids are
 * few. Limit and transaction share an id where there are none for three, all of them c where there are none for two.
 */
export function ownProfileId({ connector, connectors, idMax }: ProfilePlace, role: ProfileRole): number {
  const most = idMax ?? Number.POSITIVE_INFINITY;
  if (most < 2 * connectors) return connector;
  if (role === "transaction" && most >= 3 * connectors) {
    const apart = 2 * connectors < TRANSACTIONS && most >= TRANSACTIONS + connectors;
    return (apart ? TRANSACTIONS : 2 * connectors) + connector;
  }
  return role === "baseline" ? 2 * connector - 1 : 2 * connector;
}

/** All ids of one connector, each once. */
export function ownProfileIds(place: ProfilePlace): number[] {
  const roles: ProfileRole[] = ["baseline", "dynamic", "transaction"];
  return [...new Set(roles.map((role) => ownProfileId(place, role)))];
}
