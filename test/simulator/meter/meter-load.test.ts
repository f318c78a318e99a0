import { strict as assert } from "node:assert";
import { loadAt, parseLoad } from "../../../lib/simulator/meter/meter-load.ts";
import { MeterModel } from "../../../lib/simulator/meter/meter-model.ts";
import { FakeClock } from "../../fake-clock.ts";

const at = (hours: number, minutes = 0) => new Date(2026, 5, 1, hours, minutes).getTime();

describe("Base load of a simulated meter", () => {
  const curve = parseLoad(
    [
      { at: "18:00", loadA: [30, 20, 10] },
      { at: "06:00", loadA: 10 },
    ],
    "loadA",
    "EV_CONFIG_INVALID",
  );

  it("is the same all day when it is constant", () => {
    assert.deepEqual(loadAt([1, 2, 3], at(4)), [1, 2, 3]);
  });

  it("goes straight from point to point, in order of time", () => {
    assert.deepEqual(loadAt(curve, at(6)), [10, 10, 10]);
    assert.deepEqual(loadAt(curve, at(12)), [20, 15, 10]);
    assert.deepEqual(loadAt(curve, at(18)), [30, 20, 10]);
  });

  it("goes on across midnight", () => {
    assert.deepEqual(loadAt(curve, at(0)), [20, 15, 10]);
    assert.deepEqual(loadAt(curve, at(3)), [15, 12.5, 10]);
  });

  it("passes its day faster when a day is told to last less", () => {
    assert.deepEqual(loadAt(curve, at(0, 12), 24), [20, 15, 10]);
    assert.deepEqual(loadAt(curve, at(0, 24 + 18), 24), [30, 20, 10]);
  });

  it("is constant with a single point", () => {
    const single = parseLoad([{ at: "12:00", loadA: [7, 8, 9] }], "loadA", "EV_CONFIG_INVALID");
    for (const hour of [0, 11, 12, 23]) assert.deepEqual(loadAt(single, at(hour)), [7, 8, 9]);
  });

  it("is read from numbers, from numbers as text, and for all phases from one", () => {
    assert.deepEqual(parseLoad(16, "loadA", "EV_CONFIG_INVALID"), [16, 16, 16]);
    assert.deepEqual(parseLoad("16", "loadA", "EV_CONFIG_INVALID"), [16, 16, 16]);
    assert.deepEqual(parseLoad(["1", 2, -3], "loadA", "EV_CONFIG_INVALID"), [1, 2, -3]);
  });

  const wrong: [unknown, RegExp][] = [
    [Number.NaN, /^payload\.loadA is /],
    [[1, 2], /three/],
    [[], /three/],
    ["lots", /payload\.loadA/],
    [null, /payload\.loadA/],
    [[1, 2, Infinity], /payload\.loadA/],
    [[{ at: "25:00", loadA: 1 }], /^payload\.loadA\[0\]\.at is "25:00"/],
    [[{ at: "12:00" }], /^payload\.loadA\[0\]\.loadA/],
    [[{ at: "12:00", loadA: 1 }, null], /^payload\.loadA\[1\]\.at/],
  ];
  for (const [value, message] of wrong) {
    it(`is not ${JSON.stringify(value)}`, () => {
      assert.throws(() => parseLoad(value, "payload.loadA", "EV_MESSAGE_INVALID"), {
        code: "EV_MESSAGE_INVALID",
        message,
      });
    });
  }
});

describe("MeterModel", () => {
  it("shows the same for the same seed, and something else for another", () => {
    const model = (seed: number) =>
      new MeterModel({ clock: new FakeClock(), seed, currentA: () => [1, 2, 3] }).measure();
    assert.deepEqual(model(1), model(1));
    assert.notDeepEqual(model(1), model(2));
  });

  it("lets a loaded phase sag", () => {
    const model = new MeterModel({ clock: new FakeClock(), seed: 1, currentA: () => [100, 0, 0] });
    const [l1, l2] = model.measure().voltageV;
    assert.ok(Math.abs((l2 ?? 0) - (l1 ?? 0) - 5) < 0.3);
  });

  it("takes a new measurement every 200 ms and counts energy in between", () => {
    const clock = new FakeClock();
    const model = new MeterModel({ clock, seed: 1, currentA: () => [10, 10, 10] });
    const first = model.measure();
    clock.advance(199);
    assert.equal(model.measure(), first);
    clock.advance(3_600_000 - 199);
    const later = model.measure();
    assert.ok(Math.abs((later.energyImportWh ?? 0) - (first.energyImportWh ?? 0) - (first.powerW ?? 0)) < 0.001);
  });
});
