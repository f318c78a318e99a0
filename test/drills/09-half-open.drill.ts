import { drill } from "./drill.ts";
import { garage } from "./garage.ts";

/** A lower limit counts as arrived for so long without an answer; then the next decision, and the cars. */
const UNANSWERED_S = 10;
const CYCLE_S = 6;
const CARS_FOLLOW_S = 4;

drill("9: the connection to a charger is half-open", {
  plan: () => garage(63),
  cases: [
    {
      full: true,
      title: "a lower limit that does not arrive is made up for by the others at once",
      run: async (park) => {
        await park.charging(10);
        await park.forget();
        park.cable("CP1").act({ blackHole: true });
        await park.pass(2);
        await park.load("main", [39, 39, 39]);
        await park.pass(30);
        await park.heldWithin(UNANSWERED_S + CYCLE_S + CARS_FOLLOW_S);
      },
    },
    {
      title: "what a lower limit would free that does not arrive is not given away",
      long: true,
      run: async (park) => {
        await park.car("CP3", { plugged: false });
        await park.charging(13, ["CP1", "CP2"]);
        await park.forget();
        park.cable("CP1").act({ blackHole: true });
        await park.pass(1);
        await park.car("CP3", { plugged: true });
        await park.pass(40);
        await park.heldWithin(1);
      },
    },
    {
      title: "it counts as offline after two pings, and the others get what it gives back at the end of its lease",
      long: true,
      without: "pings",
      run: async (park) => {
        await park.charging(10);
        await park.forget();
        park.cable("CP1").act({ blackHole: true });
        await park.until("CP1 is at its safe current", () => park.drawnA("CP1") <= 6.1, 65);
        await park.until("the others have the rest", () => park.drawnA("CP2") > 12, 110);
        park.cable("CP1").act({});
        await park.charging(10);
        await park.heldWithin(1);
      },
    },
  ],
});
