import { strict as assert } from "node:assert";
import { join } from "node:path";
import { seeded } from "../../lib/simulator/random.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { peek } from "../peek.ts";
import { type DrillCase, drill } from "./drill.ts";
import {
  assertNoGrowth,
  assertNotRaised,
  say,
  settled,
  sharesOf,
  type Watch,
  watched,
  withButtons,
} from "./operations.ts";
import type { Park } from "./park.ts";
import type { ParkCharger, ParkPlan } from "./plan.ts";
import { pick, seed } from "./scale.ts";

const TYPES = ["full", "nodes", "flows"] as const;
const ROTATIONS = ["RST", "STR", "TRS"] as const;
const EAST = ["CP01", "CP02", "CP03", "CP04", "CP05", "CP06"];
const WEST = ["CP07", "CP08", "CP09", "CP10", "CP11", "CP12"];
const CARS = [...EAST, ...WEST];
const METERS = ["main", "west"];
/** Limit of the breaker in the east, and of the west from outside, A. */
const EAST_A = 45;
const WEST_A = 42;
/** In each garage six cars are on one phase. */
const SHARES = { ...sharesOf(EAST, EAST_A / EAST.length), ...sharesOf(WEST, WEST_A / WEST.length) };
/** What the log says of a meter that did not answer in time: its connection is remade, and rightly so. */
const SILENCE = /no answer within/g;

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
      { name: "east", parent: "main", limitA: EAST_A },
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
    await park.deploy(touched(park.flow, round, random), TYPES[round % TYPES.length]);
    await park.pass(1 + 4 * random());
    assertNotRaised(park, watch, SHARES, `in deploy ${round}`);
    park.check(`deploy ${round} drops nobody: ${watch.lost}`, watch.lost.length === 0);
  }
}

/** One transaction for each car, begun before all the deploys, and the same in the database. */
async function assertTransactions(park: Park, known: ReadonlyMap<string, number[]>): Promise<void> {
  const books = await park.simulator.books();
  const path = join(park.nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
  const rows = peek(path, (database) =>
    database.prepare("SELECT charge_point, transaction_id, stopped_wall_ms FROM transactions").all(),
  );
  for (const id of CARS) {
    const ids = books[id]!.transactions.map(({ transactionId }) => transactionId);
    assert.deepEqual(ids, known.get(id), `transactions of ${id}`);
    const recorded = rows.filter((row) => row["charge_point"] === id);
    assert.deepEqual(
      recorded.map((row) => [row["transaction_id"], row["stopped_wall_ms"]]),
      ids.map((transactionId) => [String(transactionId), null]),
    );
  }
}

function connections(park: Park, names: readonly string[]): number[] {
  return names.map((name) => park.cable(name).connections);
}

const silences = (park: Park): number => park.nodeRed.log.match(SILENCE)?.length ?? 0;

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

const isLimited = (park: Park): boolean => park.breaker("west").currentA.every((currentA) => currentA < WEST_A + 0.6);

async function run(park: Park): Promise<void> {
  await park.charging(5.9);
  await say(park, "limit/west", { limitA: WEST_A, source: "facility", reason: "works in the west" });
  await park.until("the west is limited", () => isLimited(park));
  await settled(park, SHARES);
  const random = seeded(seed);
  const transactions = new Map(CARS.map((id) => [id, [park.charger(id).transactionId!]]));
  const dialled = connections(park, CARS);
  const [asked, unanswered] = [sum(connections(park, METERS)), silences(park)];
  await park.forget();
  await watched(park, async (watch) => {
    await deployAgain(park, watch, pick(1, 10), random);
    const before = await park.census();
    await deployAgain(park, watch, pick(6, 100), random);
    assertNoGrowth(before, await park.census());
  });
  assert.deepEqual(connections(park, CARS), dialled, "connections are kept");
  const [remade, missed] = [sum(connections(park, METERS)) - asked, silences(park) - unanswered];
  assert.ok(remade <= missed, `${remade} connections to meters were made anew, and ${missed} answers missed`);
  park.check("the limit from outside holds on", isLimited(park));
  await settled(park, SHARES, 5);
  await assertTransactions(park, transactions);
  await park.heldWithin(1);
}

const majors = (["5", "4.1"] as const).map(
  (major): DrillCase => ({
    title: `on Node-RED ${major}: no connection is dropped, nothing is raised, nothing piles up, no transaction is doubled`,
    options: { major, flow: withButtons },
    run,
    full: true,
    ...(major === "4.1" && { without: null }),
  }),
);

drill("operations: deploys of all kinds while twelve cars charge", {
  plan: twoGarages,
  without: "lingering",
  cases: majors,
});
