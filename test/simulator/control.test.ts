import { strict as assert } from "node:assert";
import { readControl } from "../../lib/simulator/control.ts";

describe("a control of the simulator", () => {
  it("may be one word", () => {
    assert.deepEqual(readControl("plug"), { plugged: true });
    assert.deepEqual(readControl("unplug"), { plugged: false });
  });

  it("keeps the fields it knows and ignores the others", () => {
    const control = { plugged: true, behaviour: "slow", batteryWh: 40_000, wantA: 0 };
    assert.deepEqual(readControl({ ...control, colour: "red" }), control);
  });

  const bad: [unknown, RegExp][] = [
    ["plugin", /^payload is "plugin"/],
    [undefined, /^payload is undefined/],
    [[], /^payload is \[\]/],
    [{}, /^payload is \{\}/],
    [{ plugged: "yes" }, /^payload\.plugged is "yes"; it must be true or false/],
    [{ behaviour: "constructor" }, /^payload\.behaviour is "constructor"; it must be one of normal, /],
    [{ batteryWh: 0 }, /^payload\.batteryWh/],
    [{ wantA: -1 }, /^payload\.wantA/],
    [{ wantA: Number.NaN }, /^payload\.wantA/],
    [{ plugged: true, wantA: "16" }, /^payload\.wantA/],
    [{ badge: "" }, /^payload\.badge is ""; it must be 1 to 20 characters/],
  ];
  for (const [payload, message] of bad) {
    it(`is refused with the field named: ${JSON.stringify(payload)}`, () => {
      assert.throws(() => readControl(payload), { code: "EV_MESSAGE_INVALID", message });
    });
  }
});
