import { drill } from "./drill.ts";
import type { ParkPlan } from "./plan.ts";

/** Ways of not taking a limit, each behind a breaker of its own with a good charger beside it. */
const WAYS = ["rejectsProfiles", "notSupported", "notImplemented", "noAnswer"];

const plan = (): ParkPlan => ({
  zones: [{ name: "main", limitA: 160 }, ...WAYS.map((name) => ({ name, parent: "main", limitA: 24 }))],
  chargers: WAYS.flatMap((zone) => [
    { identity: `BAD-${zone}`, zone, behaviour: zone, safeA: 16 },
    { identity: `GOOD-${zone}`, zone },
  ]),
});

/** Who does not answer at all is found out after 10 s; its car may wake up before. */
const UNANSWERED_S = 17;

drill("11: a charger refuses limits, or does not answer", {
  plan,
  cases: [
    {
      full: true,
      title: "it counts with its hardware's maximum from the first moment; who is beside it gets the rest",
      without: "ownDraw",
      run: async (park) => {
        await park.forget();
        await park.charging(
          15.5,
          WAYS.map((way) => `BAD-${way}`),
        );
        await park.until("the others charge", () => WAYS.every((way) => park.drawnA(`GOOD-${way}`) > 6), 60);
        await park.pass(15);
        await park.heldWithin(UNANSWERED_S);
      },
    },
  ],
});
