import { strict as assert } from "node:assert";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { packed, unpacked } from "../../lib/store/packed.ts";
import type { JsonValue } from "../../lib/units.ts";

describe("A packed document", () => {
  it("is the same when it is read again, whatever it held", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const document of [value, [value, "ampere ".repeat(100)]] as JsonValue[])
          assert.equal(JSON.stringify(unpacked(packed(document))), JSON.stringify(document));
      }),
    );
  });

  it("is much shorter where it repeats itself", () => {
    const rows = Array.from({ length: 200 }, (_, id) => ({ id, limitA: 16, drawA: 15.9, state: "charging" }));
    assert.ok(JSON.stringify(packed(rows)).length < JSON.stringify(rows).length / 5);
  });

  it("is read as it is where it was never packed, and counts as missing where it is damaged", () => {
    assert.deepEqual(unpacked({ limitA: 6 }), { limitA: 6 });
    assert.equal(unpacked(undefined), undefined);
    assert.equal(unpacked({ deflated: "no such thing" }), undefined);
    assert.equal(unpacked({ brotli: "no such thing" }), undefined);
    const text = JSON.stringify({ limitA: 6 });
    assert.equal(
      unpacked({ brotli: (packed([text.repeat(100)]) as { brotli: string }).brotli.slice(0, 20) }),
      undefined,
    );
  });

  it("is read, too, where an earlier release deflated it", () => {
    const deflated = deflateRawSync(JSON.stringify({ limitA: 6 })).toString("base64");
    assert.deepEqual(unpacked({ deflated }), { limitA: 6 });
  });
});
