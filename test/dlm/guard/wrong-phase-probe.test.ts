import { strict as assert } from "node:assert";
import { createDlmGuard, type GuardResult } from "../../../lib/dlm/guard/guard.ts";
import { WrongPhaseConnectors } from "../../../lib/dlm/snapshot/wrong-phase.ts";
import type { PlantConnector } from "../../../lib/dlm/topology/plant.ts";
import type { Rotation, Snapshot } from "../../../lib/dlm/types.ts";
import type { Triple } from "../../../lib/units.ts";
import { car, root } from "../controller/bench.ts";

const LIMIT_A = 32;

interface OnePhaseCar {
  id: string;
  told: Rotation;
  /** 0..2 */
  real: number;
}

/** Cars on one phase each behind a meter, a guard that looks each second, and nobody else who would lower anything. */
class Bench {
  readonly cars: OnePhaseCar[];
  readonly guard = createDlmGuard();
  backgroundA: Triple = [4, 4, 4];
  limitsA: Record<string, number>;
  second = 0;
  strays = new Map<string, number>();

  constructor(cars: OnePhaseCar[], limitsA: Record<string, number>) {
    this.cars = cars;
    this.limitsA = limitsA;
  }

  /** What flows when every car draws what it may. */
  get flowsA(): Triple {
    const sumA: Triple = [...this.backgroundA];
    for (const { id, real } of this.cars) sumA[real as 0 | 1 | 2] += this.limitsA[id]!;
    return sumA;
  }

  /** Lets seconds pass in which the guard's word is obeyed at once. */
  pass(seconds: number): GuardResult[] {
    return Array.from({ length: seconds }, () => {
      this.second++;
      const commands = Object.fromEntries(Object.entries(this.limitsA).map(([id, limitA]) => [id, { limitA }]));
      const result = this.guard.check(this.second * 1000, this.#snapshot(), commands);
      for (const [id, limitA] of result.safeA) this.limitsA[id] = limitA;
      for (const [id, phase] of result.probe) this.strays.set(id, phase);
      return result;
    });
  }

  #snapshot(): Snapshot {
    const tsMs = this.second * 1000;
    const meters = [{ id: "m", location: "including" as const, currentA: this.flowsA, tsMs }];
    const connectors = this.cars.map(({ id, told }) =>
      car(id, {
        phases: 1,
        rotation: told,
        measuredA: [this.limitsA[id]!],
        measuredTsMs: tsMs,
        commandedA: this.limitsA[id]!,
      }),
    );
    return { zones: [root(LIMIT_A, { meters })], connectors };
  }
}

const kinds = (results: readonly GuardResult[]) =>
  new Set(results.flatMap(({ violations }) => violations.map(({ kind }) => kind)));

describe("a phase over its limit on which nobody is left to lower", () => {
  it("has everybody lowered who might be on it, and those who were are found", () => {
    const cars = (["RST", "STR", "TRS"] as const).map((told, i) => ({ id: `CP${i}`, told, real: 0 }));
    const bench = new Bench(cars, { CP0: 0, CP1: 16, CP2: 16 });
    assert.equal(kinds(bench.pass(15)).size, 0);
    assert.ok(kinds(bench.pass(3)).has("strayed"));
    assert.deepEqual(bench.limitsA, { CP0: 0, CP1: 6, CP2: 6 });
    bench.pass(15);
    assert.deepEqual(Object.fromEntries(bench.strays), { CP1: 0, CP2: 0 });
  });

  it("stops those for whom there is no room even then", () => {
    const bench = new Bench([{ id: "CP1", told: "STR", real: 0 }], { CP1: 16 });
    bench.backgroundA = [28, 4, 4];
    bench.pass(18);
    assert.deepEqual(bench.limitsA, { CP1: 0 });
  });

  it("is nobody's fault but the building's when the meter does not show it: they are left in peace then", () => {
    const bench = new Bench([{ id: "CP1", told: "STR", real: 1 }], { CP1: 16 });
    bench.backgroundA = [40, 4, 4];
    assert.ok(kinds(bench.pass(20)).has("strayed"));
    assert.deepEqual(bench.limitsA, { CP1: 6 });
    bench.pass(15);
    bench.limitsA = { CP1: 16 };
    assert.equal(kinds(bench.pass(120)).size, 0);
    assert.deepEqual([...bench.strays], []);
    assert.deepEqual(bench.limitsA, { CP1: 16 });
  });

  it("leaves those in peace whose start has shown where it should", () => {
    const bench = new Bench([{ id: "CP1", told: "STR", real: 1 }], { CP1: 0 });
    bench.pass(3);
    bench.limitsA = { CP1: 10 };
    bench.pass(6);
    bench.backgroundA = [40, 4, 4];
    assert.equal(kinds(bench.pass(60)).size, 0);
  });

  it("is no matter of others while somebody who is said to be on it can be lowered", () => {
    const cars: OnePhaseCar[] = [
      { id: "CP0", told: "RST", real: 0 },
      { id: "CP1", told: "STR", real: 1 },
    ];
    const bench = new Bench(cars, { CP0: 30, CP1: 16 });
    assert.ok(!kinds(bench.pass(30)).has("strayed"));
    assert.equal(bench.limitsA["CP0"], 6);
  });
});

describe("connectors that strayed", () => {
  const connector = (rotation: Rotation): PlantConnector =>
    ({ id: "CP1/1", wiring: { phases: 1, rotation } }) as PlantConnector;

  it("are remembered until their rotation is set anew, over a restart, too", () => {
    const strayed = new WrongPhaseConnectors();
    strayed.add(connector("STR"), 0);
    const restored = new WrongPhaseConnectors();
    restored.restore(JSON.parse(JSON.stringify(strayed.save())));
    assert.equal(restored.phaseOf(connector("STR")), 0);
    assert.equal(restored.phaseOf(connector("RST")), null);
  });

  it("are none after a memory that makes no sense", () => {
    const strayed = new WrongPhaseConnectors();
    for (const saved of [null, 3, [1], [["CP1/1", "1 STR", 7]]]) {
      strayed.restore(saved);
      assert.equal(strayed.phaseOf(connector("STR")), null);
    }
  });
});
