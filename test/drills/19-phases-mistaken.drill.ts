import type { Rotation } from "../../lib/dlm/types.ts";
import type { Triple } from "../../lib/units.ts";
import { drill } from "./drill.ts";
import type { ParkPlan } from "./plan.ts";

const CARS = ["CP1", "CP2", "CP3"];
/** From the sample to the car that gives way. */
const FOLLOW_S = 8;
/** The last one said to be on the phase is stopped, nothing is left to lower for 15 s; then the others, and their way down. */
const TRIED_S = 32;

/** Three cars on one phase each, wired `real` and described as `told`. */
const plan = (real: Rotation, told: readonly Rotation[], loadA: Triple, limitA = 40): ParkPlan => ({
  zones: [{ name: "main", limitA, loadA, meter: true }],
  chargers: told.map((rotation, index) => ({
    identity: `CP${index + 1}`,
    zone: "main",
    phases: 1,
    carPhases: 1,
    rotation: real,
    told: { rotation },
  })),
});

drill("19: nobody knows the phases, or they were mistaken", {
  cases: [
    {
      full: true,
      title: "unknown: each counts on all three phases",
      plan: () => plan("STR", ["Unknown", "Unknown", "Unknown"], [4, 20, 4]),
      without: "unknownRotation",
      run: async (park) => {
        await park.forget();
        await park.until("one of them charges", () => CARS.some((id) => park.drawnA(id) >= 6));
        await park.pass(30);
        await park.heldWithin(1);
      },
    },
    {
      full: true,
      title:
        "mistaken, and who is said to be on the phase is not enough: whoever might be on it makes room, and then counts there",
      plan: () => plan("RST", ["RST", "STR", "TRS"], [4, 4, 4], 32),
      without: "strays",
      run: async (park) => {
        await park.forget();
        await park.charging(6, ["CP2", "CP3"]);
        await park.pass(60);
        await park.heldWithin(TRIED_S);
        await park.forget();
        await park.pass(60);
        park.check(
          "somebody charges",
          CARS.some((id) => park.drawnA(id) >= 6),
        );
        await park.heldWithin(FOLLOW_S);
      },
    },
    {
      long: true,
      title: "mistaken: told L1, L2 and L3, and all on L1; the meter shows what is too much there",
      plan: () => plan("RST", ["RST", "STR", "TRS"], [4, 4, 4]),
      without: "newReadings",
      run: async (park) => {
        await park.forget();
        await park.charging(6, ["CP1"]);
        await park.pass(60);
        await park.heldWithin(FOLLOW_S);
      },
    },
  ],
});
