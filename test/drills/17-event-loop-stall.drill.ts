import { drill } from "./drill.ts";
import { garage } from "./garage.ts";

const CARS = ["CP1", "CP2", "CP3"];

drill("17: another flow blocks Node-RED", {
  plan: () => garage(),
  cases: [
    {
      full: true,
      title: "for 10 s: a load step meanwhile is answered as soon as it is over",
      without: "afterStalls",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.block(10);
        await park.load("main", [20, 20, 20]);
        await park.pass(25);
        await park.heldWithin(10 + 6);
      },
    },
    {
      title: "for longer than a lease: the cars go to their safe current by themselves, and come back",
      without: "leases",
      long: true,
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.block(90);
        await park.load("main", [20, 20, 20]);
        await park.until("every car is down to 6 A", () => CARS.every((id) => park.drawnA(id) <= 6.1), 64);
        await park.load("main", [6, 6, 6]);
        await park.charging(9);
        await park.heldWithin(66);
      },
    },
  ],
});
