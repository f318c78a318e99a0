import { strict as assert } from "node:assert";
import { SitePlant } from "../../lib/site/site-plant.ts";
import { charger, METER, zone } from "../building/plant.ts";

/** A plant with one zone and one charge point in it. */
function deployed(): SitePlant {
  const plant = new SitePlant(null);
  plant.putZone(zone("garage"));
  plant.putChargePoint(charger("CP1", "garage"));
  return plant;
}

describe("what is deployed of a site", () => {
  it("is refused while a node of it cannot be read, and the tree before stays in force", () => {
    const plant = deployed();
    const before = plant.commit([], []);
    assert.ok(before, JSON.stringify(plant.findings));
    plant.putBroken("node CP2", 'charge point CP2: connectors[0].maxA is "x"');
    assert.equal(plant.commit([], []), null);
    assert.deepEqual(plant.errors, [
      { nodeId: "node CP2", severity: "error", code: "BROKEN", text: 'charge point CP2: connectors[0].maxA is "x"' },
    ]);
    assert.equal(plant.tree, before);
  });

  it("comes into force once the broken node is gone, or was made anew", () => {
    const plant = deployed();
    plant.putBroken("node CP2", "charge point CP2: connectors is no list");
    assert.equal(plant.commit([], []), null);
    assert.equal(plant.tree, null);
    plant.retire("chargePoint", "node CP2");
    assert.ok(plant.commit([], []));
    assert.deepEqual(plant.errors, []);
  });
});

describe("the warning that nothing is assumed of a zone", () => {
  it("is withdrawn, and the nodes are told, as soon as a whole day of the zone was seen", () => {
    const plant = new SitePlant(null);
    plant.putZone(zone("garage", { meters: [METER] }));
    plant.putDlm("dlm", "garage");
    plant.commit(["grid"], []);
    const codes = () => plant.findings.map(({ code }) => code);
    let told = 0;
    plant.onCommit(() => told++);
    plant.sawADay("dlm", new Set());
    assert.deepEqual([codes(), told], [["NOTHING_ASSUMED"], 0]);
    plant.sawADay("dlm", new Set(["garage"]));
    assert.deepEqual([codes(), told], [[], 1]);
    plant.commit(["grid"], []);
    assert.deepEqual([codes(), told], [[], 2]);
  });
});
