import { strict as assert } from "node:assert";
import { type PriceSlot, pricedTariff, stepEndsWallMs, stepNow, switchedTariff } from "../../lib/pv/tariff.ts";

const MODES = { cheap: "fast", dear: "minpv" } as const;
const HOUR_MS = 3_600_000;
const RULE = { maxPrice: null, cheapestHours: null };

/** Hours of these prices from midnight on. */
function hours(...prices: number[]): PriceSlot[] {
  return prices.map((price, hour) => ({ price, startMs: hour * HOUR_MS, endMs: (hour + 1) * HOUR_MS }));
}

/** Which of the hours are cheap. */
function cheapHours(slots: PriceSlot[], rule: Partial<typeof RULE> | { maxPrice?: number; cheapestHours?: number }) {
  const tariff = pricedTariff(slots, { ...RULE, ...rule }, MODES, 0);
  return slots.flatMap(({ startMs }, hour) => (stepNow(tariff, startMs + 1)?.cheap ? [hour] : []));
}

describe("a tariff", () => {
  it("calls cheap what costs less than the average", () =>
    assert.deepEqual(cheapHours(hours(30, 20, 10, 40), {}), [1, 2]));

  it("calls cheap what costs no more than asked for", () => {
    assert.deepEqual(cheapHours(hours(30, 20, 10, 40), { maxPrice: 30 }), [0, 1, 2]);
    assert.deepEqual(cheapHours(hours(30, -5, 10, 40), { maxPrice: 0 }), [1]);
  });

  it("calls the cheapest hours cheap, and none of them that costs too much", () => {
    assert.deepEqual(cheapHours(hours(30, 20, 10, 40), { cheapestHours: 1 }), [2]);
    assert.deepEqual(cheapHours(hours(30, 20, 10, 40), { cheapestHours: 3 }), [0, 1, 2]);
    assert.deepEqual(cheapHours(hours(30, 20, 10, 40), { cheapestHours: 3, maxPrice: 15 }), [2]);
  });

  it("takes the cheapest of the hours to come, not of those that are over", () => {
    const tariff = pricedTariff(hours(1, 2, 30, 20), { ...RULE, cheapestHours: 1 }, MODES, 2 * HOUR_MS);
    assert.equal(stepNow(tariff, 3.5 * HOUR_MS)?.cheap, true);
    assert.equal(stepNow(tariff, 2.5 * HOUR_MS)?.cheap, false);
  });

  it("ends with its last price, and says nothing before its first", () => {
    const slots = hours(30, 20).map((slot) => ({ ...slot, startMs: slot.startMs + 1, endMs: slot.endMs + 1 }));
    const tariff = pricedTariff(slots, RULE, MODES, 0);
    assert.equal(stepNow(tariff, 0), null);
    assert.equal(stepNow(tariff, 2 * HOUR_MS + 1), null);
  });

  it("knows until when power stays as cheap or dear as it is", () => {
    const tariff = pricedTariff(hours(30, 40, 10, 10), RULE, MODES, 0);
    assert.equal(stepEndsWallMs(tariff, stepNow(tariff, 0)!), 2 * HOUR_MS);
    assert.equal(stepEndsWallMs(tariff, stepNow(tariff, 2 * HOUR_MS)!), 4 * HOUR_MS);
  });

  it("is switched on or off for a time", () => {
    const tariff = switchedTariff(true, MODES, 1000, 60);
    assert.equal(stepNow(tariff, 60_999)?.cheap, true);
    assert.equal(stepNow(tariff, 61_000), null);
  });
});
