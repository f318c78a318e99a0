import type { SmartTraits } from "../station/capabilities/models/types.ts";
import { FLASH, UPWARD_LEAST_S, UPWARD_MARGIN_S } from "../thresholds.ts";
import { beginsWithTransaction, sentLimitA } from "./compile.ts";
import { type ProfileTarget, safeCurrentA } from "./target.ts";
import type { LeaseOptions } from "./types.ts";
import type { ProfileVariant } from "./variants/variant.ts";

/**
 * How long a lease holds that ends upwards: a limit below the safe current. It ends after every lease that ends downwards, also if all
 * here vanished just before it is renewed (safety.md S6).
 * @param longestS the longest lease of the site that ends downwards
 */
export function upwardLeaseS(longestS: number): number {
  return Math.max(UPWARD_LEAST_S, 2 * longestS + UPWARD_MARGIN_S);
}

/** So much has to be left of a lease that ends upwards when it is renewed, s. */
export function upwardLeftS(longestS: number): number {
  return longestS + UPWARD_MARGIN_S;
}

/** What an accepted limit does when it is not renewed: what has to be reserved for its connector (safety.md S6, S8). */
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
  /** The same where a charge point of a model that may ignore limits is taken at its word: what it is built to do (safety.md S12). */
  fallsBackBy: Lease["provenBy"];
}

/** What an accepted limit comes to. @param limitA as `legalLimitA` gives it */
export function leaseOf(target: ProfileTarget, variant: ProfileVariant, limitA: number, leaseS: number): Lease {
  const fallsBackBy = proof(target, variant);
  const provenBy = isKnownToObey(target.smart) ? fallsBackBy : null;
  return {
    limitA: sentLimitA(target, variant, limitA),
    holdsS: variant.tail === "none" ? null : leaseS,
    fallbackA: provenBy === null ? target.maxA : safeCurrentA(target),
    provenBy,
    fallsBackBy,
  };
}

/** The baseline holds without a connection, too. */
export function baselineHolds({ smart }: ProfileTarget): boolean {
  return smart.keepsProfilesOffline && isKnownToObey(smart);
}

/** Some models accept limits and ignore them. A charge point of such a model is believed once a car came down to a limit. */
function isKnownToObey({ supported }: ProfileTarget["smart"]): boolean {
  return supported === "yes";
}

/** What shows that a charge point which keeps to what it accepts falls back to its safe current. */
function proof(target: ProfileTarget, variant: ProfileVariant): Lease["provenBy"] {
  if (!target.smart.keepsProfilesOffline || variant.tail === "none") return null;
  if (variant.tail === "above") return "composite";
  // It ends with its transaction, and nothing is below it.
  if (variant.purpose === "TxProfile" && variant.sharesBaseline) return null;
  if (!beginsWithTransaction(target, variant) || !variant.charging) return "acceptance";
  // The next transaction would begin a default profile anew, at the limit and with a later end.
  if (variant.purpose !== "TxProfile") return null;
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
