import { strict as assert } from "node:assert";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { isRaised } from "./operations.ts";
import type { Park } from "./park.ts";
import { pick } from "./scale.ts";

const TYPES = ["full", "flows", "nodes"] as const;
const CARS = ["CP1", "CP2", "CP3"];

/** Deploys so often, with something changed each time, and watches what the chargers are told meanwhile. */
async function deployAgain(park: Park, times: number): Promise<void> {
  await park.charging(10.4);
  await park.forget();
  const connections = CARS.map((id) => park.cable(id).connections);
  const highestA = Math.max(...CARS.map((id) => park.charger(id).limitA));
  for (let round = 0; round < times; round++) {
    const flow = park.flow.map((node) => (node.type === "debug" ? { ...node, name: `round ${round}` } : node));
    await park.deploy(flow, TYPES[round % TYPES.length]);
    await park.pass(3);
    const limitsA = CARS.map((id) => park.charger(id).limitA);
    park.check(`raised by a deploy: ${limitsA.join(", ")}`, !isRaised(highestA, Math.max(...limitsA)));
  }
  await park.pass(5);
  assert.deepEqual(
    CARS.map((id) => park.cable(id).connections),
    connections,
    "connections are kept",
  );
  park.check(
    "they charge as before",
    CARS.every((id) => park.drawnA(id) > 9),
  );
  await park.heldWithin(1);
}

drill("14: deploys while cars charge", {
  plan: () => garage(),
  cases: [
    {
      full: true,
      title: "no connection is dropped, nothing is raised, nothing piles up",
      without: "lingering",
      run: async (park) => {
        await deployAgain(park, pick(3, 10));
        const before = await park.census();
        await deployAgain(park, pick(6, 100));
        const after = await park.census();
        for (const kind of new Set([...Object.keys(before.resources), ...Object.keys(after.resources)])) {
          const [was, is] = [before.resources[kind] ?? 0, after.resources[kind] ?? 0];
          assert.ok(is <= was + 5, `${kind}: ${was}, after many deploys ${is}`);
        }
        assert.ok(after.heapMb < before.heapMb + 20, `heap: ${before.heapMb} MB, then ${after.heapMb} MB`);
      },
    },
  ],
});
