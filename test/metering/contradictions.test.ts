import { strict as assert } from "node:assert";
import { contradictions } from "../../lib/metering/contradictions.ts";
import { typical } from "./fixtures.ts";

describe("Contradictions between current and power", () => {
  const texts = (values: Partial<typeof typical>) => contradictions({ ...typical, ...values }).map(({ text }) => text);

  it("are none in a healthy meter, one that feeds in, an idle one and one whose scale is a little off", () => {
    assert.deepEqual(texts({}), []);
    assert.deepEqual(texts({ currentA: [-12.1, -8, -9.4], phasePowerW: [-2700, -1800, -2100], powerW: -6600 }), []);
    assert.deepEqual(texts({ currentA: [0, 0, 0], phasePowerW: [0, 0, 0], powerW: 0 }), []);
    assert.deepEqual(texts({ currentA: [0, 0.01, 0], phasePowerW: [40, 2, -0.00001], powerW: 42 }), []);
    assert.deepEqual(texts({ currentA: [6, 4, 5] }), []);
  });

  it("are none where values are unknown", () => {
    assert.deepEqual(texts({ currentA: [null, null, null] }), []);
    assert.deepEqual(texts({ phasePowerW: [null, null, null], powerW: null }), []);
  });

  it("are zeros in place of currents or of the total", () => {
    assert.deepEqual(texts({ currentA: [0, 8, 9.4] }), ["currentL1 reads 0 A, too little for its power of 2700 W"]);
    assert.deepEqual(texts({ powerW: 0 }), ["power reads 0 W beside phases that add up to 6600 W"]);
  });

  it("are numbers that only swapped words make", () => {
    assert.deepEqual(texts({ currentA: [2.4e-41, 8, 9.4] }), ["currentL1 reads 2.4e-41 A, which nothing can measure"]);
    assert.deepEqual(texts({ phasePowerW: [2700, -5.9e-7, 2100], powerW: 5.3e-31 }).length, 2);
  });
});
