import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SimulatedState } from "../../lib/simulator/charge-point.ts";
import { exampleForTest } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { ROOT } from "./package.ts";

/** The shortest lease the dialog takes. */
const LEASE_S = 60;

/** A simulated charger in a process of its own, as a charger on the wall is. */
class CarApart {
  state: SimulatedState | null = null;
  readonly #child: ChildProcess;

  constructor(port: number, identity: string) {
    const args = [
      join(ROOT, "scripts/simulate.ts"),
      "--url",
      `ws://127.0.0.1:${port}`,
      "--identities",
      identity,
      "--json",
    ];
    this.#child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const { chargePoints } = JSON.parse(line) as { chargePoints: Record<string, SimulatedState> };
      this.state = chargePoints[identity] ?? null;
    });
  }

  get drawnA(): number {
    return Math.max(...(this.state?.currentA ?? [0]));
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }
}

describe("kill -9 of Node-RED", function () {
  this.timeout(150_000);
  let nodeRed: NodeRed;
  let car: CarApart;

  before("charge a car that runs apart", async () => {
    const { flow, ports } = await exampleForTest("1 - First charger.json");
    const shortLease = { "ev-charging-profile": { leaseS: LEASE_S, refreshS: 20 } } as Record<string, object>;
    const withoutCar = flow.filter(({ type }) => type !== "ev-simulator");
    nodeRed = await NodeRed.start("5");
    car = new CarApart(ports.ocpp, "CP1");
    await nodeRed.deploy(withoutCar.map((node) => ({ ...node, ...shortLease[node.type] })));
    await until("the car draws more than 8 A", () => car.drawnA > 8, 60_000);
  });
  after(async () => {
    car?.stop();
    await nodeRed?.stop();
  });

  it("leaves the car at 6 A once its lease has run out", async () => {
    const killedMs = performance.now();
    await nodeRed.kill("SIGKILL");
    assert.ok(car.drawnA > 6.5, "it draws more than the safe current at first");
    await until("the car draws 6 A", () => car.drawnA <= 6.1, (LEASE_S + 5) * 1000);
    assert.ok(car.drawnA > 5, "it still charges");
    assert.ok(performance.now() - killedMs > 5000, "the lease, not the lost connection, lowers it");
    assert.equal(car.state?.online, false);
    assert.equal(car.state?.limitA, 6);
  });
});
