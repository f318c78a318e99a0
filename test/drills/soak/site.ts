/** Forty chargers on five breakers. */
import type { ParkCharger, ParkPlan, ParkZone } from "../plan.ts";

const ROTATIONS = ["RST", "STR", "TRS"] as const;

/** The zones below the main one, and whether they have a meter of their own. */
const GARAGES: readonly [name: string, metered: boolean][] = [
  ["north", true],
  ["east", false],
  ["south", true],
  ["west", false],
];

/** Load of a garage besides its chargers in calm times, A. */
export const CALM_A = 4;

/** A building in which every charger alone at its safe current fits, and no more than a third of what they would like. */
export function soakPlan(chargers = 40): ParkPlan {
  const each = Math.ceil(chargers / GARAGES.length);
  const limitA = each * 6 + 20;
  const zones: ParkZone[] = [
    { name: "main", limitA: GARAGES.length * limitA - 20, loadA: [10, 10, 10], meter: true },
    ...GARAGES.map(([name, meter]): ParkZone => {
      return { name, parent: "main", limitA, loadA: [CALM_A, CALM_A, CALM_A], meter, ...(!meter && { told: assumed }) };
    }),
  ];
  const built = Array.from({ length: chargers }, (_, i): ParkCharger => {
    const zone = GARAGES[i % GARAGES.length]![0];
    return {
      identity: `CP${i + 1}`,
      zone,
      rotation: ROTATIONS[i % ROTATIONS.length]!,
      ...(i % 5 === 4 && { phases: 1, carPhases: 1 }),
      batteryWh: 1_000_000,
    };
  });
  return { zones, chargers: built };
}

const assumed = { assumedLoadA: [CALM_A, CALM_A, CALM_A] };
