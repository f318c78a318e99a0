import { ALLOCATION_DEFAULTS, CONTROLLER_DEFAULTS } from "../../lib/dlm/types.ts";
import { EvError } from "../../lib/errors.ts";
import { type PlanSettings, readPlanRequest } from "../../lib/planner/plan-request.ts";
import { planInThread } from "../../lib/planner/plan-thread.ts";
import type { DayPlan } from "../../lib/planner/plan-types.ts";
import type { Site } from "../../lib/site/site.ts";

/**
 * Plays days below a root zone of the tree in force, beside everything else.
 * @throws EvError EV_MESSAGE_INVALID naming the field; EV_CONFIG_MISSING without a tree
 */
export async function dayPlan(site: Site, root: string, payload: unknown): Promise<DayPlan> {
  const { tree } = site.plant;
  if (!tree?.zones.some((zone) => zone.root === root))
    throw new EvError(
      "EV_CONFIG_MISSING",
      `the zone ${root} is in no valid tree; correct what the deploy has found first`,
    );
  const request = await readPlanRequest(payload, tree, root, settingsOf(site, root));
  return planInThread({ tree, root, request });
}

/** As load management was set at its last decision; until then as it comes. */
function settingsOf(site: Site, root: string): PlanSettings {
  const decision = [...site.decisions.values()].find(({ view }) => view.plant.zones[0]?.root === root);
  const { fairness, idlePolicy, priorityPolicy } = { ...ALLOCATION_DEFAULTS, ...decision?.view.snapshot.config };
  const { rotationS } = { ...CONTROLLER_DEFAULTS, ...decision?.settings };
  return { config: { fairness, idlePolicy, priorityPolicy }, rotationS };
}
