import { strict as assert } from "node:assert";
import fc from "fast-check";
import { EnergyAccount, type EnergyReading } from "../../../lib/session/energy/energy.ts";

const CEILING_W = 50_000;
/** Three phases of 32 A. */
const CABLE_W = 22_080;
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
      { seed: 20261122 },
    );
  });

  it("is what the transaction's ends say when the readings in between are another register's", () => {
    const between = [876, 880, 886.6].map((registerWh, index) => ({
      wallMs: 600 + index * 600,
      registerWh,
      powerW: null,
    }));
    const last = { wallMs: 2400, registerWh: 10, powerW: null };
    for (const readings of [between, [...between, last], [{ wallMs: 0, registerWh: 0, powerW: null }, ...between]]) {
      const account = new EnergyAccount(CABLE_W, 0, 0);
      for (const reading of readings) account.read(reading);
      const { energyWh, source, flags } = account.settle({ wallMs: 2400, meterStopWh: 10 });
      assert.deepEqual([energyWh, source, flags.length > 0], [10, "transaction", true]);
    }
  });

  it("is not what the end says when the register counted to something else", () => {
    const readings = steady(3000, 60, 1000);
    const { energyWh, source, flags } = settle(1000, readings, 25_000);
    assert.deepEqual([energyWh, source, flags], [3000, "register", ["energyDoubtful"]]);
  });

  it("is followed through readings in another unit", () => {
    const readings = steady(6000, 60, 876_000);
    for (const index of [10, 11, 12, 30, 31]) {
      readings[index] = { ...readings[index]!, registerWh: readings[index]!.registerWh! / 1000 };
    }
    const { energyWh, flags } = settle(876_000, readings, 882_000);
    assert.equal(energyWh, 6000);
    assert.ok(flags.includes("registerReset"));
  });

  it("is no more than fits when the connector is described as smaller than it is, and doubtful", () => {
    const account = new EnergyAccount(CABLE_W, 0, 0);
    for (const reading of withPower(steady(44_000, 60, 0), 44_000)) account.read(reading);
    const { energyWh, flags } = account.settle({ wallMs: 3_600_000, meterStopWh: 44_000 });
    assert.ok(energyWh! > CABLE_W * 0.99 && energyWh! <= mostWh(CABLE_W, 3_600_000), `${energyWh} Wh`);
    assert.deepEqual(flags, ["energyDoubtful"]);
  });

  it("is unknown, and doubtful, when all that was told is far beyond what fits", () => {
    const account = new EnergyAccount(CABLE_W, 0, 0);
    assert.deepEqual(account.settle({ wallMs: 2400, meterStopWh: 9_000_000 }), {
      energyWh: null,
      source: null,
      flags: ["energyDoubtful"],
    });
  });

  it("is never negative, nor more than fits through the cable, whatever the charger says and whenever we restart", () => {
    const wh = fc.oneof(
      fc.integer({ min: -10, max: 2 ** 31 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY),
    );
    const reading = fc.record({
      wallMs: fc.integer({ min: -1000, max: 3_700_000 }),
      registerWh: wh,
      powerW: fc.oneof(fc.integer({ min: -100, max: 200_000 }), fc.constant(null)),
      restart: fc.boolean(),
    });
    const order = fc.oneof(
      fc.array(reading, { maxLength: 40 }),
      fc.array(reading, { maxLength: 40 }).map((all) => all.toSorted((a, b) => a.wallMs - b.wallMs)),
    );
    fc.assert(
      fc.property(wh, order, wh, fc.integer({ min: 0, max: 3_600_000 }), (start, readings, stop, endMs) => {
        let account = new EnergyAccount(CABLE_W, 0, start);
        for (const next of readings) {
          account.read(next);
          if (next.restart) account = new EnergyAccount(CABLE_W, 0, start, JSON.parse(JSON.stringify(account.save())));
        }
        const { energyWh } = account.settle({ wallMs: endMs, meterStopWh: stop });
        const untilMs = Math.max(endMs, ...readings.map(({ wallMs }) => wallMs));
        assert.ok(energyWh === null || (energyWh >= 0 && energyWh <= mostWh(CABLE_W, untilMs)), `${energyWh} Wh`);
      }),
      { seed: 20261122, numRuns: 3000 },
    );
  });

  it("is exact where the register is honest: at any power, with gaps and restarts, when readings are late", () => {
    const step = fc.record({
      s: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 600, max: 20_000 })),
      powerW: fc.oneof(fc.integer({ min: 0, max: CABLE_W }), fc.constant(CABLE_W)),
      told: fc.boolean(),
      withPower: fc.boolean(),
      lateS: fc.integer({ min: 0, max: 30 }),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        (startWh, steps, isEnded) => {
          let account = new EnergyAccount(CABLE_W, 0, startWh);
          let [wallMs, wh, toldWh, arrivedMs] = [0, startWh, startWh, 0];
          for (const { s, powerW, told, withPower: hasPower, lateS, restart } of steps) {
            wallMs += s * 1000;
            wh += (powerW * s) / 3600;
            if (told) {
              arrivedMs = Math.max(arrivedMs, wallMs + lateS * 1000);
              toldWh = Math.round(wh);
              account.read({ wallMs: arrivedMs, registerWh: toldWh, powerW: hasPower ? powerW : null });
            }
            if (restart) account = new EnergyAccount(CABLE_W, 0, startWh, JSON.parse(JSON.stringify(account.save())));
          }
          const stopWh = Math.round(wh);
          const end = isEnded ? { wallMs, meterStopWh: stopWh } : { wallMs, meterStopWh: null };
          const { energyWh, flags } = account.settle(end);
          const honestWh = (isEnded ? stopWh : toldWh) - startWh;
          if (honestWh > 0) assert.equal(energyWh, honestWh);
          assert.ok(!flags.includes("registerJump") && !flags.includes("registerReset"), flags.join(" "));
        },
      ),
      { seed: 20261122, numRuns: 3000 },
    );
  });
});

/** What fits through the cable from the start to that moment: times are right within five seconds. */
function mostWh(cableW: number, untilMs: number): number {
  return (cableW * (untilMs + 5000)) / 3_600_000 + 0.001;
}

function later(minutes: number): (reading: EnergyReading) => EnergyReading {
  return (reading) => ({ ...reading, wallMs: reading.wallMs + minutes * MINUTE_MS });
}
