import { strict as assert } from "node:assert";
import { createDlmController } from "../../../lib/dlm/controller/controller.ts";
import type { ControllerResult, Snapshot } from "../../../lib/dlm/types.ts";

const CYCLE_S = 5;
const LAG_S = 5;
const ROTATION_S = 900;

interface LateCar {
  commands: { second: number; limitA: number }[];
  setA: number;
  drawA: number;
  reportedA: number;
  reportedS: number;
  onS: number;
  stops: number;
  firstS: number | null;
}

/** Cars that follow 5 s late behind a meter that includes them; their chargers report every 30 s, or never. */
class LatePark {
  readonly cars: LateCar[];
  overAs = 0;
  /** What else flows through the meter, A per phase. */
  houseA = 0;
  #second = 0;
  readonly #limitA: number;
  readonly #reports: boolean;
  readonly #controller = createDlmController({ rotationS: ROTATION_S });
  last: ControllerResult | null = null;

  constructor(count: number, limitA: number, reports = true) {
    this.#limitA = limitA;
    this.#reports = reports;
    this.cars = Array.from({ length: count }, () => ({
      commands: [],
      setA: 0,
      drawA: 0,
      reportedA: 0,
      reportedS: 0,
      onS: 0,
      stops: 0,
      firstS: null,
    }));
  }

  run(durationS: number): this {
    for (const endS = this.#second + durationS; this.#second < endS; this.#second++) {
      const second = this.#second;
      for (const [i, car] of this.cars.entries()) move(car, i, second);
      const flowA = this.cars.reduce((sum, { drawA }) => sum + drawA, this.houseA);
      this.overAs += Math.max(0, flowA - this.#limitA - 1e-6);
      if (second % CYCLE_S === 0) this.#tick(second, flowA);
    }
    return this;
  }

  #tick(second: number, flowA: number): void {
    const meters = [{ id: "m", location: "including" as const, currentA: [flowA, flowA, flowA], tsMs: second * 1000 }];
    const connectors = this.cars.map(({ reportedA, reportedS }, i): Snapshot["connectors"][number] => ({
      id: `c${i}`,
      zone: "z",
      ...(this.#reports && { measuredA: [reportedA, reportedA, reportedA], measuredTsMs: reportedS * 1000 }),
    }));
    const zones = [{ id: "z", parent: null, limitA: this.#limitA, meters }];
    this.last = this.#controller.tick(second * 1000, { zones, connectors });
    for (const [i, car] of this.cars.entries()) command(car, second, this.last.setpoints[`c${i}`]!.limitA);
  }
}

function move(car: LateCar, number: number, second: number): void {
  while (car.commands[0] && car.commands[0].second + LAG_S <= second) car.drawA = car.commands.shift()!.limitA;
  if ((second + 7 * number) % 30 === 0) Object.assign(car, { reportedA: car.drawA, reportedS: second });
  if (car.setA > 0) car.onS++;
}

function command(car: LateCar, second: number, limitA: number): void {
  if (limitA === car.setA) return;
  if (limitA > 0) car.firstS ??= second;
  else car.stops++;
  car.setA = limitA;
  car.commands.push({ second, limitA });
}

describe("cars whose chargers report seldom", () => {
  it("start one after the other when their starts cannot all be borne twice at once", () => {
    const { cars, overAs } = new LatePark(10, 63).run(ROTATION_S);
    assert.equal(overAs, 0);
    assert.equal(cars.filter(({ setA }) => setA >= 6).length, 9, "the tenth start would have to fit twice");
    assert.ok(
      cars.every(({ stops }) => stops === 0),
      "nobody is stopped for a start that was taken for other load",
    );
  });

  it("take turns where a start needs more room than is left beside those that charge", () => {
    const { cars, overAs } = new LatePark(2, 14).run(4 * ROTATION_S);
    assert.equal(overAs, 0);
    for (const { onS, stops } of cars) {
      assert.ok(onS > ROTATION_S, `${onS} s of ${4 * ROTATION_S} s`);
      assert.ok(stops <= 4, `${stops} stops`);
    }
  });

  it("take turns when they never report at all", () => {
    const { cars, overAs } = new LatePark(10, 63, false).run(4 * ROTATION_S);
    assert.equal(overAs, 0);
    for (const { firstS, stops } of cars) {
      assert.ok(firstS !== null && firstS <= 3 * ROTATION_S + 60, `first charges at ${firstS} s`);
      assert.ok(stops <= 4, `${stops} stops`);
    }
  });

  it("come back to their share, but for the deadband, after a load that was there for a while", () => {
    const park = new LatePark(5, 45).run(600);
    park.houseA = 2;
    park.run(120);
    assert.ok(park.cars.every(({ setA }) => setA <= 8.6));
    park.houseA = 0;
    park.run(300);
    for (const { setA } of park.cars) assert.ok(setA > 8.65 && setA <= 9, `${setA} A`);
    assert.ok(park.overAs < 2 * 2 * LAG_S, `${park.overAs} As`);
  });

  it("stop nobody for one that could not start anyway, and say what is in its way", () => {
    const park = new LatePark(1, 10).run(2 * ROTATION_S);
    assert.equal(park.overAs, 0);
    assert.deepEqual(
      park.last!.setpoints["c0"]!.reasons.map(({ code, note, zone }) => [code, note, zone]),
      [
        ["SETTLING", "unsure", undefined],
        ["WAIT", undefined, "z"],
        ["ZONE", undefined, "z"],
      ],
    );
  });
});
