import { strict as assert } from "node:assert";
import { readOverrides, typedValue } from "../../../../lib/station/capabilities/models/overrides.ts";

const problem = (given: unknown) => readOverrides(given).problem ?? "";

describe("readOverrides", () => {
  it("takes an object by path, and nothing for none", () => {
    for (const none of [undefined, null, "", {}]) assert.deepEqual(readOverrides(none), { patch: {}, problem: null });
    assert.deepEqual(readOverrides({ "smart.stackMax": 0, "smart.unit": "W", "meter.preferPhases": true }).patch, {
      smart: { stackMax: 0, unit: "W" },
      meter: { preferPhases: true },
    });
  });

  it("takes values that were typed as text", () => {
    const given = {
      "smart.stackMax": "null",
      "smart.settleS": " 40 ",
      "smart.stepsA": "6, 8, 10",
      "smart.purposes": "TxDefaultProfile, TxProfile",
      "config.maxKeys": "4",
      "config.noChangeAvailability": "true",
      "config.alias": '{"HeartbeatInterval":"HeartBeatInterval"}',
    };
    assert.deepEqual(readOverrides(given).patch, {
      smart: { stackMax: null, settleS: 40, stepsA: [6, 8, 10], purposes: ["TxDefaultProfile", "TxProfile"] },
      config: { maxKeys: 4, noChangeAvailability: true, alias: { HeartbeatInterval: "HeartBeatInterval" } },
    });
  });

  it("names the path and what the value must be", () => {
    assert.equal(
      problem({ "smart.stackMax": "three" }),
      'overrides["smart.stackMax"] is "three"; it must be a whole number from 0 to 999, or null for what the charge point says',
    );
    assert.match(problem({ "smart.unit": "kW" }), /smart\.unit.*"kW".*one of A, W, auto/);
    assert.match(problem({ "smart.stepsA": [16, 6] }), /list of numbers in ascending order/);
    assert.match(problem({ "smart.purposes": [] }), /TxProfile/);
    assert.match(problem({ "config.triggers": { Heartbeat: "maybe" } }), /yes, no, charging/);
    assert.match(problem({ "config.noChangeAvailability": "perhaps" }), /true or false/);
  });

  it("names the nearest path for one that does not exist", () => {
    assert.equal(
      problem({ "smart.stakMax": 0 }),
      'overrides["smart.stakMax"] is no setting; the nearest is smart.stackMax',
    );
    assert.match(problem({ STACKMAX: 0 }), /nearest is smart\.stackMax/);
  });

  it("refuses what is no object by path, and is not fooled by names of the language", () => {
    for (const odd of [[], 5, "smart.stackMax=0", true]) assert.match(problem(odd), /an object by path/);
    for (const path of ["__proto__", "constructor", "smart.__proto__", "toString"]) {
      assert.match(problem(JSON.parse(`{"${path}": {"x": 1}}`)), /is no setting/);
    }
  });

  it("keeps its sentence short whatever was given", () => {
    assert.ok(problem({ "smart.unit": "x".repeat(10_000) }).length < 200);
    assert.ok(problem({ ["x".repeat(10_000)]: 1 }).length < 200);
  });
});

describe("typedValue", () => {
  it("leaves a choice a text, even one that looks like a number", () => {
    assert.equal(typedValue("smart.unit", " A "), "A");
    assert.equal(typedValue("smart.unit", "1"), "1");
  });

  it("takes one number for a list of one, and leaves nonsense as it was", () => {
    assert.deepEqual(typedValue("smart.stepsA", "16"), [16]);
    assert.equal(typedValue("smart.minA", "six"), "six");
  });
});
