import { strict as assert } from "node:assert";
import type { FlowNode } from "../e2e/flows.ts";
import { type DrillCase, drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { assertNotRaised, edited, say, settled, sharesOf, watched, withButtons, without } from "./operations.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";

const CARS = ["CP1", "CP2", "CP3"];
/** Time for a deploy, a decision and the chargers' own reaction, s. */
const OBEYED_WITHIN_S = 10;

/** Of the garage's breaker, and of the limit that is said of it from outside. */
const SHARES = sharesOf(CARS, 32 / CARS.length);
const OUTSIDE_A = 24;
const FEWER = sharesOf(CARS, OUTSIDE_A / CARS.length);

/** So slow that a jump cannot be taken for a ramp, A/s; it may count from the decision before, s. */
const RAMP_APS = 0.2;
const CYCLE_S = 5;

const drawnA = (park: Park): number => CARS.reduce((sumA, id) => sumA + park.drawnA(id), 0);

async function limitsEdited(park: Park): Promise<void> {
  await park.charging(10);
  const garageLimit = (limitA: number) =>
    park.deploy(edited(park.flow, "zone-garage", { limitA: [limitA, limitA, limitA] }), "nodes");
  await park.forget();
  await garageLimit(21);
  await park.until("the lower limit is obeyed", () => drawnA(park) <= 21.5, OBEYED_WITHIN_S);
  await park.pass(10);
  await watched(park, async (watch) => {
    const beganMs = park.time.nowMs();
    await garageLimit(32);
    await park.pass(2);
    const mostA = 21 / CARS.length + RAMP_APS * (CYCLE_S + (park.time.nowMs() - beganMs) / 1000);
    for (const id of CARS)
      park.check(`${id} is raised step by step, not to ${watch.highestA(id)} A`, watch.highestA(id) <= mostA);
  });
  await park.until("what the higher limit allows is given", () => drawnA(park) > 30, 120);
  await park.heldWithin(1);
}

/** A limit that was said of the garage holds on while the garage gets another name. */
async function zoneRenamed(park: Park): Promise<void> {
  await park.charging(10);
  await say(park, "limit/garage", { limitA: OUTSIDE_A, source: "facility", reason: "works" });
  await park.until("the limit is obeyed", () => drawnA(park) <= OUTSIDE_A + 0.5, OBEYED_WITHIN_S);
  await settled(park, FEWER);
  await park.forget();
  await watched(park, async (watch) => {
    await park.deploy(edited(park.flow, "zone-garage", { name: "car park" }), "nodes");
    await park.pass(20);
    assertNotRaised(park, watch, FEWER, "under its new name");
    assert.deepEqual(watch.lost, []);
  });
  park.check("they charge as before", drawnA(park) > OUTSIDE_A - 1);
}

/** The main breaker gets another meter, and a load that only that one tells of. */
async function meterChanged(park: Park): Promise<void> {
  await park.charging(10);
  await settled(park, SHARES);
  await park.forget();
  await watched(park, async (watch) => {
    const renamed = edited(park.flow, "meter-main", { meter: "grid" });
    const meters = [{ meter: "grid", location: "including", staleAfterS: 10, onStale: "failSafe", fallbackA: null }];
    await park.deploy(edited(renamed, "zone-main", { meters }), "nodes");
    await park.pass(10);
    assertNotRaised(park, watch, SHARES, "with another meter");
    await park.load("main", [20, 20, 20]);
    await park.until("the new meter's load is answered", () => drawnA(park) <= 20.5, OBEYED_WITHIN_S);
  });
  await park.heldWithin(OBEYED_WITHIN_S);
}

/** CP3 hangs on the small breaker, and the flow said otherwise. */
function misplaced(): ParkPlan {
  return {
    zones: [
      { name: "main", limitA: 63, loadA: [6, 6, 6], meter: true },
      { name: "large", parent: "main", limitA: 32 },
      { name: "small", parent: "main", limitA: 16 },
    ],
    chargers: [
      { identity: "CP1", zone: "large" },
      { identity: "CP2", zone: "large" },
      { identity: "CP3", zone: "small" },
      { identity: "CP4", zone: "small", plugged: false },
    ],
  };
}

async function chargerMoved(park: Park): Promise<void> {
  await park.charging(10, CARS);
  await park.car("CP4", { plugged: true });
  await park.until("the small breaker carries too much", () => park.breaker("small").currentA.some((a) => a > 18));
  await watched(park, async (watch) => {
    await park.deploy(edited(park.flow, "cp-CP3", { zone: "zone-small" }), "nodes");
    const relieved = () => park.breaker("small").currentA.every((currentA) => currentA <= 16.5);
    await park.until("its new zone counts it", relieved, OBEYED_WITHIN_S);
    await park.forget();
    await park.until("its old one gives its share to the others", () => park.drawnA("CP1") > 14, 120);
    assert.deepEqual(watch.lost, []);
  });
  await park.heldWithin(1);
}

/** Load management is taken away: cars go down to what they may draw alone; given back, it begins where nothing is exceeded. */
async function managementAway(park: Park, away: FlowNode[], back: FlowNode[]): Promise<void> {
  await park.charging(9);
  await park.forget();
  await watched(park, async (watch) => {
    await park.deploy(away);
    await park.load("main", [20, 20, 20]);
    await park.until(
      "every car is down to 6 A",
      () => CARS.every((id) => park.drawnA(id) <= 6.1),
      64 + OBEYED_WITHIN_S,
    );
    park.check("they still charge", drawnA(park) > 17);
    await park.heldWithin(66 + OBEYED_WITHIN_S);
    await park.forget();
    await park.deploy(back);
    await park.pass(30);
    assert.deepEqual(watch.lost, []);
  });
  park.check("they share what is left", drawnA(park) > 18.5);
  await park.heldWithin(1);
}

const renamedNode = (node: FlowNode): FlowNode =>
  JSON.parse(JSON.stringify(node).replaceAll('"dlm"', '"dlm2"').replaceAll('"profile"', '"profile2"'));

/** A limit set by hand outside any zone is renewed as long as there is a node that stands behind it. */
async function handLimitLeft(park: Park): Promise<void> {
  await park.until("CP1 is there", () => park.charger("CP1").online);
  await park.nodeRed.press("ask", { chargePoint: "CP1", connector: 1, payload: 14 });
  await park.charging(13.5, ["CP1"]);
  await park.pass(65);
  park.check("it is renewed", park.drawnA("CP1") > 13.5);
  park.tried = true;
  await park.deploy(without(park.flow, "profile"));
  await park.until("its lease runs out", () => park.drawnA("CP1") <= 6.1, 64 + OBEYED_WITHIN_S);
}

const cases: DrillCase[] = [
  {
    title: "a lower limit of a zone is obeyed at once, a higher one step by step",
    options: { flow: (flow) => edited(flow, "dlm", { rampUpAps: RAMP_APS }) },
    run: limitsEdited,
  },
  {
    title: "a zone that is renamed keeps the limits that were said of it",
    options: { flow: withButtons },
    without: "zoneNames",
    long: true,
    run: zoneRenamed,
  },
  { title: "another meter takes over without a raise", long: true, run: meterChanged },
  {
    title: "a charge point that is moved to the zone it really hangs on counts there at once",
    plan: misplaced,
    options: { flow: (flow) => edited(flow, "cp-CP3", { zone: "zone-large" }) },
    long: true,
    run: chargerMoved,
  },
  {
    title: "a flow that is disabled leaves every car at its safe current, and goes on when it is enabled",
    without: "leases",
    long: true,
    run: (park) => managementAway(park, edited(park.flow, "drill", { disabled: true }), park.flow),
  },
  {
    title: "so does a load management that is deleted and made anew",
    without: null,
    long: true,
    run: (park) => managementAway(park, without(park.flow, "dlm", "profile"), park.flow.map(renamedNode)),
  },
  {
    title: "a limit set by hand ends with the node that it was given to",
    options: { flow: (flow) => edited(withButtons(flow), "cp-CP1", { zone: "" }) },
    without: "withdrawal",
    long: true,
    run: handLimitLeft,
  },
];

drill("operations: the flow is edited while cars charge", { plan: () => garage(), cases });
