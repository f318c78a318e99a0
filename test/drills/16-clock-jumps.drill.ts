import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import type { Park } from "./park.ts";

const CARS = ["CP1", "CP2", "CP3"];
const HOUR_S = 3600;

async function jump(park: Park, byS: number): Promise<void> {
  await park.charging(9);
  await park.forget();
  park.shiftClock(byS);
  await park.pass(40);
  park.check(
    "they charge as before",
    CARS.every((id) => park.drawnA(id) > 9),
  );
  await park.heldWithin(1);
}

drill("16: the wall clock jumps", {
  plan: () => garage(),
  cases: [
    { title: "an hour ahead: limits and leases go on", long: true, run: (park) => jump(park, HOUR_S) },
    { title: "back to 1970: the same", long: true, run: (park) => jump(park, -Date.now() / 1000) },
    {
      full: true,
      title: "an hour back: the same, and a meter that dies then is missed within 10 s",
      without: "monotonicClock",
      run: async (park) => {
        await jump(park, -HOUR_S);
        await park.meter("main", "silent");
        await park.pass(2);
        await park.load("main", [20, 20, 20]);
        await park.until("every car is down to 6 A", () => CARS.every((id) => park.drawnA(id) <= 6.1), 18);
        await park.heldWithin(17);
      },
    },
  ],
});
