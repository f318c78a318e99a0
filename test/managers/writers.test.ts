import { strict as assert } from "node:assert";
import { plainAddress, Writers } from "../../lib/managers/writers.ts";

describe("who may write", () => {
  it("is this machine alone, unless others are listed", () => {
    const nobody = new Writers([]);
    assert.deepEqual(
      ["127.0.0.1", "127.8.8.8", "::1"].map((one) => nobody.allows(one)),
      [true, true, true],
    );
    assert.deepEqual(
      ["192.168.1.20", "10.0.0.1", "fe80::1", "", "x"].map((one) => nobody.allows(one)),
      [false, false, false, false, false],
    );
    const some = new Writers(["192.168.1.20", "10.0.0.0/24", "fd00::/8"]);
    assert.deepEqual(
      ["192.168.1.20", "10.0.0.77", "fd12::1"].map((one) => some.allows(one)),
      [true, true, true],
    );
    assert.deepEqual(
      ["192.168.1.21", "10.0.1.77", "fe80::1"].map((one) => some.allows(one)),
      [false, false, false],
    );
  });

  it("names what is no address", () => {
    for (const wrong of ["gx", "1.2.3", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", ""])
      assert.throws(() => new Writers([wrong]), { message: wrong });
  });

  it("takes an IPv4 address that came over IPv6 for what it is", () => {
    assert.equal(plainAddress("::ffff:192.168.1.20"), "192.168.1.20");
    assert.equal(plainAddress("fe80::1"), "fe80::1");
    assert.equal(plainAddress(undefined), "");
  });
});
