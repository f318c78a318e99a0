import { strict as assert } from "node:assert";
import type { EvChargePointNode } from "../../nodes/ev-charge-point.ts";
import { dataDir, deploy, errorsOf, type FlowNode, freePort, lastStatus, node, redeploy, stop } from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point"];

describe("ev-charge-point", () => {
  let port: number;
  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(stop);

  const flow = (...chargePoints: Record<string, unknown>[]): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "zone", type: "ev-zone", site: "site", name: "Garage" },
    ...chargePoints.map((more, i) => ({
      id: `cp${i + 1}`,
      type: "ev-charge-point",
      centralSystem: "cs",
      zone: "zone",
      identity: `CP${i + 1}`,
      ...more,
    })),
  ];
  const stations = () => node<EvChargePointNode>("cp1").site!.stations;
  const plant = () => node<EvChargePointNode>("cp1").site!.plant;

  it("places its connectors in the zone tree, with the contract's defaults", async () => {
    await deploy(TYPES, flow({}));
    const [connector] = plant().tree!.connectors;
    assert.equal(connector?.id, "CP1/1");
    assert.equal(connector.zoneName, "Garage");
    assert.deepEqual(connector.wiring, {
      phases: 3,
      rotation: "RST",
      maxA: 32,
      minA: 6,
      priorityClass: 1,
      mode: "fast",
      safeA: 6,
    });
  });

  it("refuses an identity that another node has, naming both", async () => {
    await deploy(TYPES, flow({}, { identity: "CP1" }));
    assert.match(errorsOf("cp2")[0]?.message ?? "", /CP1.*\(cp1\).*\(cp2\)/);
    assert.equal(lastStatus("cp2")?.fill, "red");
  });

  it("names the cell that is wrong, and the tree it belongs to is refused", async () => {
    await deploy(TYPES, flow({}, { connectors: [{ number: 1, maxA: "much" }] }));
    assert.match(errorsOf("cp2")[0]?.message ?? "", /connectors\[0\]\.maxA is "much"/);
    assert.match(plant().errors[0]?.text ?? "", /CP2.*connectors\[0\]\.maxA/);
    assert.equal(plant().tree, null);
  });

  it("says what to choose when it has neither central system nor zone", async () => {
    await deploy(TYPES, flow({ centralSystem: "", zone: "" }));
    assert.equal((errorsOf("cp1")[0] as { code?: string }).code, "EV_CONFIG_MISSING");
  });

  it("is renamed by a deploy: the old identity is unknown again", async () => {
    await deploy(TYPES, flow({}));
    await redeploy(flow({ identity: "Carport" }));
    assert.deepEqual(
      stations()
        .list()
        .map(({ identity }) => identity),
      ["Carport"],
    );
  });
});
