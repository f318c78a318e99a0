import { strict as assert } from "node:assert";
import fc from "fast-check";
import { EnergyAccount, type EnergyReading } from "../../lib/session/energy.ts";

const CEILING_W = 50_000;
const MINUTE_MS = 60_000;

/** A session that draws a steady power; readings every minute, the first after one. */
function steady(powerW: number, minutes: number, startWh: number): EnergyReading[] {
  return Array.from({ length: minutes }, (_, index) => ({
    wallMs: (index + 1) * MINUTE_MS,
    registerWh: startWh + (powerW * (index + 1)) / 60,
    powerW: null,
  }));
}

function settle(startWh: number | null, readings: readonly EnergyReading[], stopWh: number | null, minutes = 60) {
  const account = new EnergyAccount(CEILING_W, 0, startWh);
  for (const reading of readings) account.read(reading);
  return account.settle({ wallMs: minutes * MINUTE_MS, meterStopWh: stopWh });
}

const withPower = (readings: readonly EnergyReading[], powerW: number): EnergyReading[] => [
  { wallMs: 0, registerWh: null, powerW },
  ...readings.map((reading) => ({ ...reading, powerW })),
];

describe("the energy of a session", () => {
  it("is the difference of the transaction's readings", () => {
    assert.deepEqual(settle(1000, steady(6000, 60, 1000), 7000), { energyWh: 6000, source: "transaction", flags: [] });
  });

  it("is that difference also without any reading in between", () => {
    assert.deepEqual(settle(1000, [], 7000), { energyWh: 6000, source: "transaction", flags: [] });
  });

  it("is unknown, not 0, when nothing was measured", () => {
    assert.deepEqual(settle(null, [], null), { energyWh: null, source: null, flags: [] });
  });

  it("comes from the register when the transaction has no reading at its end", () => {
    assert.deepEqual(settle(1000, steady(6000, 60, 1000), null), { energyWh: 6000, source: "register", flags: [] });
  });

  it("comes from power where there is no register", () => {
    const readings = withPower(
      steady(6000, 60, 0).map((reading) => ({ ...reading, registerWh: null })),
      6000,
    );
    assert.deepEqual(settle(null, readings, null), { energyWh: 6000, source: "power", flags: [] });
  });

  for (const [name, stopWh] of [
    ["0", 0],
    ["below the start", 900],
    ["beyond what fits through the cable", 9_000_000],
  ] as const) {
    it(`does not believe a reading at the end that is ${name}`, () => {
      const { energyWh, source } = settle(1000, steady(6000, 60, 1000), stopWh);
      assert.deepEqual([energyWh, source], [6000, "register"]);
    });
  }

  it("does not believe a start of 0 before a register that counts for life", () => {
    const { energyWh } = settle(0, steady(6000, 60, 4_000_000), 4_006_000);
    assert.ok(Math.abs(energyWh! - 5900) <= 100, `${energyWh} Wh`);
  });

  it("goes on when the register begins anew", () => {
    const readings = [...steady(6000, 30, 50_000), ...steady(6000, 30, 0).map(later(30))];
    assert.deepEqual(settle(50_000, readings, 3000), { energyWh: 6000, source: "register", flags: ["registerReset"] });
  });

  it("does not take a register that began anew for a small transaction", () => {
    const readings = [...steady(6000, 30, 1000), ...steady(6000, 30, 0).map(later(30))];
    assert.equal(settle(1000, readings, 3000).energyWh, 6000);
  });

  it("does not count a leap of the register", () => {
    const readings = [...steady(6000, 30, 1000), ...steady(6000, 30, 900_000).map(later(30))];
    const { energyWh, flags } = settle(1000, readings, 903_000);
    assert.ok(energyWh! > 5700 && energyWh! <= 6000, `${energyWh} Wh`);
    assert.deepEqual(flags, ["registerJump"]);
  });

  it("bridges a leap by the power in between", () => {
    const readings = [...steady(6000, 30, 1000), ...steady(6000, 30, 900_000).map(later(30))];
    const { energyWh } = settle(1000, withPower(readings, 6000), 903_000);
    assert.ok(Math.abs(energyWh! - 6000) < 1, `${energyWh} Wh`);
  });

  it("passes over a single wrong value", () => {
    const readings = steady(6000, 60, 1000);
    readings[20] = { ...readings[20]!, registerWh: 0 };
    readings[40] = { ...readings[40]!, registerWh: 88_000_000 };
    assert.deepEqual(settle(1000, readings, 7000), { energyWh: 6000, source: "transaction", flags: [] });
  });

  it("believes power when the register stands still", () => {
    const readings = withPower(steady(0, 60, 1000), 6000);
    assert.deepEqual(settle(1000, readings, 1000), { energyWh: 6000, source: "power", flags: ["energyDoubtful"] });
  });

  it("says so when register and power are far apart", () => {
    const { energyWh, flags } = settle(0, withPower(steady(6000, 60, 0), 20_000), 6000);
    assert.deepEqual([energyWh, flags], [6000, ["energyDoubtful"]]);
  });

  it("reads a register in whole kWh", () => {
    const readings = steady(6000, 60, 1000).map((reading) => ({
      ...reading,
      registerWh: Math.floor(reading.registerWh! / 1000) * 1000,
    }));
    assert.equal(settle(1000, readings, 7000).energyWh, 6000);
  });

  it("ignores what was measured earlier and comes late", () => {
    const readings = steady(6000, 60, 1000);
    const swapped = [...readings.slice(0, 30), ...readings.slice(40), ...readings.slice(30, 40)];
    assert.deepEqual(settle(1000, swapped, 7000), settle(1000, readings, 7000));
  });

  it("is the same after its memory was written and read at any moment", () => {
    const readings = [...steady(6000, 30, 50_000), ...steady(6000, 30, 0).map(later(30))];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (cut) => {
        const before = new EnergyAccount(CEILING_W, 0, 50_000);
        for (const reading of readings.slice(0, cut)) before.read(reading);
        const after = new EnergyAccount(CEILING_W, 0, 50_000, JSON.parse(JSON.stringify(before.save())));
        for (const reading of readings.slice(cut)) after.read(reading);
        assert.deepEqual(after.settle({ wallMs: 3_600_000, meterStopWh: 3000 }), settle(50_000, readings, 3000));
      }),
    );
  });

  it("is never negative, nor more than fits through the cable, whatever the charger says", () => {
    const wh = fc.oneof(fc.integer({ min: -10, max: 2 ** 31 }), fc.constant(null), fc.constant(Number.NaN));
    const reading = fc.record({
      wallMs: fc.integer({ min: -1000, max: 3_600_000 }),
      registerWh: wh,
      powerW: fc.oneof(fc.integer({ min: -100, max: 200_000 }), fc.constant(null)),
    });
    fc.assert(
      fc.property(wh, fc.array(reading, { maxLength: 40 }), wh, (start, readings, stop) => {
        const { energyWh } = settle(start, readings, stop);
        if (energyWh === null) return;
        // Each reading may add one step of a coarse register.
        assert.ok(energyWh >= 0 && energyWh <= CEILING_W + 1000 * (readings.length + 2), `${energyWh} Wh`);
      }),
    );
  });
});

function later(minutes: number): (reading: EnergyReading) => EnergyReading {
  return (reading) => ({ ...reading, wallMs: reading.wallMs + minutes * MINUTE_MS });
}
