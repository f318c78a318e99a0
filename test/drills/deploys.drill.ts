import { strict as assert } from "node:assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { seeded } from "../../lib/simulator/random.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { type DrillCase, drill } from "./drill.ts";
import { isRaised, say, settled, type Watch, watched, withButtons } from "./operations.ts";
import type { Park } from "./park.ts";
import type { ParkCharger, ParkPlan } from "./plan.ts";
import type { Census } from "./probe.ts";
import { pick, seed } from "./scale.ts";

const TYPES = ["full", "nodes", "flows"] as const;
const ROTATIONS = ["RST", "STR", "TRS"] as const;
const EAST = ["CP01", "CP02", "CP03", "CP04", "CP05", "CP06"];
const WEST = ["CP07", "CP08", "CP09", "CP10", "CP11", "CP12"];
const CARS = [...EAST, ...WEST];
/** What the log says of a meter that did not answer in time. */
const SILENCE = /no answer within/g;
/** The editor's own connections come and go: one of them is a socket, a timer or two, and some ten listeners. */
const SPREAD = { resources: 5, timers: 10, listeners: 40 };

/** Twelve chargers in two garages, a meter on the main breaker and one in the west. */
function twoGarages(): ParkPlan {
  const charger =
    (zone: string) =>
    (identity: string, i: number): ParkCharger => ({
      identity,
      zone,
      rotation: ROTATIONS[i % 3]!,
      ...(i === 5 && { phases: 1 as const }),
    });
  return {
    zones: [
      { name: "main", limitA: 125, loadA: [10, 10, 10], meter: true },
      { name: "east", parent: "main", limitA: 45 },
      { name: "west", parent: "main", limitA: 60, meter: true },
    ],
    chargers: [...EAST.map(charger("east")), ...WEST.map(charger("west"))],
  };
}

/** The flow with one to three nodes described anew: each kind of node takes its turn by chance. */
function touched(flow: readonly FlowNode[], round: number, random: () => number): FlowNode[] {
  const changed = new Set<string>();
  const nodes = flow.filter(({ type }) => type !== "tab");
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--)
    changed.add(nodes[Math.floor(random() * nodes.length)]!.id);
  return flow.map((node) => (changed.has(node.id) ? { ...node, info: `round ${round}` } : node));
}

async function deployAgain(park: Park, watch: Watch, times: number, random: () => number): Promise<void> {
  for (let round = 0; round < times; round++) {
    const before = new Map(CARS.map((id) => [id, park.charger(id).limitA]));
    watch.forget();
    await park.deploy(touched(park.flow, round, random), TYPES[round % TYPES.length]);
    await park.pass(1 + 4 * random());
    for (const id of CARS) {
      const [wasA, highestA] = [before.get(id)!, watch.highestA(id)];
      park.check(`deploy ${round} does not raise ${id}: ${wasA} A, then ${highestA} A`, !isRaised(wasA, highestA));
    }
    park.check(`deploy ${round} drops nobody: ${watch.lost}`, watch.lost.length === 0);
  }
}

function assertNoGrowth(before: Census, after: Census): void {
  const kinds = new Set([...Object.keys(before.resources), ...Object.keys(after.resources)]);
  for (const kind of kinds) {
    const [was, is] = [before.resources[kind] ?? 0, after.resources[kind] ?? 0];
    assert.ok(is <= was + SPREAD.resources, `${kind}: ${was}, after many deploys ${is}`);
  }
  for (const what of ["timers", "listeners"] as const)
    assert.ok(
      after[what] <= before[what] + SPREAD[what],
      `${what}: ${before[what]}, after many deploys ${after[what]}`,
    );
  assert.ok(after.heapMb < before.heapMb + 20, `heap: ${before.heapMb} MB, then ${after.heapMb} MB`);
}

/** One transaction for each car, begun before all the deploys, and the same in the database. */
async function assertTransactions(park: Park, known: ReadonlyMap<string, number[]>): Promise<void> {
  const books = await park.simulator.books();
  const path = join(park.nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT charge_point, transaction_id, stopped_wall_ms FROM transactions").all();
  database.close();
  for (const id of CARS) {
    const ids = books[id]!.transactions.map(({ transactionId }) => transactionId);
    assert.deepEqual(ids, known.get(id), `transactions of ${id}`);
    const recorded = rows.filter((row) => row["charge_point"] === id);
    assert.deepEqual(
      recorded.map((row) => [row["transaction_id"], row["stopped_wall_ms"]]),
      ids.map((transactionId) => [transactionId, null]),
    );
  }
}

function connections(park: Park, names: Iterable<string> = park.cables.keys()): [name: string, ever: number][] {
  return [...names].map((name) => [name, park.cable(name).connections]);
}

async function run(park: Park): Promise<void> {
  await park.charging(5.9);
  await say(park, "limit/west", { limitA: 42, source: "facility", reason: "works in the west" });
  await park.until("the west is limited", () => park.breaker("west").currentA.every((currentA) => currentA < 42.6));
  await settled(park, pick(10, 20));
  const random = seeded(seed);
  const transactions = new Map(CARS.map((id) => [id, [park.charger(id).transactionId!]]));
  const dialled = connections(park);
  const silences = park.nodeRed.log.match(SILENCE)?.length;
  await park.forget();
  await watched(park, async (watch) => {
    await deployAgain(park, watch, pick(1, 10), random);
    const before = await park.census();
    await deployAgain(park, watch, pick(6, 100), random);
    assertNoGrowth(before, await park.census());
  });
  assert.deepEqual(connections(park, CARS), dialled.slice(0, CARS.length), "connections are kept");
  // Where the machine was too slow for a meter's answer, the connection to it was remade, and rightly so.
  if (park.nodeRed.log.match(SILENCE)?.length === silences)
    assert.deepEqual(connections(park), dialled, "connections are kept, also those to meters");
  assert.ok(
    park.breaker("west").currentA.every((currentA) => currentA < 42.6),
    "the limit from outside holds on",
  );
  await assertTransactions(park, transactions);
  await park.heldWithin(1);
}

const majors = (["5", "4.1"] as const).map(
  (major): DrillCase => ({
    title: `on Node-RED ${major}: no connection is dropped, nothing is raised, nothing piles up, no transaction is doubled`,
    options: { major, flow: withButtons },
    run,
    ...(major === "4.1" && { without: null, full: true }),
  }),
);

drill("operations: deploys of all kinds while twelve cars charge", {
  plan: twoGarages,
  without: "lingering",
  cases: majors,
});
