import { strict as assert } from "node:assert";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import type { Park } from "./park.ts";

/** What the cars draw may differ by this from what they were told, A. */
const SPREAD_A = 0.6;

async function loseOne(park: Park): Promise<number> {
  await park.charging(9);
  await park.forget();
  const drawnA = park.drawnA("CP1");
  park.cable("CP1").act({ cut: true });
  await park.until("CP1 is alone", () => !park.charger("CP1").online);
  return drawnA;
}

drill("8: a charger goes offline while it charges", {
  plan: () => garage(63),
  without: "offlineReserve",
  cases: [
    {
      title: "what it draws stays reserved: nobody gets its share",
      run: async (park) => {
        const drawnA = await loseOne(park);
        await park.pass(25);
        park.check("it goes on charging", park.drawnA("CP1") > drawnA - 0.5);
        await park.heldWithin(1);
      },
    },
    {
      title: "its lease runs out, it falls to 6 A, and only then the others get the rest",
      long: true,
      run: async (park) => {
        await loseOne(park);
        await park.until("CP1 falls to its safe current", () => park.drawnA("CP1") <= 6.1, 65);
        await park.until("the others have the rest", () => park.drawnA("CP2") > 12, 60);
        assert.ok(park.breaker("garage").currentA.every((currentA) => currentA <= 32 + SPREAD_A));
        park.cable("CP1").act({});
        await park.charging(10);
        await park.heldWithin(1);
      },
    },
  ],
});
