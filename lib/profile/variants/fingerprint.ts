import { statesPhases } from "../../station/capabilities/models/phase-ability.ts";
import type { ProfileTarget } from "../target.ts";
import { baselineVariants, variants } from "./variant-order.ts";

/** Found once for each target: it is asked for with every limit. */
const shapes = new WeakMap<ProfileTarget, string>();

/** Everything that the profiles of a connector look like by: two targets of one shape get the same profiles for the same limits. */
export function shapeOf(target: ProfileTarget): string {
  const known = shapes.get(target);
  if (known !== undefined) return known;
  const shape = findShape(target);
  shapes.set(target, shape);
  return shape;
}

function findShape(target: ProfileTarget): string {
  const { supported, lease, relativeOrigin, unit, decimals, stepsA, minA, zero, keepsProfilesOffline } = target.smart;
  const phases = statesPhases(target.smart);
  const form = { relativeOrigin, phases, watts: unit === "W", decimals, stepsA, minA, zero };
  const rules = { supported, lease, keepsProfilesOffline, form };
  return JSON.stringify([variants(target, null)[0], variants(target, "")[0], baselineVariants(target)[0], rules]);
}
