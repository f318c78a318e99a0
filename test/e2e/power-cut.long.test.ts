import { strict as assert } from "node:assert";
import { CarsApart } from "./cars-apart.ts";
import { exampleForTest } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";

/** The shortest lease the dialog takes. */
const LEASE_S = 60;

describe("kill -9 of Node-RED", () => {
  let nodeRed: NodeRed;
  let cars: CarsApart;
  const drawnA = (): number => cars.drawnA("DEMO1");

  before("charge a car that runs apart", async () => {
    const { flow, ports } = await exampleForTest("1 - First charger.json");
    const shortLease = { "ev-charging-profile": { leaseS: LEASE_S, refreshS: 20 } } as Record<string, object>;
    const withoutCar = flow.filter(({ type }) => type !== "ev-simulator");
    nodeRed = await NodeRed.start("5");
    cars = new CarsApart(ports.ocpp, ["DEMO1"]);
    await nodeRed.deploy(withoutCar.map((node) => ({ ...node, ...shortLease[node.type] })));
    await until("the car draws more than 8 A", () => drawnA() > 8, 60_000);
  });
  after(async () => {
    cars?.stop();
    await nodeRed?.stop();
  });

  it("leaves the car at 6 A once its lease has run out", async () => {
    const killedMs = performance.now();
    await nodeRed.kill("SIGKILL");
    assert.ok(drawnA() > 6.5, "it draws more than the safe current at first");
    await until("the car draws 6 A", () => drawnA() <= 6.1, (LEASE_S + 5) * 1000);
    assert.ok(drawnA() > 5, "it still charges");
    assert.ok(performance.now() - killedMs > 5000, "the lease, not the lost connection, lowers it");
    assert.equal(cars.state("DEMO1")?.online, false);
    assert.equal(cars.state("DEMO1")?.limitA, 6);
  });
});
