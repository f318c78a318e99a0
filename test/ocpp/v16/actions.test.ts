import { strict as assert } from "node:assert";
import type { Field } from "../../../lib/ocpp/rpc/field.ts";
import { strictFault } from "../../../lib/ocpp/rpc/validate.ts";
import { HANDLERS } from "../../../lib/ocpp/v16/handlers.ts";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";
import { ruleProblems } from "../../../lib/ocpp/v16/rules.ts";

describe("the actions of OCPP 1.6", () => {
  it("each have a sentence, and so has each of their fields", () => {
    for (const [name, spec] of ACTIONS) {
      assert.equal(spec.action, name);
      assert.match(spec.description, /^[A-Z].+\.$/);
      for (const schema of [spec.request, spec.response]) assert.deepEqual(unexplained(schema as Field), [], name);
    }
  });

  it("start from a valid request where they go to a charge point", () => {
    for (const { action, initiator, request, sample } of ACTIONS.values()) {
      if (initiator === "chargePoint") continue;
      assert.equal(strictFault(request, sample ?? {}), null, action);
      assert.deepEqual(ruleProblems(action, sample ?? {}), [], action);
    }
  });

  it("are handled where a charge point may send them", () => {
    const sent = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "centralSystem");
    assert.deepEqual(sent.map(({ action }) => action).sort(), [...HANDLERS.keys()].sort());
  });

  it("are not found by the names every object has", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.equal(ACTIONS.get(name), undefined);
      assert.equal(HANDLERS.get(name), undefined);
    }
  });
});

/** Fields without a sentence of their own. */
function unexplained({ properties = {}, items }: Field): string[] {
  const own = Object.entries(properties).filter(([, field]) => !/^[A-Z].*\.$/.test(field.description ?? ""));
  const nested = [...Object.values(properties), ...(items ? [items] : [])].flatMap(unexplained);
  return [...own.map(([name]) => name), ...nested];
}
