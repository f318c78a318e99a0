/** Kinds of charge points: what they take, what they make of it, and what the installer knows of them. */
import type { TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import type { Future, Kind } from "../judge/charge-point.ts";
import type { Profile, Purpose } from "../judge/profile.ts";

export interface ActedKind {
  /** How it reads profiles. */
  reads: Partial<Kind>;
  /** Which it takes. */
  takes: Taking;
  /** What the installer says of it. */
  told?: TraitPatch;
  /** Left alone it draws what its hardware gives: the deploy check counts it so. */
  fallsBack?: boolean;
  /** Least current that it falls back to, where that is not the safe current, A. */
  leastA?: number;
  /** Futures in which its hold has no place, as docs/safety.md says: they are not judged, and not acted. */
  without?: readonly Future[];
}

export interface Taking {
  answer: "decide" | "notSupported" | "notImplemented";
  maxInstalled: number;
  maxPeriods: number;
  stackMax: number;
  kinds: readonly Profile["chargingProfileKind"][];
  purposes: readonly Purpose[];
  units: readonly ("A" | "W")[];
  refusesZero: boolean;
}

const ALL: Taking = {
  answer: "decide",
  maxInstalled: 10,
  maxPeriods: 24,
  stackMax: 8,
  kinds: ["Absolute", "Relative"],
  purposes: ["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"],
  units: ["A", "W"],
  refusesZero: false,
};

/** By name. */
export const KINDS = {
  full: { reads: {}, takes: ALL },
  oneSlot: { reads: {}, takes: { ...ALL, maxInstalled: 1 } },
  stackZero: { reads: {}, takes: { ...ALL, stackMax: 0 } },
  onePeriod: { reads: {}, takes: { ...ALL, maxPeriods: 1 } },
  onePeriodOneLevel: { reads: {}, takes: { ...ALL, maxPeriods: 1, stackMax: 0 }, fallsBack: false },
  relative: { reads: {}, takes: { ...ALL, kinds: ["Relative"] }, without: ["cars", "restart"] },
  relativeFromReceipt: {
    reads: { relativeFrom: "receipt" },
    takes: { ...ALL, kinds: ["Relative"] },
    told: { smart: { relativeOrigin: "receipt" } },
    without: ["cars", "restart"],
  },
  relativeDefaultsOnly: {
    reads: {},
    takes: { ...ALL, kinds: ["Relative"], purposes: ["TxDefaultProfile"] },
    fallsBack: false,
  },
  defaultsOnly: { reads: {}, takes: { ...ALL, purposes: ["TxDefaultProfile", "ChargePointMaxProfile"] } },
  txOnly: { reads: {}, takes: { ...ALL, purposes: ["TxProfile"] }, fallsBack: false, without: ["cars", "restart"] },
  refusesZero: { reads: {}, takes: { ...ALL, refusesZero: true } },
  watts: { reads: {}, takes: { ...ALL, units: ["W"] } },
  noProfiles: { reads: {}, takes: { ...ALL, answer: "notSupported" }, fallsBack: false },
  noSmartCharging: { reads: {}, takes: { ...ALL, answer: "notImplemented" }, fallsBack: false },
  wearsOut: { reads: {}, takes: ALL, told: { smart: { wearsFlash: true } } },
  dropsOffline: {
    reads: { dropsProfiles: "disconnect" },
    takes: ALL,
    told: { smart: { keepsProfilesOffline: false } },
    fallsBack: false,
  },
  fast5s: { reads: { clockOffsetsMs: [5000] }, takes: ALL },
  slow5s: { reads: { clockOffsetsMs: [-5000] }, takes: ALL },
  twoHoursAhead: { reads: { clockOffsetsMs: [7_200_000] }, takes: ALL },
  wakesIn1970: { reads: { clockAfterRestart: "1970" }, takes: ALL, without: ["restart"] },
} as const satisfies Record<string, ActedKind>;

export type KindName = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** A kind with all that it leaves out. */
export const kindOf = (name: KindName): ActedKind => KINDS[name];
