import { strict as assert } from "node:assert";
import { SIMULATED_MODELS, simulatedModel } from "../../../lib/simulator/charger/models.ts";
import { matchModel, modelProfiles } from "../../../lib/station/capabilities/models/index.ts";

describe("the simulated models", () => {
  it("are one for each model profile", () => {
    const simulated = SIMULATED_MODELS.map(({ id }) => id);
    const profiled = modelProfiles().map(({ id }) => id);
    assert.deepEqual([...simulated].sort(), [...profiled].sort());
  });

  for (const { id, vendor, model, firmware } of SIMULATED_MODELS) {
    it(`${id} says who it is in words that fit its profile and the message`, () => {
      assert.ok(vendor.length <= 20 && model.length <= 20 && firmware.length <= 50);
      const profile = modelProfiles().find((candidate) => candidate.id === id);
      if (profile?.match.length === 0) return;
      assert.equal(matchModel({ vendor, model, firmware: firmware || null, identity: "CP1" })?.id, id);
    });
  }

  it("are found by their id", () => {
    assert.equal(simulatedModel("huawei")?.behaviours[0], "wattsOnly");
    assert.equal(simulatedModel("nobody"), undefined);
  });
});
