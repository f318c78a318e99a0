import { seeded } from "../../lib/simulator/random.ts";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { seed } from "./scale.ts";

drill("7: the gateway is slow, and a second master keeps it busy", {
  plan: () => garage(),
  cases: [
    {
      full: true,
      title: "answers after 0.2 s to 3 s: what comes too late is no reading, and the limit holds",
      without: "staleMeters",
      run: async (park) => {
        const random = seeded(seed);
        await park.charging(9);
        await park.forget();
        park.cable("main").act({ delayMs: () => 200 + 2800 * random() });
        await park.pass(3);
        await park.load("main", [20, 20, 20]);
        await park.pass(40);
        await park.heldWithin(17);
      },
    },
  ],
});
