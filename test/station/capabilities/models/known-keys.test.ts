import { strict as assert } from "node:assert";
import { CONFIGURATION_KEYS } from "../../../../lib/ocpp/configuration-keys.ts";
import { modelProfiles } from "../../../../lib/station/capabilities/models/index.ts";
import { knownKeys } from "../../../../lib/station/capabilities/models/known-keys.ts";
import type { ModelProfile } from "../../../../lib/station/capabilities/models/types.ts";

const model = (own: Partial<ModelProfile>): ModelProfile => ({
  ...modelProfiles()[0]!,
  vendorKeys: [],
  traits: {},
  ...own,
});
const keyOf = (profile: ModelProfile | null, name: string) => knownKeys(profile).find(({ key }) => key === name);

describe("the configuration keys to choose from", () => {
  it("are the standard's where no model is known, in the order of the alphabet", () => {
    const names = knownKeys(null).map(({ key }) => key);
    assert.equal(names.length, CONFIGURATION_KEYS.length);
    assert.deepEqual(
      names,
      [...names].sort((a, b) => a.localeCompare(b, "en")),
    );
  });

  it("are the model's own as well, but not those of its pages", () => {
    const vendorKey = { text: "Does this.", unit: "A", range: "6..32" };
    const profile = model({
      vendorKeys: [
        { key: "Own", access: "rw", ...vendorKey },
        { key: "OnItsPages", access: "local", ...vendorKey },
      ],
    });
    assert.deepEqual(keyOf(profile, "Own"), { key: "Own", access: "rw", type: null, origin: "model", ...vendorKey });
    assert.equal(keyOf(profile, "OnItsPages"), undefined);
  });

  it("are as the model says where it says something of a standard key", () => {
    const profile = model({
      vendorKeys: [{ key: "heartbeatinterval", text: "Fixed.", unit: "s", range: null, access: "ro" }],
    });
    const { access, type, range } = keyOf(profile, "heartbeatinterval")!;
    assert.deepEqual({ access, type, range }, { access: "ro", type: "integer", range: "1.." });
    assert.equal(keyOf(profile, "HeartbeatInterval"), undefined);
  });

  it("are spelt as the model spells them, without those that it must not be asked for", () => {
    const alias = { HeartbeatInterval: "HeartBeatInterval" };
    const profile = model({ traits: { config: { alias, skip: ["LightIntensity"], writeOnly: ["BlinkRepeat"] } } });
    assert.equal(keyOf(profile, "HeartBeatInterval")?.origin, "standard");
    assert.equal(keyOf(profile, "HeartbeatInterval"), undefined);
    assert.equal(keyOf(profile, "LightIntensity"), undefined);
    assert.equal(keyOf(profile, "BlinkRepeat")?.access, "wo");
  });

  it("are each there once for every model", () => {
    for (const profile of modelProfiles()) {
      const names = knownKeys(profile).map(({ key }) => key.toLowerCase());
      assert.equal(new Set(names).size, names.length, profile.id);
    }
  });
});
