import { strict as assert } from "node:assert";
import { join } from "node:path";
import { bearsS } from "../../lib/breaker-curve.ts";
import type { AlarmMessage, AllocationMessage } from "../../lib/messages.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { FrameReader } from "../judge/tap.ts";
import { peek } from "../peek.ts";
import { drill } from "./drill.ts";
import { edited, without } from "./operations.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";
import type { Ear } from "./proxy.ts";
import type { DrillTime } from "./time.ts";

/** It waits with an accepted 0 A. The last reading it sent is of while it charged, and it sends none when it is asked. */
const WAITING = "CP1";
const DELETED = "CP2";
const DISOBEYING = "CP3";

const LIMIT_A = 63;
/** What the house takes while there is room for every car, and while there is room for two, A. */
const [ROOM_FOR_ALL_A, ROOM_FOR_TWO_A] = [36, 46];
/** All that the deleted charger ever draws, A. */
const DELETED_A = 6;
/** What the disobeying charger can draw, and what its car wants of it at first, A. */
const [MOST_A, AT_FIRST_A] = [32, 13];
/** With all that the disobeying charger can draw. */
const OVERLOAD_A = ROOM_FOR_TWO_A + DELETED_A + MOST_A;
/** Any breaker bears the overload for so long, s. */
const BORNE_S = bearsS(LIMIT_A, OVERLOAD_A);
/** A minute after the deploy, and a while in which a second charger would be stopped, s. */
const [MINUTE_S, AFTERWARDS_S] = [60, 20];
/** Within so long each charger has sent a reading, s. */
const READ_S = 6;

interface Call {
  identity: string;
  atMs: number;
  action: string;
  payload: Record<string, unknown>;
}

/** What charge points are asked to do, from the bytes on their cables. */
class Tap {
  readonly #calls: Call[] = [];

  /** For `ParkOptions.listens`. */
  ear(identity: string, time: DrillTime): Ear {
    const frames = new FrameReader((text) => {
      const [type, , action, payload] = JSON.parse(text) as [number, string, string, Record<string, unknown>];
      if (type === 2) this.#calls.push({ identity, atMs: time.nowMs(), action, payload });
    });
    return { toServer: () => {}, toClient: (chunk) => frames.feed(chunk), over: () => {} };
  }

  /** Every call that ends a charge or takes an outlet out of service, oldest first. */
  get stops(): Call[] {
    return this.#calls.filter(
      ({ action, payload }) =>
        action === "RemoteStopTransaction" || (action === "ChangeAvailability" && payload["type"] === "Inoperative"),
    );
  }
}

interface Scene {
  park: Park;
  tap: Tap;
  /** Numbers of the transactions of the waiting and of the disobeying charger. */
  waiting: number;
  disobeying: number;
}

function building(): ParkPlan {
  return {
    zones: [{ name: "main", limitA: LIMIT_A, loadA: [ROOM_FOR_ALL_A, ROOM_FOR_ALL_A, ROOM_FOR_ALL_A], meter: true }],
    chargers: [
      { identity: WAITING, zone: "main", behaviour: "noTrigger", told: { priorityClass: 3 } },
      { identity: DELETED, zone: "main", maxA: DELETED_A },
      { identity: DISOBEYING, zone: "main", maxA: MOST_A, wantA: AT_FIRST_A },
    ],
  };
}

/** The flow with a debug node that shows allocations. */
function withWitness(flow: readonly FlowNode[]): FlowNode[] {
  const debug = { type: "debug", z: "drill", active: true, tosidebar: true, complete: "true", wires: [] };
  return [
    ...edited(flow, "dlm", { wires: [["profile", "allocations"], [], ["alarms"]] }),
    { id: "allocations", ...debug },
  ];
}

const flowingA = (park: Park): number => Math.max(...park.breaker("main").currentA);

const house = (park: Park, loadA: number): Promise<void> => park.load("main", [loadA, loadA, loadA]);

/** All charge until the house leaves room for two. Then, in one deploy, one charger is deleted, and another begins to disobey. */
async function deployed(park: Park, tap: Tap): Promise<Scene> {
  await park.nodeRed.feed();
  await park.charging(DELETED_A - 0.1);
  await park.pass(READ_S);
  await house(park, ROOM_FOR_TWO_A);
  const waits = () => park.charger(WAITING).limitA === 0 && park.drawnA(WAITING) === 0;
  await park.until("one car waits with an accepted 0 A", () => waits() && flowingA(park) <= LIMIT_A, 20);
  const numberOf = (identity: string) => park.charger(identity).transactionId ?? assert.fail(`${identity} charges`);
  const scene = { park, tap, waiting: numberOf(WAITING), disobeying: numberOf(DISOBEYING) };
  await park.forget();
  await Promise.all([
    park.deploy(without(park.flow, `cp-${DELETED}`)),
    park.car(DISOBEYING, { behaviour: "ignoresLimits" }),
  ]);
  return scene;
}

