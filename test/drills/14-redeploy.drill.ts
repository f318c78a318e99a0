import { strict as assert } from "node:assert";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { assertNoGrowth, assertNotRaised, settled, sharesOf, type Watch, watched } from "./operations.ts";
import type { Park } from "./park.ts";
import { pick } from "./scale.ts";

const TYPES = ["full", "flows", "nodes"] as const;
const CARS = ["CP1", "CP2", "CP3"];
const SHARES = sharesOf(CARS, 32 / 3);

/** Deploys so often, with something changed each time, and watches what the chargers are told meanwhile. */
async function deployAgain(park: Park, watch: Watch, times: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    const flow = park.flow.map((node) => (node.type === "debug" ? { ...node, name: `round ${round}` } : node));
    await park.deploy(flow, TYPES[round % TYPES.length]);
    await park.pass(3);
    assertNotRaised(park, watch, SHARES, `in deploy ${round}`);
    park.check(`deploy ${round} drops nobody: ${watch.lost}`, watch.lost.length === 0);
  }
}

async function run(park: Park): Promise<void> {
  await settled(park, SHARES);
  await park.forget();
  const dialled = connections(park);
  await watched(park, async (watch) => {
    await deployAgain(park, watch, pick(3, 10));
    const before = await park.census();
    await deployAgain(park, watch, pick(6, 100));
    assertNoGrowth(before, await park.census());
  });
  assert.deepEqual(connections(park), dialled, "connections are kept");
  await settled(park, SHARES, 5);
  await park.heldWithin(1);
}

const connections = (park: Park): number[] => CARS.map((id) => park.cable(id).connections);

drill("14: deploys while cars charge", {
  plan: () => garage(),
  cases: [
    {
      full: true,
      title: "no connection is dropped, nothing is raised, nothing piles up",
      without: "lingering",
      run,
    },
  ],
});
