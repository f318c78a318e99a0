import { strict as assert } from "node:assert";
import { bench } from "../../bench/limits.ts";
import { starvedMs } from "../starvation.ts";

describe("Lower limits on the wire", () => {
  it("have arrived at all of 100 charge points within 500 ms of the allocation", async () => {
    const starvedBeforeMs = starvedMs();
    const figures = await bench({ chargePoints: 100, rounds: 5 });
    const last = figures.at(-1)!;
    const withoutProcessorMs = starvedMs() - starvedBeforeMs;
    assert.match(last.name, /100 charge points.*last/);
    assert.ok(last.value > 0 && last.value < 500 + withoutProcessorMs, `${last.value} ms`);
  });
});
