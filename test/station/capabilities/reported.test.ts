import { strict as assert } from "node:assert";
import { DEFAULT_TRAITS } from "../../../lib/station/capabilities/models/traits.ts";
import { claimsOf } from "../../../lib/station/capabilities/reported.ts";
import { Configuration } from "../../../lib/station/setup/configuration.ts";

/** What a charge point with this key claims about its phases. */
function claimed(key: string, value: string, alias: Record<string, string> = {}): unknown {
  const traits = { ...DEFAULT_TRAITS, config: { ...DEFAULT_TRAITS.config, alias } };
  const configuration = new Configuration(traits.config, [{ key, value, readonly: true }]);
  return claimsOf(configuration, traits).find(({ path }) => path === "smart.switchesPhases")?.value;
}

describe("the claim of a charge point that it can change its phases", () => {
  it("is noted from the standard's key, whatever its letters", () => {
    assert.equal(claimed("ConnectorSwitch3to1PhaseSupported", "True"), "yes");
    assert.equal(claimed("connectorswitch3to1phasesupported", " false "), "no");
  });

  it("is noted from a maker's own key", () => {
    const alias = { ConnectorSwitch3to1PhaseSupported: "ACPhaseSwitchingSupported" };
    assert.equal(claimed("ACPhaseSwitchingSupported", "true", alias), "yes");
  });

  it("is not made where the key is missing or says neither", () => {
    assert.equal(claimed("ConnectorSwitch3to1PhaseSupported", ""), undefined);
    assert.equal(claimed("NumberOfConnectors", "1"), undefined);
  });
});
