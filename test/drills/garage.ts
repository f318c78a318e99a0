/** The building most drills use: a main breaker with a meter, a garage below it without one, three chargers. */
import type { ParkPlan } from "./plan.ts";

/** A main breaker with a meter and 6 A of its own load, a 32 A garage, CP1 to CP3 on it, each wired another way round. */
export function garage(mainA = 40): ParkPlan {
  return {
    zones: [
      { name: "main", limitA: mainA, loadA: [6, 6, 6], meter: true },
      { name: "garage", parent: "main", limitA: 32 },
    ],
    chargers: [
      { identity: "CP1", zone: "garage", rotation: "RST" },
      { identity: "CP2", zone: "garage", rotation: "STR" },
      { identity: "CP3", zone: "garage", rotation: "TRS" },
    ],
  };
}
