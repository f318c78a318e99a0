import { strict as assert } from "node:assert";
import { ChargeIndex } from "../../../lib/station/transactions/charge-index.ts";

describe("The index of charges by badge", () => {
  const places = (index: ChargeIndex, tag: string): string[] =>
    [...index.places(tag)].map(({ chargePoint, connector }) => `${chargePoint}/${connector}`);

  it("finds where a badge charges, however its number was written", () => {
    const index = new ChargeIndex();
    index.set("CP1", 1, "04:56:7d:aa");
    index.set("CP2", 2, "04567DAA");
    index.set("CP3", 1, "OTHER");
    assert.deepEqual(places(index, "04567DAA"), ["CP1/1", "CP2/2"]);
  });

  it("forgets a charge that ended, or another badge took the place of", () => {
    const index = new ChargeIndex();
    index.set("CP1", 1, "A");
    index.set("CP1", 2, "A");
    index.set("CP1", 1, "B");
    index.set("CP1", 2, null);
    index.set("CP1", 2, null);
    assert.deepEqual([places(index, "A"), places(index, "B")], [[], ["CP1/1"]]);
  });

  it("tells connectors apart whatever charge points are called", () => {
    const index = new ChargeIndex();
    index.set("1 CP", 1, "A");
    index.set("CP", 1, "A");
    index.set("CP", 1, null);
    assert.deepEqual(places(index, "A"), ["1 CP/1"]);
  });
});
