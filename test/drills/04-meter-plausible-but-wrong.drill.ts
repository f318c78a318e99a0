import { drill } from "./drill.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";

/** One charger behind a meter of its own; the building takes more and more on one phase. */
const plan = (): ParkPlan => ({
  zones: [{ name: "main", limitA: 32, loadA: [4, 9, 6], meter: true }],
  chargers: [
    { identity: "CP1", zone: "main" },
    { identity: "CP2", zone: "main" },
  ],
});

/** So long a wrong reading may go unnoticed, s, and the cars may take to follow. */
const NOTICED_S = 25;

async function mismeasure(park: Park, fault: string): Promise<void> {
  await park.charging(10);
  await park.forget();
  await park.meter("main", fault);
  await park.pass(3);
  await park.load("main", [12, 14, 13]);
  await park.pass(60);
  await park.heldWithin(NOTICED_S);
}

drill("4: a meter shows plausible figures that are wrong", {
  plan,
  cases: [{ title: "clamps on the wrong phases", run: (park) => mismeasure(park, "swapped") }],
});
