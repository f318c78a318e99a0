import { strict as assert } from "node:assert";
import { claimedNames, claimName, releaseName } from "../lib/names.ts";

describe("Names that exist once", () => {
  afterEach(() => {
    for (const owner of ["n1", "n2"]) releaseName("meter", "main", owner);
  });

  it("are refused to a second owner, naming both places", () => {
    claimName("meter", "main", "n1", "ev-meter n1");
    assert.throws(() => claimName("meter", "main", "n2", "ev-meter n2"), {
      code: "EV_NAME_DUPLICATE",
      message: /ev-meter n1.*ev-meter n2/,
    });
  });

  it("may be claimed again by their owner, and by another after a release", () => {
    claimName("meter", "main", "n1", "first");
    claimName("meter", "main", "n1", "first");
    releaseName("meter", "main", "n2");
    assert.deepEqual(claimedNames("meter"), ["main"]);
    releaseName("meter", "main", "n1");
    claimName("meter", "main", "n2", "second");
  });

  it("are told apart by kind", () => {
    claimName("meter", "main", "n1", "a meter");
    claimName("identity", "main", "n2", "a charge point");
    releaseName("identity", "main", "n2");
  });

  it("are the same charge point in any letter case", () => {
    claimName("identity", "CP1", "n1", "ev-charge-point n1");
    assert.throws(() => claimName("identity", "cp1", "n2", "ev-charge-point n2"), { code: "EV_NAME_DUPLICATE" });
    releaseName("identity", "CP1", "n1");
    assert.deepEqual(claimedNames("identity"), []);
  });
});
