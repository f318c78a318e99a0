import { strict as assert } from "node:assert";
import fc from "fast-check";
import { plainCopy } from "../lib/plain-copy.ts";

describe("A plain copy", () => {
  it("equals what it was made of", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(plainCopy(value), value)));
  });

  it("shares nothing with it", () => {
    const event = { topic: "a", payload: { currentA: [1, null, 3], nested: { list: [{ x: 1 }] } } };
    const copy = plainCopy(event);
    copy.payload.currentA[0] = 99;
    copy.payload.nested.list[0]!.x = 99;
    assert.deepEqual(event, { topic: "a", payload: { currentA: [1, null, 3], nested: { list: [{ x: 1 }] } } });
  });

  it("keeps a member named __proto__ a member", () => {
    const copy = plainCopy(JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>);
    assert.equal(Object.getPrototypeOf(copy), Object.prototype);
    assert.equal(copy["polluted"], undefined);
  });
});
