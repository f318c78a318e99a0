import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import type { Park } from "./park.ts";

/** The limit is there before the cars; so long they take to follow. */
const CARS_FOLLOW_S = 5;

async function lost(park: Park, how: string): Promise<void> {
  await park.charging(9);
  await park.forget();
  await park.meter("main", how);
  await park.pass(2);
  // Nobody sees the kitchen any more.
  await park.load("main", [20, 20, 20]);
  await park.pass(10);
  await park.until("every car is down to 6 A", () => ["CP1", "CP2", "CP3"].every((id) => park.drawnA(id) <= 6.1), 8);
  await park.heldWithin(12 + CARS_FOLLOW_S);
}

drill("1: the grid meter is lost", {
  plan: () => garage(),
  cases: [
    { title: "silent: within 10 s every charger is at its fail-safe current", run: (park) => lost(park, "silent") },
    {
      long: true,
      title: "switched off: the same, and charging goes on when it is back",
      run: async (park) => {
        await lost(park, "stop");
        await park.load("main", [6, 6, 6]);
        await park.meter("main", "none");
        await park.charging(9);
      },
    },
  ],
  without: "staleMeters",
});
