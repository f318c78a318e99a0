import { strict as assert } from "node:assert";
import { pminW, SIMULTANEITY, simultaneity } from "../../../../lib/dlm/inputs/outside/pmin.ts";

describe("the smallest power by §14a EnWG", () => {
  const cases: [number, boolean, number][] = [
    [1, false, 4200],
    [3, false, 12_600],
    [1, true, 4200],
    [2, true, 7560],
    [3, true, 10_500],
    [5, true, 15_120],
    [8, true, 18_900],
    [9, true, 19_320],
    [20, true, 40_110],
  ];
  for (const [devices, ems, watts] of cases) {
    it(`of ${devices} ${ems ? "behind an energy management" : "by themselves"} is ${watts} W`, () =>
      assert.equal(pminW({ devices, ems }), watts));
  }

  it("takes another factor, or another table", () => {
    assert.equal(pminW({ devices: 2, ems: true, factor: 0.5 }), 6300);
    assert.equal(simultaneity(3, [1, 0.9]), 0.9);
  });

  it("never grows slower than it falls back: one more device never lowers it", () => {
    for (let devices = 2; devices <= SIMULTANEITY.length + 5; devices++)
      assert.ok(pminW({ devices, ems: true }) >= pminW({ devices: devices - 1, ems: true }), `${devices} devices`);
  });

  it("refuses half a device and a factor above 1", () => {
    assert.throws(() => pminW({ devices: 1.5, ems: true }), /devices is 1.5/);
    assert.throws(() => pminW({ devices: 0, ems: true }), /devices is 0/);
    assert.throws(() => pminW({ devices: 2, ems: true, factor: 1.2 }), /factor is 1.2/);
  });
});