/** Looks all the time, until something holds. */
async function watched(scene: Scene, forS: number, look: () => void, until = () => false): Promise<void> {
  const { park, tap, waiting } = scene;
  const endMs = park.time.nowMs() + forS * 1000;
  while (park.time.nowMs() < endMs && !until()) {
    await park.pass(0.5);
    const others = tap.stops.filter(({ identity }) => identity !== DISOBEYING);
    assert.deepEqual(others, [], "only who disobeys may be stopped");
    park.check("the transaction of the waiting car goes on", park.charger(WAITING).transactionId === waiting);
    look();
  }
}

/** 65 A on a breaker of 63 A, which holds 71 A for an hour: it is said who draws too much, and nobody is stopped. */
async function borneForAnHour(scene: Scene): Promise<void> {
  const { park, tap, disobeying } = scene;
  await park.until("the breaker carries more than its limit", () => flowingA(park) > LIMIT_A + 1, 10);
  await watched(scene, MINUTE_S, () => {
    park.check("the breaker carries 62 to 66 A", flowingA(park) >= 62 && flowingA(park) <= 66);
    assert.deepEqual(tap.stops, []);
  });
  park.check("who disobeys charges on", park.charger(DISOBEYING).transactionId === disobeying);
  const alarms = (await park.nodeRed.feed()).of<AlarmMessage>("alarms").map(({ message }) => message.payload.text);
  assert.match(alarms.join("\n"), /^L1 of zone main: 65.* charger CP3\/1 draws too much$/m);
}

/** Far above what the breaker holds: after half of what any breaker bears, who disobeys is stopped, nobody else, and reads why. */
async function notBorne(scene: Scene): Promise<void> {
  const { park, tap } = scene;
  const isOver = () => flowingA(park) > OVERLOAD_A - 1;
  await park.until("the breaker carries far more than it holds", isOver, 15);
  const overMs = park.time.nowMs() - 1000 * park.breaker("main").overS;
  await watched(
    scene,
    BORNE_S,
    () => {},
    () => tap.stops.length > 0,
  );
  const [stop] = tap.stops;
  park.check("who disobeys is stopped", stop?.identity === DISOBEYING && stop.action === "RemoteStopTransaction");
  assert.equal(stop!.payload["transactionId"], scene.disobeying);
  const afterS = (stop!.atMs - overMs) / 1000;
  park.check(`it is stopped in the second half of ${BORNE_S} s: after ${afterS} s`, afterS > 0.48 * BORNE_S);
  await watched(scene, AFTERWARDS_S, () => assert.equal(tap.stops.length, 1, "it stops, so nothing else is done"));
  park.check("the breaker is relieved", flowingA(park) < LIMIT_A);
  park.check("the breaker has not opened", !(await park.records())["main"]!.tripped);
  await assertSaid(scene);
  await house(park, ROOM_FOR_ALL_A);
  await park.until("the car that waited charges on", () => park.drawnA(WAITING) > DELETED_A - 0.1, 60);
  assert.equal(park.charger(WAITING).transactionId, scene.waiting);
}

/** Its reason and its session say why. */
async function assertSaid({ park, disobeying }: Scene): Promise<void> {
  const allocations = (await park.nodeRed.feed()).of<AllocationMessage>("allocations");
  const { payload } = allocations.findLast(({ message }) => message.topic === `alloc/${DISOBEYING}/1`)!.message;
  assert.match(
    payload.text,
    /^0 A: stopped: L\d of zone main carried 8\d(\.\d)? A, its limit is 63 A, and this charger/,
  );
  assert.match(payload.words!.driver, /^Stopped for safety: this charger drew more than it may\./);
  assert.match(payload.words!.staff, /^Stopped: a breaker was over its limit/);
  const path = join(park.nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
  const reasons = peek(path, (database) =>
    ["transactions", "sessions"].map((table) =>
      database.prepare(`SELECT stop_reason AS why FROM ${table} WHERE transaction_id = ?`).get(String(disobeying)),
    ),
  );
  assert.deepEqual(
    reasons.map((row) => row?.["why"]),
    ["breakerOver", "breakerOver"],
  );
}

/** A case with a tap on every cable. */
function tapped(run: (park: Park, tap: Tap) => Promise<void>) {
  let tap: Tap;
  return {
    options: () => {
      tap = new Tap();
      return { flow: withWitness, listens: (identity: string, time: DrillTime) => tap.ear(identity, time) };
    },
    run: (park: Park) => run(park, tap),
  };
}

drill("one charger disobeys and another is deleted, in one deploy", {
  plan: building,
  cases: [
    {
      full: true,
      title: "nobody is stopped for what the breaker bears for an hour",
      ...tapped(async (park, tap) => borneForAnHour(await deployed(park, tap))),
      without: "breakerCurve",
    },
    {
      title: "for what the breaker does not bear the one that disobeys is stopped, and nobody else",
      full: true,
      ...tapped(async (park, tap) => {
        const scene = await deployed(park, tap);
        await park.car(DISOBEYING, { wantA: MOST_A });
        await notBorne(scene);
      }),
      without: "disobedience",
    },
  ],
});
