import type { SmartTraits } from "../station/models/types.ts";
import { beginsWithTransaction, sentLimitA } from "./compile.ts";
import { type ProfileTarget, safeCurrentA } from "./target.ts";
import type { LeaseOptions } from "./types.ts";
import type { Way } from "./way.ts";

/** Charge points that write every profile to flash memory: the lease at least, s; two increases at least this far apart, s. */
const FLASH = { leaseS: 300, minIncreaseS: 30 };

/** What an accepted limit does when nobody renews it: what has to be reserved for its connector (safety.md S6, S8). */
export interface Lease {
  /** What is in force while it holds, A per phase. */
  limitA: number;
  /** How long it holds after it was accepted, s; null = until it is replaced. */
  holdsS: number | null;
  /** What the charge point falls back to then, A per phase; its maximum where nothing is sure. */
  fallbackA: number;
  /**
   * What proves the fall back of a charge point left alone: that it accepted the limit; only a composite schedule that shows it; or
   * nothing, then its maximum stays reserved as soon as it is away.
   */
  provenBy: "acceptance" | "composite" | null;
}

/** What an accepted limit comes to. @param limitA as `legalLimitA` gives it */
export function leaseOf(target: ProfileTarget, way: Way, limitA: number, leaseS: number): Lease {
  const provenBy = proof(target, way);
  return {
    limitA: sentLimitA(target, way, limitA),
    holdsS: way.tail === "none" ? null : leaseS,
    fallbackA: provenBy === null ? target.maxA : safeCurrentA(target),
    provenBy,
  };
}

/** The baseline holds without a connection, too. */
export function baselineHolds({ smart }: ProfileTarget): boolean {
  return smart.keepsProfilesOffline && isKnownToObey(smart);
}

/** Some accept limits and ignore them: one of such a model is believed once its car came down to one. */
function isKnownToObey({ supported }: ProfileTarget["smart"]): boolean {
  return supported === "yes";
}

function proof(target: ProfileTarget, way: Way): Lease["provenBy"] {
  if (!baselineHolds(target) || way.tail === "none") return null;
  if (way.tail === "above") return "composite";
  // It ends with its transaction, and nothing is below it.
  if (way.purpose === "TxProfile" && way.sharesBaseline) return null;
  if (!beginsWithTransaction(target, way) || !way.charging) return "acceptance";
  // The next transaction would begin a default profile anew, at the limit and with a later end.
  if (way.purpose !== "TxProfile") return null;
  // Should the charge point count from the receipt after all, the limit would hold longer by the time the transaction has run.
  return "composite";
}

/** How limits are leased to one charge point. */
export interface ChargerLease extends LeaseOptions {
  /** Increases that follow a start at once, before the pace applies. */
  freeIncreases: number;
}

/** Lease, refresh and pace as this charge point bears them. */
export function leaseFor(options: LeaseOptions, smart: Pick<SmartTraits, "wearsFlash">): ChargerLease {
  if (!smart.wearsFlash) return { ...options, freeIncreases: 2 };
  const leaseS = Math.max(options.leaseS, FLASH.leaseS);
  const refreshS = (options.refreshS * leaseS) / options.leaseS;
  return { leaseS, refreshS, minIncreaseS: Math.max(options.minIncreaseS, FLASH.minIncreaseS), freeIncreases: 1 };
}
