import { strict as assert } from "node:assert";
import { createDlmController } from "../../../../lib/dlm/controller/controller.ts";

const LIMIT_A = 33;
const HOUSE_A = 3;

/** Two cars behind a meter that includes them: A reports at every tick, B when it is told to. */
class Pair {
  readonly #controller = createDlmController({ rampUpAps: 100 });
  #second = 0;
  readonly setA = { A: 0, B: 0 };
  readonly #reported = { A: { currentA: 0, second: 0 }, B: { currentA: 0, second: 0 } };
  drawsB = true;

  tick(reportsB: boolean): this {
    this.#second += 5;
    const drawA = { A: this.setA.A, B: this.drawsB ? this.setA.B : 0 };
    this.#reported.A = { currentA: drawA.A, second: this.#second };
    if (reportsB) this.#reported.B = { currentA: drawA.B, second: this.#second };
    const currentA = [0, 1, 2].map(() => HOUSE_A + drawA.A + drawA.B);
    const meters = [{ id: "m", location: "including" as const, currentA, tsMs: this.#second * 1000 }];
    const connectors = (["A", "B"] as const).map((id) => {
      const { currentA, second } = this.#reported[id];
      return { id, zone: "z", measuredA: [currentA, currentA, currentA], measuredTsMs: second * 1000 };
    });
    const snapshot = { zones: [{ id: "z", parent: null, limitA: LIMIT_A, meters }], connectors };
    const { setpoints } = this.#controller.tick(this.#second * 1000, snapshot);
    for (const id of ["A", "B"] as const) this.setA[id] = setpoints[id]!.limitA;
    return this;
  }
}

describe("a load that a meter seems not to show any more", () => {
  const settled = (): Pair => {
    const pair = new Pair();
    for (let i = 0; i < 12; i++) pair.tick(true);
    assert.deepEqual(pair.setA, { A: 15, B: 15 });
    return pair;
  };

  it("is still there for everybody who might be raised, until the charger that may have caused the fall has reported", () => {
    const pair = settled();
    pair.drawsB = false;
    // The meter shows less than the two cars are said to draw: not only the house seems to be gone.
    for (let i = 0; i < 4; i++) assert.equal(pair.tick(false).setA.A, 15);
    for (let i = 0; i < 20; i++) pair.tick(true);
    assert.ok(pair.setA.A > 20, `${pair.setA.A} A once it has`);
    assert.ok(pair.setA.A + pair.setA.B <= LIMIT_A - HOUSE_A);
  });
});
