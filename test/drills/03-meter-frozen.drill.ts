import { drill } from "./drill.ts";
import { garage } from "./garage.ts";

drill("3: the meter repeats itself, with fresh time stamps", {
  plan: () => garage(),
  without: "frozenMeters",
  cases: [
    {
      full: true,
      title: "it counts as lost after 10 s of the same registers while cars draw",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.meter("main", "frozen");
        await park.pass(1);
        await park.load("main", [20, 20, 20]);
        const all = ["CP1", "CP2", "CP3"];
        await park.until("every car is down to 6 A", () => all.every((id) => park.drawnA(id) <= 6.1), 22);
        await park.heldWithin(20);
      },
    },
  ],
});
