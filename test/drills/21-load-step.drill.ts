import { drill } from "./drill.ts";
import type { ParkPlan } from "./plan.ts";

/** From the sample that shows it to the wire, and the cars' way down. */
const ANSWER_S = 3;
const CARS_FOLLOW_S = 3;

const plan = (): ParkPlan => ({
  zones: [{ name: "main", limitA: 63, loadA: [10, 10, 10], meter: true }],
  chargers: [
    { identity: "CP1", zone: "main" },
    { identity: "CP2", zone: "main", rotation: "STR" },
    { identity: "CP3", zone: "main", rotation: "TRS" },
  ],
});

drill("21: the building takes 40 A more", {
  plan,
  without: "newReadings",
  cases: [
    {
      title: "the cars are told within 2 s of the sample and the breaker is relieved as soon as they follow",
      run: async (park) => {
        await park.charging(15.5);
        await park.forget();
        await park.load("main", [50, 50, 50]);
        await park.until("the cars fit", () => park.breaker("main").currentA.every((currentA) => currentA <= 63.5), 10);
        await park.pass(10);
        await park.heldWithin(ANSWER_S + CARS_FOLLOW_S);
      },
    },
  ],
});
