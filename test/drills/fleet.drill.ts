import { strict as assert } from "node:assert";
import { drill } from "./drill.ts";
import { garage } from "./garage.ts";
import { assertNotRaised, edited, settled, sharesOf, watched, without } from "./operations.ts";
import type { Park } from "./park.ts";
import { chargePointOf, chargerNode, type ParkCharger } from "./plan.ts";
import { isLong } from "./scale.ts";

const CARS = ["CP1", "CP2", "CP3"];
const SHARES = sharesOf(CARS, 32 / CARS.length);
const OBEYED_WITHIN_S = 10;
const NEW: ParkCharger = { identity: "CP4", zone: "garage", rotation: "TSR" };

/** A fourth charger is hung on the wall, and then described. */
async function oneMore(park: Park): Promise<void> {
  await park.charging(10);
  await park.simulator.tell({ add: chargePointOf(NEW, park.ports.ocpp) });
  await park.pass(5);
  park.check("a stranger gets nothing", park.drawnA("CP4") === 0);
  await park.forget();
  await watched(park, async (watch) => {
    await park.deploy([...park.flow, chargerNode(NEW)], "nodes");
    await park.charging(7.5, [...CARS, "CP4"]);
    park.check("nobody else lost the connection", watch.lost.filter((id) => id !== "CP4").length === 0);
  });
  await park.heldWithin(1);
}

/** One is taken out of the flow, and goes on hanging on the wall. */
async function oneLess(park: Park): Promise<void> {
  await settled(park, SHARES);
  const connections = park.cable("CP1").connections;
  await park.forget();
  await watched(park, async (watch) => {
    await park.deploy(without(park.flow, "cp-CP1"), "nodes");
    await park.until("its connection is closed", () => watch.lost.includes("CP1") || park.cable("CP1").wires === 0);
    await park.pass(30);
    park.check("it goes on charging by its lease", park.drawnA("CP1") > 10);
    assertNotRaised(park, watch, SHARES, "while CP1 charges on");
    await park.heldWithin(1);
    if (!isLong) return;
    await park.until("its lease runs out", () => park.drawnA("CP1") <= 6.1, 64);
    await park.until("then the others get the rest", () => park.drawnA("CP2") > 12, 120);
    park.check("it dials again, as a stranger", park.cable("CP1").connections > connections);
    assert.deepEqual(watch.lost, ["CP1"]);
  });
  await park.heldWithin(1);
}

/** A deploy that does not hold together changes nothing, and nothing stops because of it. */
async function invalidTree(park: Park): Promise<void> {
  await settled(park, SHARES);
  await park.forget();
  await watched(park, async (watch) => {
    const raised = edited(park.flow, "zone-garage", { limitA: [400, 400, 400] });
    await park.deploy(edited(raised, "cp-CP3", { safeA: 5 }), "nodes");
    assert.match(park.nodeRed.log, /\[error\] .*5 A is below the minimum 6 A/);
    await park.pass(20);
    assert.deepEqual(watch.lost, []);
  });
  await park.heldWithin(1);
  await park.load("main", [40, 40, 40]);
  const answered = () => park.breaker("main").currentA.every((currentA) => currentA <= 63.5);
  await park.until("what is in force goes on", answered, OBEYED_WITHIN_S);
  await park.pass(10);
  await park.heldWithin(OBEYED_WITHIN_S);
}

/** Two nodes want to control one zone: after a restart, too, one of them does. */
async function twoControllers(park: Park): Promise<void> {
  await park.charging(9);
  const dlm = park.flow.find(({ id }) => id === "dlm")!;
  await park.deploy([{ ...dlm, id: "another", wires: [[], [], []] }, ...park.flow]);
  for (const id of ["dlm", "another"])
    assert.match(
      park.nodeRed.log,
      new RegExp(`\\[error\\] \\[ev-dlm:${id}\\] EvError: root zone main is also controlled by`),
    );
  await park.nodeRed.kill("SIGTERM");
  await park.nodeRed.restart();
  await park.pass(10);
  await park.charging(9);
  await park.forget();
  await park.load("main", [25, 25, 25]);
  await park.until("a load step is answered", () => park.breaker("main").currentA.every((a) => a <= 40.5), 20);
  await park.pass(10);
  await park.heldWithin(OBEYED_WITHIN_S);
}

drill("operations: charge points and zones come and go while cars charge", {
  plan: () => garage(63),
  cases: [
    { title: "one more charger gets its share once the others have made room", long: true, run: oneMore },
    {
      full: true,
      title: "one that is taken out of the flow while it hangs on the wall goes on counting",
      without: "departures",
      run: oneLess,
    },
    {
      title: "a deploy that does not hold together is refused, and what was in force goes on",
      without: "deployCheck",
      long: true,
      run: invalidTree,
    },
    {
      title: "two load managements on one zone: both say so, one controls, after a restart too",
      plan: () => garage(),
      without: "oneController",
      long: true,
      run: twoControllers,
    },
  ],
});
