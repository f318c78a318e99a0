import { strict as assert } from "node:assert";
import { modelProfile, modelProfiles } from "../../../../lib/station/capabilities/models/index.ts";
import { CLAIMED, NOTHING_LEARNT, resolveTraits } from "../../../../lib/station/capabilities/models/resolve.ts";
import { TRAIT_PATHS } from "../../../../lib/station/capabilities/models/rules.ts";
import { DEFAULT_TRAITS } from "../../../../lib/station/capabilities/models/traits.ts";
import type { LearntFacts, LearntValue } from "../../../../lib/station/capabilities/models/types.ts";

const at = "2026-03-01T10:00:00Z";

function learnt(values: Record<string, unknown>, how = "seen"): LearntFacts {
  const facts = Object.entries(values).map(([path, value]) => [path, { value, how, at } as LearntValue]);
  return { firmware: "1.0", values: Object.fromEntries(facts) };
}

const view = (resolved: ReturnType<typeof resolveTraits>, path: string) =>
  resolved.views().find((one) => one.path === path);

describe("resolveTraits", () => {
  it("is the default for a charge point of which nothing is known", () => {
    const resolved = resolveTraits(null);
    assert.deepEqual(resolved.traits, DEFAULT_TRAITS);
    assert.ok(resolved.views().every(({ source, note }) => source === "default" && note === null));
  });

  it("lets the model overrule the default, the learnt the model, and the user all of them", () => {
    const abb = modelProfile("abb-terra-ac")!;
    const path = "smart.stackMax";
    const shown = (resolved: ReturnType<typeof resolveTraits>) => {
      const { value, source, note } = view(resolved, path)!;
      return [value, source, note];
    };
    assert.deepEqual(shown(resolveTraits(null)), [null, "default", null]);
    assert.deepEqual(shown(resolveTraits(abb)), [0, "model", "ABB Terra AC"]);
    const facts = learnt({ [path]: 3 }, "accepted level 3");
    assert.deepEqual(shown(resolveTraits(abb, facts)), [3, "learnt", `accepted level 3, ${at}`]);
    assert.deepEqual(shown(resolveTraits(abb, facts, { smart: { stackMax: 1 } })), [1, "user", null]);
    assert.equal(resolveTraits(abb, facts, { smart: { stackMax: 1 } }).traits.smart.stackMax, 1);
  });

  it("believes what a charge point claims of itself only where its model says nothing of it", () => {
    const claims = learnt({ "smart.stackMax": 3, "smart.maxPeriods": 24 }, CLAIMED);
    const resolved = resolveTraits(modelProfile("abb-terra-ac"), claims);
    assert.deepEqual([view(resolved, "smart.stackMax")?.value, view(resolved, "smart.stackMax")?.source], [0, "model"]);
    assert.deepEqual(
      [view(resolved, "smart.maxPeriods")?.value, view(resolved, "smart.maxPeriods")?.source],
      [24, "learnt"],
    );
    assert.equal(resolveTraits(null, claims).traits.smart.stackMax, 3);
  });

  it("takes each value from its own source", () => {
    const resolved = resolveTraits(modelProfile("go-e"), learnt({ "smart.composite": "no" }), {
      smart: { settleS: 40 },
    });
    assert.deepEqual(
      ["smart.kind", "smart.unit", "smart.composite", "smart.settleS"].map((path) => view(resolved, path)?.source),
      ["default", "model", "learnt", "user"],
    );
  });

  it("asks the charge point where a user or a model leaves it open", () => {
    const claims = learnt({ "smart.stackMax": 3 }, CLAIMED);
    const patch = { smart: { stackMax: null, supported: "probe" as const } };
    assert.equal(resolveTraits(modelProfile("abb-terra-ac"), claims, patch).traits.smart.stackMax, 3);
    const shown = learnt({ "smart.supported": "yes" }, "its car came down to a limit");
    assert.equal(resolveTraits(null, shown, patch).traits.smart.supported, "yes");
  });

  it("lets a user say null: what the charge point says", () => {
    const resolved = resolveTraits(modelProfile("abb-terra-ac"), NOTHING_LEARNT, { smart: { stackMax: null } });
    assert.equal(resolved.traits.smart.stackMax, null);
    assert.equal(view(resolved, "smart.stackMax")?.source, "user");
  });

  it("passes over learnt values that are no traits or of another type", () => {
    const odd = {
      "smart.stackMax": "three",
      "smart.unit": "kW",
      "smart.purposes": ["TxProfile", "Magic"],
      "smart.minA": Number.NaN,
      "smart.noSuch": 1,
      __proto__: { polluted: true },
      "smart.__proto__": { polluted: true },
      "constructor.prototype": 1,
      smart: {},
      "": 0,
    };
    const resolved = resolveTraits(null, learnt(odd));
    assert.deepEqual(resolved.traits, DEFAULT_TRAITS);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("survives records that are damaged", () => {
    for (const values of [{ "smart.stackMax": null }, { "smart.stackMax": 7 }, { "smart.stackMax": undefined }]) {
      const facts = { firmware: null, values } as unknown as LearntFacts;
      assert.equal(resolveTraits(null, facts).traits.smart.stackMax, null);
    }
  });

  it("shows every trait once, in one order", () => {
    for (const model of modelProfiles()) {
      const paths = resolveTraits(model)
        .views()
        .map(({ path }) => path);
      assert.deepEqual(paths, TRAIT_PATHS, model.id);
    }
  });

  it("never hands out what a caller could change for others", () => {
    const { traits } = resolveTraits(null);
    const { smart, meter } = traits as unknown as { smart: { minA: number }; meter: { sentinelsWh: number[] } };
    assert.throws(() => {
      smart.minA = 99;
    }, TypeError);
    assert.throws(() => meter.sentinelsWh.push(1), TypeError);
  });

  it("gives charge points alike the same object", () => {
    assert.equal(resolveTraits(null).traits, resolveTraits(null).traits);
    assert.notEqual(resolveTraits(null).traits, resolveTraits(null, undefined, { smart: { kind: "Relative" } }).traits);
  });
});
