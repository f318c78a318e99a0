import { drill } from "./drill.ts";
import { garage } from "./garage.ts";

drill("22: a contactor is welded", {
  // What a charger that is not under control draws counts as load of the building, too.
  plan: () => garage(63),
  without: "weldedReserve",
  cases: [
    {
      full: true,
      title: "the outlet counts with its hardware's maximum, and the others make room",
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        await park.car("CP1", { behaviour: "weldedContactor" });
        await park.until("it draws all it can", () => park.drawnA("CP1") > 15.5);
        await park.pass(15);
        park.check("the others go on", park.drawnA("CP2") >= 6 && park.drawnA("CP3") >= 6);
        await park.heldWithin(5);
      },
    },
  ],
});
