import type { AllocationConnector } from "../allocation/cars.ts";
import { ceilingA } from "../snapshot/ceilings.ts";
import type { ControllerConfig } from "../types.ts";
import { type ControlledConnector, isRequesting } from "./controlled-connector.ts";
import { EPSILON } from "./timing.ts";

/**
 * Writes what the allocator is to know of a connector: what is given, and what has been learnt of it.
 * @param measuredA its draw as it counts behind meters, A per terminal; undefined = as measured
 * @param rotate it is a waiting car's turn: a car that has charged long enough may lose its place
 */
export function fillCore(
  connector: ControlledConnector,
  measuredA: (number | null)[] | undefined,
  rotate: boolean,
  config: ControllerConfig,
): void {
  const { core, given, memory } = connector;
  const { capA } = memory.demand;
  core.phases = given.phases;
  core.rotation = given.rotation;
  core.detectedPhases = connector.detectedPhases ?? given.detectedPhases;
  core.minA = given.minA;
  core.minA3p = given.minA3p;
  core.maxA = given.maxA;
  core.demandCapA = capA === null ? given.demandCapA : Math.min(capA, given.demandCapA ?? Number.POSITIVE_INFINITY);
  const limitA = ceilingA(given);
  core.externalLimitA = connector.heldA === null ? limitA : Math.min(connector.heldA, limitA ?? connector.heldA);
  core.priorityClass = given.priorityClass;
  core.weight = given.weight;
  core.mode = connector.role === "held" ? "minpv" : given.mode;
  core.state = stateOf(connector);
  core.incumbent = isIncumbent(connector, rotate, config);
  core.arrivalS = given.arrivalS;
  core.chargingS = given.chargingS ?? memory.servedS;
  core.energyWh = given.energyWh;
  core.disconnectedA = given.disconnectedA;
  core.aloneA = given.aloneA;
  core.measuredA = measuredA ?? given.measuredA;
  core.reservedA =
    memory.uncontrolled && connector.state !== "offline"
      ? Math.max(given.reservedA ?? 0, connector.drawA ?? 0, memory.setpointA)
      : given.reservedA;
}

function stateOf(connector: ControlledConnector): AllocationConnector["state"] {
  if (connector.role !== "part" && connector.role !== "held" && isRequesting(connector)) return "available";
  return connector.state === "charging" && connector.memory.idle.idle ? "idle" : connector.given.state;
}

function isIncumbent({ given, memory }: ControlledConnector, rotate: boolean, config: ControllerConfig): boolean {
  if (rotate && (memory.onS ?? 0) >= config.minOnS - EPSILON) return false;
  if (given.incumbent !== undefined && !rotate) return given.incumbent;
  return memory.granted || memory.setpointA > 0;
}
