import type { ProfileTarget } from "../../lib/profile/target.ts";
import { modelProfiles } from "../../lib/station/capabilities/models/index.ts";
import { resolveTraits } from "../../lib/station/capabilities/models/resolve.ts";
import { DEFAULT_TRAITS } from "../../lib/station/capabilities/models/traits.ts";
import type { SmartTraits } from "../../lib/station/capabilities/models/types.ts";

/** A connector of a charge point that keeps to the specification, but for what is named. */
export function target(smart: Partial<SmartTraits> = {}, wiring: Partial<ProfileTarget> = {}): ProfileTarget {
  return {
    connector: 2,
    connectors: 2,
    phases: 3,
    minA: 6,
    maxA: 32,
    safeA: 6,
    smart: { ...DEFAULT_TRAITS.smart, ...smart },
    ...wiring,
  };
}

/** Charge points with everything the product tells apart: each trait that shapes a profile, alone and where they meet. */
const ODD: Record<string, Partial<SmartTraits>> = {
  "in W only": { unit: "W" },
  "in W, whole numbers": { unit: "W", decimals: 0 },
  "whole amps": { decimals: 0 },
  "currents in steps": { stepsA: [6, 8, 10, 13, 16] },
  "least current of 7.5 A": { minA: 7.5 },
  "no 0 A": { zero: "min" },
  "no 0 A, in steps": { zero: "min", stepsA: [6, 10, 16], decimals: 0 },
  "stack level 0": { stackMax: 0 },
  "stack level 0, default profile only": { stackMax: 0, purposes: ["TxDefaultProfile"] },
  "default profile only": { purposes: ["TxDefaultProfile"] },
  "default profile for the next transaction only": { txDefaultAppliesToRunningTx: false },
  "the same in one slot": { txDefaultAppliesToRunningTx: false, maxInstalled: 1 },
  "maximum profile only": { purposes: ["ChargePointMaxProfile"] },
  "maximum profile first, one period": { purposes: ["ChargePointMaxProfile", "TxDefaultProfile"], maxPeriods: 1 },
  "one slot": { maxInstalled: 1 },
  "three slots": { maxInstalled: 3 },
  "ids up to 3": { idMax: 3 },
  "one period": { maxPeriods: 1 },
  "one period, stack level 0": { maxPeriods: 1, stackMax: 0 },
  "one period, one slot": { maxPeriods: 1, maxInstalled: 2 },
  "one period, no lease": { maxPeriods: 1, lease: "none" },
  "relative from the transaction": { kind: "Relative", relativeOrigin: "txStart" },
  "relative from the transaction, default profile only": {
    kind: "Relative",
    relativeOrigin: "txStart",
    purposes: ["TxDefaultProfile"],
  },
  "relative from the transaction, one slot": { kind: "Relative", relativeOrigin: "txStart", maxInstalled: 1 },
  "relative from receipt": { kind: "Relative", relativeOrigin: "receipt" },
  "relative from receipt, stack level 0": { kind: "Relative", relativeOrigin: "receipt", stackMax: 0 },
  "relative, one period": { kind: "Relative", maxPeriods: 1 },
  "numberPhases always": { numberPhases: "always" },
  "numberPhases always, in W": { numberPhases: "always", unit: "W" },
  "changes its phases": { switchesPhases: "yes" },
  "changes its phases while paused, one slot": { switchesPhases: "yes", phaseSwitch: "paused", maxInstalled: 1 },
  "changes its phases, one period": { switchesPhases: "yes", maxPeriods: 1 },
  "changes its phases by a key": {
    switchesPhases: "yes",
    phaseSwitch: "key",
    phaseKey: { key: "Phases", one: "1", three: "3" },
  },
  "no lease": { lease: "none" },
  "drops profiles offline": { keepsProfilesOffline: false },
  "any unit": { unit: "auto", stackMax: 8 },
};

/** Every model, every odd trait: name and traits. */
export const KINDS: readonly { name: string; smart: SmartTraits }[] = [
  ...modelProfiles().map((model) => ({ name: model.id, smart: resolveTraits(model).traits.smart })),
  ...Object.entries(ODD).map(([name, smart]) => ({ name, smart: { ...DEFAULT_TRAITS.smart, ...smart } })),
];
