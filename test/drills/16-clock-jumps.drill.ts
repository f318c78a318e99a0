import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import type { Park } from "./park.ts";

const CARS = ["CP1", "CP2", "CP3"];
const HOUR_S = 3600;
/** One that does not take the time it is told falls to its safe current, until its next sample shows that, and the car has followed. */
const TOLD_S = 12;

async function jump(park: Park, byS: number): Promise<void> {
  await park.charging(9);
  await park.forget();
  park.shiftClock(byS);
  await park.pass(40);
  await park.until("they charge as before", () => CARS.every((id) => park.drawnA(id) > 9), TOLD_S);
  await park.heldWithin(1);
}

drill("16: the wall clock jumps", {
  plan: () => garage(),
  cases: [
    {
      title: "an hour ahead while a charger is away: what it was told goes on counting",
      plan: () => garage(63),
      without: "monotonicClock",
      long: true,
      run: async (park) => {
        await park.charging(9);
        await park.forget();
        park.cable("CP1").act({ cut: true });
        await park.until("CP1 is alone", () => !park.charger("CP1").online);
        park.shiftClock(HOUR_S);
        await park.pass(25);
        park.check("it goes on charging", park.drawnA("CP1") > 9);
        await park.heldWithin(1);
      },
    },
    { title: "an hour ahead: limits and leases go on", long: true, run: (park) => jump(park, HOUR_S) },
    { title: "back to 1970: the same", long: true, run: (park) => jump(park, -Date.now() / 1000) },
    {
      full: true,
      title: "an hour back: the same, and a meter that dies at such a moment is missed within 10 s",
      run: async (park) => {
        await jump(park, -HOUR_S);
        await park.meter("main", "silent");
        await park.pass(2);
        park.shiftClock(-HOUR_S);
        await park.load("main", [20, 20, 20]);
        await park.until("every car is down to 6 A", () => CARS.every((id) => park.drawnA(id) <= 6.1), 18);
        await park.heldWithin(17);
      },
    },
  ],
});
