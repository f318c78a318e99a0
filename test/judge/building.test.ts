import { strict as assert } from "node:assert";
import { Building, inWords, type PerPhase } from "./building.ts";
import { NOON_MS, profile, Wire } from "./wire.ts";

const ALL = [0, 1, 2];

describe("The judge of a building", () => {
  const down = (limitA: number, safeA: number, endS: number) =>
    profile(-60, [
      [0, limitA],
      [60 + endS, safeA],
    ]);
  const building = (wires: Wire[], limitA = 63, assumedA: PerPhase = [0, 0, 0]) =>
    new Building(
      [{ name: "main", parent: null, limitA: [limitA, limitA, limitA], assumedA }],
      wires.map(({ point }, i) => ({ name: `CP${i + 1}`, point, connector: 1, breaker: "main", phases: ALL })),
    );
  const none = (): PerPhase => [0, 0, 0];
  const charging = (limitA: number, safeA: number, endS: number): Wire => {
    const wire = new Wire();
    wire.start(0, 1);
    wire.set(0, down(limitA, safeA, endS));
    return wire;
  };

  it("finds eight pauses that end together with the leases of two fast cars", () => {
    const fast = [1, 2].map(() => charging(31, 6, 180));
    const paused = Array.from({ length: 8 }, () => charging(0, 6, 120));
    const violations = building([...fast, ...paused]).violations(NOON_MS, none, ["nothing"]);
    // 62 A of the fast ones and 48 A of the others for a minute.
    assert.deepEqual(
      violations.map(({ phase, overA, overS, atMs }) => [phase, overA, overS, (atMs - NOON_MS) / 1000]),
      [1, 2, 3].map((phase) => [phase, 47, 60, 120]),
    );
    assert.match(
      inWords(violations[0]!, NOON_MS),
      /^main L1: 47.0 A over, 60 s, worst from 120 s on, future nothing: CP/,
    );
  });

  it("finds nothing where the pauses end after them", () => {
    const fast = [1, 2].map(() => charging(31, 6, 180));
    const paused = Array.from({ length: 8 }, () => charging(0, 6, 180));
    assert.deepEqual(building([...fast, ...paused]).violations(NOON_MS, none, ["nothing"]), []);
  });

  it("counts the load of now while leases run down, and the assumed one afterwards", () => {
    const wires = [charging(30, 6, 100), charging(0, 6, 900)];
    assert.deepEqual(
      building(wires, 40, [20, 20, 20]).violations(NOON_MS, () => [10, 10, 10], ["nothing"]),
      [],
    );
    const [first] = building(wires, 25, [20, 20, 20]).violations(NOON_MS, () => [0, 0, 0], ["nothing"]);
    assert.deepEqual([first!.overA, first!.overS], [7, Number.POSITIVE_INFINITY]);
  });

  it("counts with the load of now afterwards, too, where that is higher", () => {
    const [first] = building([charging(10, 6, 100)], 20, [4, 4, 4]).violations(NOON_MS, () => [15, 0, 0], ["nothing"]);
    assert.deepEqual([first!.phase, first!.overA], [1, 5]);
  });

  it("sums on each phase what hangs on it, and on every breaker above", () => {
    const [one, two] = [charging(16, 16, 100), charging(16, 16, 100)];
    const limitA: PerPhase = [20, 20, 20];
    const tree = new Building(
      [
        { name: "main", parent: null, limitA, assumedA: [0, 0, 0] },
        { name: "garage", parent: "main", limitA, assumedA: [0, 0, 0] },
      ],
      [
        { name: "A", point: one.point, connector: 1, breaker: "main", phases: [0] },
        { name: "B", point: two.point, connector: 1, breaker: "garage", phases: [0, 1] },
      ],
    );
    const found = tree.violations(NOON_MS, none, ["nothing"]);
    assert.deepEqual(
      found.map(({ breaker, phase, overA }) => [breaker, phase, overA]),
      [["main", 1, 12]],
    );
    assert.equal(tree.marginA(NOON_MS, none, "nothing"), -12);
  });

  it("counts an outlet without a car once one may come", () => {
    const free = new Wire();
    free.set(0, down(0, 6, 60));
    const tree = building([charging(30, 6, 180), free], 32);
    assert.deepEqual(tree.violations(NOON_MS, none, ["nothing"]), []);
    const [first] = tree.violations(NOON_MS, none, ["cars"]);
    assert.deepEqual([first!.future, first!.overA, first!.overS], ["cars", 4, 120]);
  });
});
