import { strict as assert } from "node:assert";
import { createAlarms } from "../../../lib/dlm/runtime/alarms.ts";
import { ConditionWatch } from "../../../lib/dlm/runtime/conditions.ts";
import type { SampleView } from "../../../lib/dlm/snapshot/samples.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import { rootPlant } from "../../../lib/dlm/topology/root-plant.ts";
import type { ControllerResult } from "../../../lib/dlm/types.ts";
import type { AlarmMessage } from "../../../lib/messages.ts";
import { charger, factsOf, treeOf, zone } from "../../building/plant.ts";

const TREE = treeOf([zone("main")], [charger("A", "main")]);
const RESULT = {
  setpoints: { "A/1": { limitA: 8, reasons: [] } },
  target: { connectors: {}, zones: {} },
} as ControllerResult;

/** What is said of one charger. */
function conditionsOf(facts: Partial<ConnectorFacts>) {
  const view = {
    meters: [],
    limits: () => [],
    facts: [factsOf("A", facts)],
    plant: rootPlant(TREE, "main"),
    held: new Map(),
    waiting: new Map(),
    phases: () => undefined,
    strayedTo: () => null,
  };
  return new ConditionWatch().look(view as unknown as SampleView, RESULT, 0);
}

describe("what is wrong with a charger", () => {
  const cases: [string, Partial<ConnectorFacts>, string, RegExp][] = [
    [
      "that refuses",
      { reservedA: 16, trouble: "limits" },
      "notControllable",
      /^charger A\/1 refuses limits or does not answer them; 16 A are reserved/,
    ],
    [
      "that does not obey",
      { reservedA: 16, trouble: "nonCompliant", measuredA: [16, 16, 16] },
      "nonCompliant",
      /^charger A\/1 draws 16 A whatever limit it is given; 16 A are reserved/,
    ],
    [
      "that did not obey and pauses",
      { reservedA: 16, trouble: "nonCompliant" },
      "nonCompliant",
      /^charger A\/1 drew more than its limit, whatever was tried/,
    ],
    [
      "that was taken out of service",
      { reservedA: 6, trouble: "outOfService" },
      "outOfService",
      /^charger A\/1 was taken out of service/,
    ],
  ];
  for (const [who, facts, kind, text] of cases) {
    it(`${who} is named, with what is reserved for it and the setting to check`, () => {
      const [condition] = conditionsOf({ ...facts, hint: "set EMsetting to 2" });
      assert.equal(condition?.kind, kind);
      assert.match(condition?.text ?? "", text);
      assert.equal(condition?.hint, "set EMsetting to 2");
    });
  }

  it("is nothing while it obeys", () => {
    assert.deepEqual(conditionsOf({ measuredA: [8, 8, 8], measuredAtMs: 0, hint: "set EMsetting to 2" }), []);
  });

  it("tells a person the setting first, then what holds in general", () => {
    const messages: AlarmMessage[] = [];
    const alarms = createAlarms((message) => messages.push(message));
    alarms.update(conditionsOf({ reservedA: 16, trouble: "limits", hint: "set EMsetting to 2" }), 0);
    assert.match(messages[0]!.payload.action, /^Set EMsetting to 2\. Check the charger's smart-charging settings/);
  });
});
