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

const CARS = ["CP1", "CP2", "CP3"];

/** The building leaves no room for all three cars; then nobody sees it any more. */
async function nobodyStarts(park: Park): Promise<void> {
  await park.charging(9);
  await park.load("main", [24, 24, 24]);
  const waiting = () => CARS.filter((id) => park.drawnA(id) < 0.5);
  await park.until("a car waits", () => waiting().length > 0, 30);
  await park.pass(30);
  const ids = waiting();
  park.check("one waits still", ids.length > 0);
  await park.forget();
  await park.meter("main", "silent");
  for (let second = 0; second < 90; second += 5) {
    await park.pass(5);
    for (const id of ids) park.check(`${id} waits on`, park.drawnA(id) < 0.5);
  }
  await park.heldWithin(1);
}

drill("1: the grid meter is lost", {
  plan: () => garage(),
  cases: [
    { title: "silent: within 10 s every charger is at its fail-safe current", run: (park) => lost(park, "silent") },
    {
      full: true,
      title: "a car that waits is not started while nobody sees the building",
      run: nobodyStarts,
      without: null,
    },
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
