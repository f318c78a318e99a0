import { strict as assert } from "node:assert";
import { type DrillCase, drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { assertNotRaised, say, settled, sharesOf, watched, withButtons } from "./operations.ts";
import type { Park } from "./park.ts";

const CARS = ["CP1", "CP2", "CP3"];

const OUTSIDE_A = 24;
const SHARES = sharesOf(CARS, OUTSIDE_A / CARS.length);
/** The lease of the one that is cut off outlives the restart: what it was told stays reserved. */
const LONG_LEASE = { "ev-charging-profile": { leaseS: 900, refreshS: 75 } };

/** A limit from outside is in force, one charger is cut off meanwhile: neither is forgotten, and no transaction ends. */
async function restarted(park: Park, signal: NodeJS.Signals): Promise<void> {
  await park.charging(10);
  await say(park, "limit/garage", { limitA: OUTSIDE_A, source: "facility", reason: "works" });
  const sumA = () => CARS.reduce((sum, id) => sum + park.drawnA(id), 0);
  await park.until("the limit is obeyed", () => sumA() <= OUTSIDE_A + 0.5, 10);
  await settled(park, SHARES);
  const transactions = new Map(CARS.map((id) => [id, park.charger(id).transactionId]));
  await park.forget();
  await watched(park, async (watch) => {
    park.cable("CP1").act({ cut: true });
    await park.nodeRed.kill(signal);
    await park.nodeRed.restart();
    await park.until("the others are back", () => ["CP2", "CP3"].every((id) => park.charger(id).online));
    await park.pass(20);
    assertNotRaised(park, watch, SHARES, "while CP1 is cut off");
    park.cable("CP1").act({});
    await park.until("CP1 is back", () => park.charger("CP1").online);
    await park.pass(20);
    assertNotRaised(park, watch, SHARES, "when CP1 is back");
    for (const id of CARS)
      assert.deepEqual(watch.transactions(id), [transactions.get(id)], `${id} goes on with its transaction`);
    const flowA = watch.highestFlowA("garage");
    park.check(`the limit from outside holds all the time: ${flowA} A`, flowA <= OUTSIDE_A + 0.5);
  });
  await settled(park, SHARES);
  await park.heldWithin(1);
}

const cases = (["SIGTERM", "SIGKILL"] as const).map(
  (signal): DrillCase => ({
    title: `by ${signal}: nothing is raised, transactions and reservations are kept`,
    run: (park) => restarted(park, signal),
    ...(signal === "SIGKILL" ? { long: true } : { full: true }),
  }),
);
const older = cases.map(
  (one): DrillCase => ({
    ...one,
    title: `${one.title} (Node-RED 4.1)`,
    options: { flow: withButtons, major: "4.1" },
    long: true,
    without: null,
  }),
);

drill("operations: Node-RED is restarted while cars charge", {
  plan: () => ({ ...garage(63), nodes: LONG_LEASE }),
  options: { flow: withButtons },
  without: "dlmMemory",
  cases: [...cases, ...older],
});
