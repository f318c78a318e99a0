import type { PlantTree } from "../topology/plant.ts";
import type { AllocationConfig, ControllerConfig } from "../types.ts";
import type { DlmConfig } from "./runtime-types.ts";

/** What the allocator is told of a site and of the settings of its load management. */
export function allocationConfig(tree: PlantTree, config: DlmConfig): Partial<AllocationConfig> {
  const { shedding, priorityPolicy, idlePolicy, fairness } = config;
  const { voltageV, itNetwork = false } = tree;
  return { voltageV, itNetwork, shedding, priorityPolicy, idlePolicy, fairness };
}

/** Each change is a profile that a charger stores: a house that switches things on and off is not followed ampere by ampere. */
const FEW_WRITES = { deadbandA: 0.5, calmS: 60 } as const;

/** What the controller is told. @param delays PV delays as a surplus message gave them; null = the controller's own */
export function controllerConfig(
  { rampUpAps, rotationS }: DlmConfig,
  { enableDelayS, disableDelayS }: { enableDelayS: number | null; disableDelayS: number | null },
): Partial<ControllerConfig> {
  return {
    rampUpAps,
    rotationS,
    ...FEW_WRITES,
    ...(enableDelayS !== null && { pvEnableDelayS: enableDelayS }),
    ...(disableDelayS !== null && { pvDisableDelayS: disableDelayS }),
  };
}
