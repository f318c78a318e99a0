import { drill } from "./drill.ts";
import type { ParkPlan } from "./plan.ts";

/** Three chargers on one phase, all of them really on L1. */
const plan = (rotations: readonly string[]): ParkPlan => ({
  zones: [{ name: "main", limitA: 40, loadA: [4, 4, 4], meter: true }],
  chargers: rotations.map((rotation, index) => ({
    identity: `CP${index + 1}`,
    zone: "main",
    phases: 1 as const,
    carPhases: 1 as const,
    told: { rotation },
  })),
});

drill("19: nobody knows the phases, or they were mistaken", {
  cases: [
    {
      title: "unknown: each counts on all three phases",
      plan: () => plan(["Unknown", "Unknown", "Unknown"]),
      without: "unknownRotation",
      run: async (park) => {
        await park.forget();
        await park.charging(10);
        await park.pass(20);
        await park.heldWithin(1);
      },
    },
    {
      title: "mistaken: told L1, L2 and L3, and all on L1",
      plan: () => plan(["RST", "STR", "TRS"]),
      run: async (park) => {
        await park.forget();
        await park.charging(9);
        await park.pass(60);
        await park.heldWithin(30);
      },
    },
  ],
});
