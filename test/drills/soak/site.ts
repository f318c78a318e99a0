/** Forty chargers on five breakers, with hardly more room than every charger needs at its safe current. */
import type { ParkCharger, ParkPlan, ParkZone } from "../plan.ts";

const ROTATIONS = ["RST", "STR", "TRS"] as const;

/** The zones below the main one, and whether they have a meter of their own. */
const GARAGES: readonly [name: string, metered: boolean][] = [
  ["north", true],
  ["east", false],
  ["south", true],
  ["west", false],
];

/** Zones whose load changes: the others have no meter, and a load that nobody sees has to be the one that is assumed. */
export const RESTLESS = ["main", "north", "south"] as const;

/** Load of a garage besides its chargers where nobody measures it, A. */
const ASSUMED_A = 4;
const SAFE_A = 6;
/** What a garage and the main breaker bear besides all their chargers at the safe current, A. */
const GARAGE_ROOM_A = 20;
const MAIN_ROOM_A = 60;

/** The most load a zone can have, A, so that every charger fits at its safe current: what is left when nobody sees the load. */
export function mostBlindA(zone: (typeof RESTLESS)[number]): number {
  const below = 2 * (GARAGE_ROOM_A - 1) + 2 * ASSUMED_A;
  return zone === "main" ? MAIN_ROOM_A - 1 - below : GARAGE_ROOM_A - 1;
}

/** A building in which every charger alone at its safe current fits, and no more than a third of what they would like. */
export function soakPlan(chargers = 40): ParkPlan {
  const each = Math.ceil(chargers / GARAGES.length);
  const limitA = each * SAFE_A + GARAGE_ROOM_A;
  const mainA = GARAGES.length * each * SAFE_A + MAIN_ROOM_A;
  const zones: ParkZone[] = [
    { name: "main", limitA: mainA, loadA: [10, 10, 10], meter: true },
    ...GARAGES.map(([name, meter]): ParkZone => {
      const loadA: [number, number, number] = [ASSUMED_A, ASSUMED_A, ASSUMED_A];
      return { name, parent: "main", limitA, loadA, meter, ...(!meter && { told: { assumedLoadA: loadA } }) };
    }),
  ];
  const built = Array.from({ length: chargers }, (_, i): ParkCharger => {
    const zone = GARAGES[i % GARAGES.length]![0];
    return {
      identity: `CP${i + 1}`,
      zone,
      rotation: ROTATIONS[i % ROTATIONS.length]!,
      ...(i % 5 === 4 && { phases: 1, carPhases: 1 }),
      ...(i % 7 === 6 && { maxA: 32 }),
      batteryWh: 1_000_000,
    };
  });
  return { zones, chargers: built };
}
