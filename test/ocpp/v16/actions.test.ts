import { strict as assert } from "node:assert";
import { HANDLERS } from "../../../lib/ocpp/v16/handlers/index.ts";
import { ACTIONS } from "../../../lib/ocpp/v16/index.ts";

describe("the actions of OCPP 1.6", () => {
  it("are the 28 of edition 2, each with a sentence", () => {
    assert.equal(ACTIONS.size, 28);
    for (const [name, spec] of ACTIONS) {
      assert.equal(spec.action, name);
      assert.match(spec.description, /^[A-Z].+\.$/);
    }
  });

  it("are handled where a charge point may send them", () => {
    const sent = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "centralSystem");
    assert.deepEqual(sent.map(({ action }) => action).sort(), [...HANDLERS.keys()].sort());
  });

  it("are not found by the names every object has", () => {
    for (const name of ["constructor", "__proto__", "toString"]) assert.equal(ACTIONS.get(name), undefined);
  });
});
