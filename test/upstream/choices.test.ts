import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type ChargePointChoice, type Chooser, choose } from "../../lib/upstream/choices.ts";
import type { BackEndSettings } from "../../lib/upstream/types.ts";

const backEnd = (id: string, more: Partial<BackEndSettings> = {}): [string, BackEndSettings] => [
  id,
  {
    ...{ backEnd: id, name: id, role: "reporting", url: `ws://${id}`, identity: "{identity}", identities: [] },
    ...{ password: null, tls: null, reportingTag: "", forgetAfterH: 24 },
    ...{ authorization: "cloudFirst", lateInvalid: "limit0" },
    ...{ allowFirmware: false, allowDiagnostics: false, allowHardReset: false, dataTransferVendors: [] },
    ...more,
  },
];
const system = (...backEnds: string[]): Chooser => ({ nodeId: "cs", name: "Garage", backEnds });
const point = (identity: string, ...backEnds: string[]): ChargePointChoice => {
  return { nodeId: identity, name: `charge point ${identity}`, identity, centralSystem: "cs", backEnds };
};

describe("The choice of back ends", () => {
  it("is a charge point's own and those of its central system, each once", () => {
    const all = new Map([backEnd("a"), backEnd("b"), backEnd("c", { role: "billing" })]);
    const { chosen, findings } = choose(all, [system("a", "c")], [point("CP1", "b", "a"), point("CP2")]);
    assert.deepEqual(Object.fromEntries(chosen), { CP1: ["b", "a", "c"], CP2: ["a", "c"] });
    assert.deepEqual(findings, []);
  });

  it("is refused where two charge points would have one identity at a back end, with both named", () => {
    const all = new Map([backEnd("a", { identity: "same" })]);
    const { chosen, findings } = choose(all, [system("a")], [point("CP1"), point("CP2")]);
    assert.deepEqual([...chosen.keys()], ["CP1"]);
    assert.match(findings[0]?.text ?? "", /CP1 and CP2 both have the identity same/);
  });

  it("is refused where a charge point would dial one place twice under one name, whatever the address looks like", () => {
    for (const url of ["wss://cloud.example/ocpp", "wss://CLOUD.example:443/ocpp/"]) {
      const all = new Map([backEnd("a", { url: "wss://cloud.example/ocpp" }), backEnd("b", { url })]);
      const { chosen, findings } = choose(all, [system("a")], [point("CP1", "b")]);
      assert.deepEqual([...chosen.keys()], []);
      assert.equal(
        findings[0]?.text,
        "charge point CP1: the back ends b and a have the same address and identity; choose one of them",
      );
    }
    const query = new Map([backEnd("a", { url: "ws://a/?auth=1" }), backEnd("b", { url: "ws://a/?auth=2" })]);
    assert.deepEqual(choose(query, [system("a", "b")], [point("CP1")]).findings, []);
  });

  it("never lets two back ends bill one charge point, and never loses one that may report", () => {
    const ids = ["a", "b", "c", "d"];
    const some = fc.uniqueArray(fc.constantFrom(...ids));
    fc.assert(
      fc.property(some, some, some, (billing, shared, own) => {
        const all = new Map(ids.map((id) => backEnd(id, { role: billing.includes(id) ? "billing" : "reporting" })));
        const { chosen, findings } = choose(all, [system(...shared)], [point("CP1", ...own)]);
        const wanted = new Set([...own, ...shared]);
        const bills = [...wanted].filter((id) => billing.includes(id)).length;
        assert.equal(findings.length, bills > 1 ? 1 : 0);
        if (bills <= 1) assert.deepEqual(new Set(chosen.get("CP1")), wanted);
      }),
    );
  });
});
