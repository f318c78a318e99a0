import { drill } from "./drill.ts";
import { garage } from "./garage.ts";

/** A sample of the charger, two that agree, a cycle, and the cars that make room. */
const FOUND_OUT_S = 28;

drill("10: a charger accepts limits and does not keep to them", {
  plan: () => garage(100),
  cases: [
    {
      full: true,
      title: "what it draws is taken from the others",
      without: "ownDraw",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.car("CP1", { behaviour: "ignoresLimits" });
        await park.until("it draws all it can", () => park.drawnA("CP1") > 15.5);
        await park.pass(35);
        await park.heldWithin(FOUND_OUT_S);
      },
    },
    {
      title: "where nobody else can make room its charge is stopped",
      without: "lastResort",
      long: true,
      plan: () => ({
        zones: [{ name: "main", limitA: 24, loadA: [3, 3, 3], meter: true }],
        chargers: [{ identity: "CP1", zone: "main", maxA: 32 }],
      }),
      run: async (park) => {
        await park.charging(20);
        await park.forget();
        await park.car("CP1", { behaviour: "ignoresLimits" });
        await park.until("it draws all it can", () => park.drawnA("CP1") > 31);
        await park.until("it is stopped", () => park.drawnA("CP1") === 0, 75);
      },
    },
  ],
});
