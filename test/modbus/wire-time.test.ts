import { strict as assert } from "node:assert";
import { lineFormat, silenceMs, wireTimeMs } from "../../lib/modbus/wire-time.ts";

describe("The wire time of a read", () => {
  const computed: [baudRate: number, counts: Record<number, [ms8n1: number, ms8e1: number]>][] = [
    [9600, { 6: [33.3, 36.7], 12: [45.8, 50.4], 62: [150, 165], 125: [281, 309] }],
    [19_200, { 6: [16.7, 18.3], 12: [22.9, 25.2], 62: [75, 82.5], 125: [141, 155] }],
    [38_400, { 6: [10, 10.7], 12: [13.1, 14.1], 62: [39.2, 42.7], 125: [72, 78.8] }],
  ];
  for (const [baudRate, counts] of computed) {
    it(`is both frames and both silences at ${baudRate} baud`, () => {
      for (const [count, [ms8n1, ms8e1]] of Object.entries(counts)) {
        const near = (ms: number, expectedMs: number) =>
          assert.ok(Math.abs(ms - expectedMs) <= 0.005 * expectedMs, `${count}: ${ms} is not ${expectedMs}`);
        near(wireTimeMs(Number(count), lineFormat(baudRate, "none", 1)), ms8n1);
        near(wireTimeMs(Number(count), lineFormat(baudRate, "even", 1)), ms8e1);
      }
    });
  }

  it("counts a second stop bit like a parity bit", () => {
    assert.deepEqual(lineFormat(19_200, "none", 2), lineFormat(19_200, "odd", 1));
  });

  it("has a silence of 3.5 characters up to 19200 baud, and of 1.75 ms above", () => {
    assert.equal(silenceMs(lineFormat(9600, "even", 1)).toFixed(2), "4.01");
    assert.equal(silenceMs(lineFormat(19_200, "none", 1)).toFixed(2), "1.82");
    assert.equal(silenceMs(lineFormat(115_200, "none", 1)), 1.75);
  });
});
