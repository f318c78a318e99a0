import { strict as assert } from "node:assert";
import { HASH_COST, hashPassword, isPasswordOf, keyBytes, newKey } from "../../../lib/station/connection/passwords.ts";

const secret = Buffer.from("0123456789abcdef", "utf8");

describe("A password as it is kept", () => {
  it("can be checked, and not read", async () => {
    const stored = await hashPassword(secret, HASH_COST.key);
    assert.equal(await isPasswordOf(stored, secret), true);
    assert.equal(await isPasswordOf(stored, Buffer.from("0123456789abcdeF")), false);
    assert.doesNotMatch(stored, /0123456789abcdef/);
  });

  it("differs from that of another charge point with the same password", async () => {
    assert.notEqual(await hashPassword(secret, HASH_COST.key), await hashPassword(secret, HASH_COST.key));
  });

  for (const text of ["", "plain", "scrypt$1024$c2FsdA$", "scrypt$1024$$AAAA", "md5$1$c2FsdA$AAAA"]) {
    it(`is nobody's when it is damaged: ${JSON.stringify(text)}`, async () => {
      assert.equal(await isPasswordOf(text, secret), false);
    });
  }

  it("is checked for many at once without a mix-up", async () => {
    const many = Array.from({ length: 20 }, (_, index) => Buffer.from(`password number ${index}`));
    const stored = await Promise.all(many.map((one) => hashPassword(one, HASH_COST.key)));
    const found = await Promise.all(stored.map((hash, index) => isPasswordOf(hash, many[index]!)));
    assert.deepEqual(new Set(found), new Set([true]));
  });
});

describe("A key for a charge point", () => {
  it("is new each time and as long as wanted", () => {
    assert.deepEqual(
      [16, 18, 20].map((length) => newKey(length).length),
      [16, 18, 20],
    );
    assert.notDeepEqual(newKey(20), newKey(20));
  });

  it("is the same as its hexadecimal digits, in either case", () => {
    const key = newKey(20);
    const digits = key.toString("hex");
    for (const shown of [key, Buffer.from(digits), Buffer.from(digits.toUpperCase())])
      assert.deepEqual(keyBytes(shown), key);
  });

  it("is itself where it is no digits", () => {
    const shown = Buffer.from("a plain password");
    assert.deepEqual(keyBytes(shown), shown);
  });
});
