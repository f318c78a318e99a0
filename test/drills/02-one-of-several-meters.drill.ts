import { drill } from "./drill.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";

/** Two garages with a meter each below a main breaker with a third. */
const plan = (): ParkPlan => ({
  zones: [
    { name: "main", limitA: 80, loadA: [4, 4, 4], meter: true },
    { name: "east", parent: "main", limitA: 32, loadA: [5, 5, 5], meter: true },
    { name: "west", parent: "main", limitA: 32, loadA: [5, 5, 5], meter: true },
  ],
  chargers: [
    { identity: "E1", zone: "east" },
    { identity: "E2", zone: "east", rotation: "STR" },
    { identity: "W1", zone: "west" },
    { identity: "W2", zone: "west", rotation: "STR" },
  ],
});

async function eastIsLost(park: Park): Promise<void> {
  await park.charging(12);
  await park.forget();
  await park.meter("east", "silent");
  await park.pass(2);
  await park.load("east", [18, 18, 18]);
  await park.until(
    "the chargers behind the lost meter are at 6 A",
    () => {
      return park.drawnA("E1") <= 6.1 && park.drawnA("E2") <= 6.1;
    },
    20,
  );
  // As far as the main breaker has room for them: the load behind the lost meter nearly fills it, and while cars still climb, a busy
  // machine sees some of their current as the building's.
  park.check("their neighbours go on, well above 6 A", park.drawnA("W1") > 8 && park.drawnA("W2") > 8);
  await park.heldWithin(17);
}

async function mainIsLost(park: Park): Promise<void> {
  await park.charging(12);
  await park.forget();
  await park.meter("main", "silent");
  await park.pass(2);
  await park.load("main", [34, 34, 34]);
  const all = ["E1", "E2", "W1", "W2"];
  await park.until("every charger is at 6 A", () => all.every((id) => park.drawnA(id) <= 6.1), 20);
  await park.heldWithin(17);
}

drill("2: one of several meters is lost", {
  plan,
  without: "staleMeters",
  cases: [
    { full: true, title: "the chargers behind it fall back within 10 s, their neighbours go on", run: eastIsLost },
    { title: "the one above falls back with all below, whatever the others say", long: true, run: mainIsLost },
  ],
});
