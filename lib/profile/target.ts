import type { SmartTraits } from "../station/capabilities/models/types.ts";

/** What a profile for one connector depends on. Currents are A per phase. */
export interface ProfileTarget {
  connector: number;
  /** Connectors of its charge point: what it can hold is shared by them. */
  connectors: number;
  phases: 1 | 2 | 3;
  /** What it is told to feed now; as many as are wired where nothing is said. */
  toldPhases?: 1 | 3;
  minA: number;
  maxA: number;
  /** What it is to fall back to; `safeCurrentA` says what that comes to on this charge point. */
  safeA: number;
  /** What the charge point can do, as far as it is known: default ← model ← learnt ← user. */
  smart: SmartTraits;
}

/** The part of a target that says which currents it can follow. */
export type Rating = Pick<ProfileTarget, "minA" | "maxA" | "safeA"> & {
  smart: Pick<SmartTraits, "unit" | "stepsA" | "decimals" | "minA" | "zero">;
};

/** When a profile is written, on the charge point's clock, ms since 1970. */
export interface TargetMoment {
  chargerWallMs: number;
  /** The start of the running transaction; null without one. */
  transactionStartedChargerWallMs: number | null;
}

/** Steps of floating point numbers that are not meant. */
const SLACK = 1e-6;

/**
 * A limit as it may be sent: to the charge point's steps or decimals, rounded down, within the connector's range. Below the minimum
 * it is 0 (S3), or the safe current where the charge point refuses 0: that one is above what was asked for and has to be reserved.
 */
export function legalLimitA(limitA: number, rating: Rating): number {
  const roundedA = roundDownA(Math.min(limitA, rating.maxA), rating);
  if (roundedA >= leastA(rating)) return roundedA;
  return rating.smart.zero === "pause" ? 0 : safeCurrentA(rating);
}

/** The safe current as the charge point follows it: a legal limit, and not 0 where it refuses 0. */
export function safeCurrentA(rating: Rating): number {
  const roundedA = roundDownA(Math.min(rating.safeA, rating.maxA), rating);
  if (roundedA >= leastA(rating)) return roundedA;
  return rating.smart.zero === "pause" ? 0 : roundUpA(leastA(rating), rating);
}

/** The least current above 0. */
function leastA({ minA, smart }: Rating): number {
  return Math.max(minA, smart.minA);
}

function roundDownA(currentA: number, { smart }: Rating): number {
  if (smart.stepsA) return smart.stepsA.findLast((stepA) => stepA <= currentA + SLACK) ?? 0;
  const scale = scaleOf(smart);
  return Math.floor(currentA * scale + SLACK) / scale;
}

function roundUpA(currentA: number, { smart }: Rating): number {
  const { stepsA } = smart;
  if (stepsA) return stepsA.find((stepA) => stepA >= currentA - SLACK) ?? stepsA.at(-1) ?? currentA;
  const scale = scaleOf(smart);
  return Math.ceil(currentA * scale - SLACK) / scale;
}

/** Decimals are those of the number sent: a tenth of an ampere is a whole number of watts. */
function scaleOf({ unit, decimals }: Rating["smart"]): number {
  return unit === "W" ? 10 : 10 ** decimals;
}
