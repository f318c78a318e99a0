import type { PlantTree } from "../lib/dlm/topology/plant.ts";
import { plan } from "../lib/planner/plan.ts";
import type { PlanRequest } from "../lib/planner/plan-types.ts";
import { triple } from "../lib/units.ts";
import type { BenchFigure } from "./figure.ts";

const CHARGERS = 20;
const AIM_S = 20;

const TREE: PlantTree = {
  voltageV: 230,
  zones: [
    {
      zone: { id: "main", parent: null, limitA: triple(63), assumedLoadA: triple(30) },
      root: "main",
      nodeId: "main",
      meters: [],
    },
    { zone: { id: "garage", parent: "main", limitA: triple(40) }, root: "main", nodeId: "garage", meters: [] },
  ],
  connectors: Array.from({ length: CHARGERS }, (_, number) => ({
    ...{ id: `CP${number}/1`, chargePoint: `CP${number}`, connector: 1, zone: number % 2 ? "garage" : "main" },
    ...{ zoneName: number % 2 ? "garage" : "main", root: "main" },
    wiring: {
      ...{ phases: 3, rotation: (["RST", "STR", "TRS"] as const)[number % 3]!, maxA: 32, minA: 6 },
      ...{ priorityClass: 1, mode: "fast", safeA: 0 },
    },
  })),
};

function request(days: number): PlanRequest {
  return {
    ...{ scene: "office", table: null, cars: CHARGERS, days, firstDay: 151, sunW: 30_000, seed: 1, rotationS: 900 },
    highestLoadA: new Map([["main", triple(30)]]),
    config: { fairness: "current", idlePolicy: "minIfSpare", priorityPolicy: "minFirst" },
  };
}

/** A year of twenty chargers, played twice: as it is, and with the next size of the breaker that binds. */
export async function bench(): Promise<BenchFigure[]> {
  const timeS = (days: number): number => {
    const beganMs = performance.now();
    plan(TREE, "main", request(days));
    return (performance.now() - beganMs) / 1000;
  };
  timeS(30);
  const [week, year] = [timeS(7), timeS(365)];
  return [
    {
      ...{ name: "day planner, a year of 20 chargers", value: year, unit: "s", baseline: AIM_S, ratio: year / AIM_S },
      aim: `at most ${AIM_S} s`,
      detail: { weekS: week, yearPerWeek: year / week },
    },
  ];
}
