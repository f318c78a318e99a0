import { strict as assert } from "node:assert";
import { SleepWatch } from "../../lib/metering/asleep.ts";
import { EnergyWatch } from "../../lib/metering/energy-watch.ts";
import { Suspicions, suspectIn } from "../../lib/metering/suspicions.ts";
import { typical } from "./fixtures.ts";

const HOUR_MS = 3_600_000;

describe("EnergyWatch", () => {
  let watch: EnergyWatch;
  const add = (energyImportWh: number | null, second: number) =>
    watch.add({ energyImportWh, energyExportWh: 0 }, second * 1000).map(({ text }) => text);

  beforeEach(() => {
    watch = new EnergyWatch();
  });

  it("finds nothing in a counter that rises, stands still or is unknown for a while", () => {
    const told = [1000, 1001, 1001, null, 1003].flatMap((value, second) => add(value, second));
    assert.deepEqual(told, []);
  });

  it("doubts a counter that falls", () => {
    add(5000, 0);
    assert.deepEqual(add(4000, 1), ["energyImport fell from 5000 to 4000 Wh"]);
    assert.deepEqual(add(5001, 2), []);
  });

  it("doubts a jump that no power could have brought, and none that a long silence explains", () => {
    add(12_345_678, 0);
    assert.match(add(123_456_780, 1)[0] ?? "", /jumped/);
    add(12_345_679, 2);
    assert.deepEqual(add(13_000_000, 3600), []);
  });

  it("bears counters that step by a whole kWh, and the coarse ones of float32", () => {
    add(20_000_000, 0);
    assert.deepEqual(add(20_001_000, 1), []);
    assert.deepEqual(add(20_000_998, 2), []);
  });

  it("believes a new counter after three readings that agree", () => {
    add(5_000_000, 0);
    assert.deepEqual(
      [1, 2, 3, 4].map((second) => add(12 + second, second).length),
      [1, 1, 0, 0],
    );
  });

  it("takes no value for confirmed that was only read once", () => {
    add(5_000_000, 0);
    assert.equal(add(12, 1).length, 1);
    const again = { energyImportWh: 12, energyExportWh: 0 };
    for (let second = 2; second < 10; second++) assert.equal(watch.add(again, second * 1000, () => false).length, 1);
    assert.deepEqual([add(13, 10).length, add(14, 11).length, add(14, 12).length], [1, 0, 0]);
  });

  it("never believes values that do not agree with each other", () => {
    add(5_000_000, 0);
    const told = [1, 2, 3, 4, 5, 6].flatMap((second) => add(second % 2 === 0 ? 10 : 90_000, second));
    assert.equal(told.length, 6);
  });
});

describe("Suspicions", () => {
  const texts = (measurement: Partial<typeof typical>) =>
    suspectIn({ ...typical, ...measurement }).map(({ text }) => text);

  it("find nothing in a healthy meter, nor in one that feeds in", () => {
    assert.deepEqual(texts({}), []);
    assert.deepEqual(texts({ phasePowerW: [-2700, 1800, -2100], powerW: -3000 }), []);
  });

  it("tell of phases that do not add up to the total", () => {
    assert.match(
      texts({ phasePowerW: [2700, -1800, 2100] })[0] ?? "",
      /current transformer\? the phases add up to 3000 W, the total says 6600 W/,
    );
  });

  it("tell of a total with the other sign", () => {
    assert.match(texts({ powerW: -6600 })[0] ?? "", /^sign\?/);
  });

  it("tell of a power that voltage and current cannot make", () => {
    assert.match(
      texts({ phasePowerW: [27_000, 1800, 2100], powerW: 30_900 })[0] ?? "",
      /L1 has 229 V and 12.1 A, but a power of 27000 W/,
    );
    assert.match(texts({ phasePowerW: [2.7, 1800, 2100], powerW: 3902 })[0] ?? "", /^scale or phase\?/);
  });

  it("are told after five readings, and go after as many without", () => {
    const suspicions = new Suspicions();
    const doubt = suspectIn({ ...typical, powerW: -6600 });
    for (let turn = 0; turn < 4; turn++) suspicions.add(doubt);
    assert.deepEqual(suspicions.texts, []);
    assert.equal(suspicions.add(doubt), true);
    assert.equal(suspicions.texts.length, 1);
    for (let turn = 0; turn < 4; turn++) suspicions.add([]);
    assert.equal(suspicions.texts.length, 1);
    assert.equal(suspicions.add([]), true);
    assert.deepEqual(suspicions.texts, []);
  });

  it("are not weakened by readings that cannot tell", () => {
    const suspicions = new Suspicions();
    const doubt = suspectIn({ ...typical, powerW: -6600 });
    for (let turn = 0; turn < 5; turn++) {
      suspicions.add(doubt);
      for (let without = 0; without < 3; without++) suspicions.add([], ["phaseSum"]);
    }
    assert.equal(suspicions.texts.length, 1);
  });
});

describe("SleepWatch", () => {
  it("takes an inverter that faded before it fell silent for asleep, one night long", () => {
    const sleep = new SleepWatch({ kind: "pv" });
    sleep.heard({ powerW: 8000 });
    sleep.heard({ powerW: 12 });
    assert.equal(sleep.silent(0), true);
    assert.equal(sleep.silent(19 * HOUR_MS), true);
    assert.equal(sleep.silent(21 * HOUR_MS), false);
  });

  it("takes one that vanishes while it produces for lost", () => {
    const sleep = new SleepWatch({ kind: "pv" });
    sleep.heard({ powerW: 5000 });
    assert.equal(sleep.silent(0), false);
  });

  it("takes one that was never heard for lost: unknown is never zero", () => {
    assert.equal(new SleepWatch({ kind: "pv" }).silent(0), false);
  });

  for (const kind of ["meter", "grid", "battery", "charger"] as const) {
    it(`takes a ${kind} that is silent for lost, whatever it showed`, () => {
      const sleep = new SleepWatch({ kind });
      sleep.heard({ powerW: 0 });
      assert.equal(sleep.silent(0), false);
    });
  }
});
