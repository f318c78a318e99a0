import type { PlantTree } from "./plant.ts";
import type { DlmConfig } from "./runtime-types.ts";
import type { AllocationConfig, ControllerConfig } from "./types.ts";

/** What the allocator is told of a site and of the settings of its load management. */
export function allocationConfig(tree: PlantTree, config: DlmConfig): Partial<AllocationConfig> {
  const { shedding, priorityPolicy, idlePolicy, fairness } = config;
  const { voltageV, itNetwork = false } = tree;
  return { voltageV, itNetwork, shedding, priorityPolicy, idlePolicy, fairness };
}

/** What the controller is told. @param delays PV delays as a surplus message gave them; null = the controller's own */
export function controllerConfig(
  { rampUpAps, rotationS }: DlmConfig,
  { enableDelayS, disableDelayS }: { enableDelayS: number | null; disableDelayS: number | null },
): Partial<ControllerConfig> {
  return {
    rampUpAps,
    rotationS,
    ...(enableDelayS !== null && { pvEnableDelayS: enableDelayS }),
    ...(disableDelayS !== null && { pvDisableDelayS: disableDelayS }),
  };
}
