import { strict as assert } from "node:assert";
import { readContact, saysUnknown } from "../../../../lib/dlm/inputs/outside/contact.ts";

describe("the state of a contact", () => {
  for (const closed of [true, 1, "1", "true", "ON", " closed ", "high"]) {
    it(`is closed by ${JSON.stringify(closed)}`, () => assert.equal(readContact(closed), true));
  }
  for (const open of [false, 0, "0", "false", "Off", "OPEN", "low"]) {
    it(`is open by ${JSON.stringify(open)}`, () => assert.equal(readContact(open), false));
  }
  for (const unreadable of [2, -1, Number.NaN, "maybe", "", {}, [], null, undefined]) {
    it(`is not known by ${JSON.stringify(unreadable)}`, () => assert.equal(readContact(unreadable), null));
  }

  it("may be told as unknown, which is no mistake", () => {
    for (const payload of [null, undefined, "", "Unknown", "unavailable"]) assert.equal(saysUnknown(payload), true);
    for (const payload of ["maybe", 7, {}]) assert.equal(saysUnknown(payload), false);
  });
});
