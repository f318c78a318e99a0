import { strict as assert } from "node:assert";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { NetworkOfItsOwn } from "./network.ts";
import type { Park, ParkOptions } from "./park.ts";
import type { ParkPlan } from "./plan.ts";
import { pick } from "./scale.ts";
import { soakPlan } from "./soak/site.ts";

/** Time that a machine takes from a process, s: less than a lease, and more. */
const STANDSTILL_S = 10;
/** Memory that Node-RED may use for objects, MB, and how many charge points it has to bear with it. */
const HEAP_MB = 128;
const CHARGERS = 120;

async function standsStill(park: Park): Promise<void> {
  await park.charging(9);
  await park.forget();
  const frozen = park.freeze(STANDSTILL_S);
  await park.load("main", [20, 20, 20]);
  await frozen;
  await park.pass(20);
  await park.heldWithin(STANDSTILL_S + 6);
}

async function littleMemory(park: Park): Promise<void> {
  const charging = () => park.plan.chargers.filter(({ identity }) => park.drawnA(identity) > 5).length;
  await park.until("most cars charge", () => charging() > CHARGERS / 2, 180);
  await park.forget();
  for (let round = 0; round < pick(1, 10); round++) {
    await park.load("main", [18, 18, 18]);
    await park.pass(15);
    await park.load("main", [4, 4, 4]);
    await park.pass(15);
  }
  await park.heldWithin(8);
  const { heapMb } = await park.census();
  assert.ok(park.nodeRed.running && heapMb < HEAP_MB, `${Math.round(heapMb)} MB of ${HEAP_MB} MB`);
}

/** The network of the case that runs. */
let network: NetworkOfItsOwn;

function ownNetwork(): ParkOptions {
  network = new NetworkOfItsOwn();
  return { network, closing: () => network.remove() };
}

/** The garage, with nobody who measures: what is behind its meter would be cut off as well. */
function unmetered(): ParkPlan {
  const { zones, chargers } = garage(63);
  return {
    zones: zones.map(({ meter: _, ...zone }) => ({ ...zone, told: { assumedLoadA: zone.loadA ?? [0, 0, 0] } })),
    chargers,
  };
}

async function cutOff(park: Park): Promise<void> {
  await park.charging(9);
  await park.forget();
  const drawnA = park.drawnA("CP1");
  network.down();
  await park.pass(25);
  park.check("they go on charging, and nobody gets more", Math.abs(park.drawnA("CP1") - drawnA) < 1);
  await park.until(
    "all are at their safe current",
    () => park.plan.chargers.every((one) => park.drawnA(one.identity) <= 6.1),
    64,
  );
  network.up();
  await park.charging(9);
  await park.heldWithin(1);
}

drill("the machine is short of time, memory or network", {
  plan: () => garage(),
  cases: [
    {
      title: "it stands still for 10 s: a load step meanwhile is answered as soon as it goes on",
      without: "afterStalls",
      long: true,
      run: standsStill,
    },
    {
      title: `${CHARGERS} charge points with ${HEAP_MB} MB of memory: limits hold, and there is enough`,
      plan: () => soakPlan(CHARGERS),
      options: { run: { nodeArgs: [`--max-old-space-size=${HEAP_MB}`] } },
      long: true,
      run: littleMemory,
    },
    {
      title: "the plug of the charge points' network is pulled: they keep what they have, then their safe current",
      plan: unmetered,
      missing: () => NetworkOfItsOwn.missing(),
      options: ownNetwork,
      without: "leases",
      long: true,
      run: cutOff,
    },
  ],
});
