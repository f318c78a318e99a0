import { strict as assert } from "node:assert";
import { type DrillCase, drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { isRaised, say, settled, type Watch, watched, withButtons } from "./operations.ts";
import type { Park } from "./park.ts";

const CARS = ["CP1", "CP2", "CP3"];

/** Nobody has more than before; once the lease of the one that is cut off has ended, the others may have what it gave up. */
function assertNotRaised(park: Park, watch: Watch, before: ReadonlyMap<string, { limitA: number }>): void {
  if (watch.lowestA("CP1") < before.get("CP1")!.limitA) return;
  for (const id of CARS) {
    const [wasA, highestA] = [before.get(id)!.limitA, watch.highestA(id)];
    park.check(`${id} is not raised from ${wasA} to ${highestA} A`, !isRaised(wasA, highestA));
  }
}

/** A limit from outside is in force, one charger is cut off meanwhile: neither is forgotten, and no transaction ends. */
async function restarted(park: Park, signal: NodeJS.Signals): Promise<void> {
  await park.charging(10);
  await say(park, "limit/garage", { limitA: 24, source: "facility", reason: "works" });
  const sumA = () => CARS.reduce((sum, id) => sum + park.drawnA(id), 0);
  await park.until("the limit is obeyed", () => sumA() <= 24.5, 10);
  await settled(park, 10);
  const before = new Map(CARS.map((id) => [id, { ...park.charger(id) }]));
  await park.forget();
  await watched(park, async (watch) => {
    park.cable("CP1").act({ cut: true });
    await park.nodeRed.kill(signal);
    await park.nodeRed.restart();
    await park.until("the others are back", () => ["CP2", "CP3"].every((id) => park.charger(id).online));
    await park.pass(20);
    assertNotRaised(park, watch, before);
    park.cable("CP1").act({});
    await park.until("CP1 is back", () => park.charger("CP1").online);
    await park.pass(20);
    for (const id of CARS) {
      const { transactionId } = before.get(id)!;
      assert.deepEqual(watch.transactions(id), [transactionId], `${id} goes on with its transaction`);
    }
    assertNotRaised(park, watch, before);
  });
  await park.until("they charge as before", () => sumA() > 23);
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
  plan: () => garage(63),
  options: { flow: withButtons },
  without: "dlmMemory",
  cases: [...cases, ...older],
});
