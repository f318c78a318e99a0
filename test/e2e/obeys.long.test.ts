import { isFull } from "../full.ts";
import { CarsApart } from "./cars-apart.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { NodeRed } from "./node-red.ts";

/** The shortest lease the dialog takes. */
const LEASE_S = 60;
const SETPOINT_A = 12;
const SAFE_A = 6;

/** By model: what its car draws when Node-RED is dead and the lease has ended. */
const MODELS: Record<string, number> = {
  "abb-terra-ac": SAFE_A,
  "schneider-evlink": SAFE_A,
  huawei: SAFE_A,
  libocpp: SAFE_A,
  "growatt-thor": SAFE_A,
  "bender-cc": SAFE_A,
  /** It drops its profiles with the connection: its maximum stays reserved while it is away. */
  "go-e": 16,
};
const IDS = Object.keys(MODELS);

/** One charge point for each model, told by what it says of itself, and a way to set its limit by hand. */
function flowOn(port: number): FlowNode[] {
  return [
    { id: "tab", type: "tab", label: "models" },
    { id: "building", type: "ev-site", name: "site" },
    { id: "central", type: "ev-central-system", site: "building", host: "127.0.0.1", port },
    ...IDS.map((id) => ({ id: `cp-${id}`, type: "ev-charge-point", centralSystem: "central", identity: id })),
    { id: "set", type: "inject", z: "tab", props: [], wires: [["limits"]] },
    { id: "limits", type: "ev-charging-profile", z: "tab", leaseS: LEASE_S, refreshS: 20, wires: [["out"]] },
    { id: "out", type: "debug", z: "tab", active: true, complete: "true", targetType: "full", wires: [] },
  ];
}

describe("kill -9 of Node-RED with chargers of several makers", () => {
  let nodeRed: NodeRed;
  let cars: CarsApart;

  /** Waits until it holds for every model; says what each was at if it does not. */
  const forAll = async (what: string, holds: (id: string) => boolean, withinMs: number): Promise<void> => {
    await until(what, () => IDS.every(holds), withinMs).catch((error: Error) => {
      const states = IDS.map((id) => `${id} ${cars.state(id)?.status} ${cars.drawnA(id)} A`).join(", ");
      throw new Error(`${error.message}: ${states}\n${nodeRed.log}`);
    });
  };

  before("let each of them charge under a limit", async function () {
    if (!isFull) this.skip();
    const port = await freePort();
    nodeRed = await NodeRed.start("5");
    await nodeRed.deploy(flowOn(port));
    cars = new CarsApart(port, IDS, ["--model", IDS.join(",")]);
    await forAll("every car charges", (id) => cars.drawnA(id) >= 5, 60_000);
    for (const chargePoint of IDS) {
      await nodeRed.press("set", { chargePoint, connector: 1, payload: { limitA: SETPOINT_A } });
    }
    await forAll("every car draws its limit", (id) => Math.abs(cars.drawnA(id) - SETPOINT_A) < 0.2, 45_000);
  });
  after(async () => {
    cars?.stop();
    await nodeRed?.stop();
  });

  it("leaves each car at the current it was reserved for", async () => {
    await nodeRed.kill("SIGKILL");
    const settled = (id: string): boolean => Math.abs(cars.drawnA(id) - MODELS[id]!) < 0.2;
    await forAll("every car is where it was expected", settled, (LEASE_S + 10) * 1000);
  });
});
