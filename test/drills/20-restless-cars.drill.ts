import { seeded } from "../../lib/simulator/random.ts";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { pick, seed } from "./scale.ts";

const CARS = ["CP1", "CP2", "CP3"];

/** What cars and people do. */
const DOINGS = [
  { wantA: 16 },
  { wantA: 16 },
  { wantA: 0 },
  { wantA: 7 },
  { behaviour: "singlePhaseCar" },
  { behaviour: "normal" },
  { plugged: false },
  { plugged: true },
  { plugged: true },
];

drill("20: cars change their minds, their phases and their places", {
  plan: () => garage(),
  cases: [
    {
      full: true,
      title: "no breaker is over its limit, and no charger is told anything between 0 A and 6 A",
      without: "newReadings",
      run: async (park) => {
        const random = seeded(seed);
        const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
        await park.charging(9);
        await park.forget();
        for (let doing = 0; doing < pick(12, 200); doing++) {
          await park.car(one(CARS), one(DOINGS));
          if (doing % 4 === 3) await park.load("main", Array(3).fill(one([4, 8, 14, 20])));
          await park.pass(1 + 4 * random());
          for (const id of CARS) {
            const { limitA } = park.charger(id);
            park.check(`${id} is told 0 A or at least 6 A`, limitA === 0 || limitA >= 6);
          }
        }
        await park.heldWithin(6);
      },
    },
  ],
});
