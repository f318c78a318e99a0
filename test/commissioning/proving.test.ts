import { strict as assert } from "node:assert";
import { type CommissioningResult, ROTATIONS, turnsRight } from "../../lib/commissioning/result.ts";
import { SIMULATED_MODELS } from "../../lib/simulator/charger/models.ts";
import { isFull } from "../full.ts";
import { ProvingBuilding, type ProvingPlan } from "./proving-building.ts";

/** Chargers that no run can prove: they take no limits, or do not charge by themselves here. */
const UNPROVABLE = ["heidelberg-amperfied", "schneider-evlink-r5", "generic-no-tail", "generic-no-profiles"];
const PROVABLE = SIMULATED_MODELS.filter(({ id }) => !UNPROVABLE.includes(id));
const QUIET = { limitA: 125, noiseA: 0.3, switchA: 9, switchesPerMinute: 0.5, meterEveryS: 1 };

const run = async (
  plan: Partial<ProvingPlan> & Pick<ProvingPlan, "chargers" | "seed">,
  field: "right" | "left" | null = "right",
  during?: (building: ProvingBuilding, second: number) => void,
): Promise<{ building: ProvingBuilding; result: CommissioningResult }> => {
  const building = new ProvingBuilding({ ...QUIET, ...plan });
  try {
    await building.run(60);
    const result = await building.prove(field, (second) => during?.(building, second));
    return { building, result };
  } finally {
    await building.close();
  }
};
const verdicts = ({ findings }: CommissioningResult, aspect: string) =>
  findings.filter((one) => one.aspect === aspect).map(({ verdict }) => verdict);

describe("proving the wiring of simulated chargers", function () {
  this.timeout(isFull ? 600_000 : 60_000);

  const chargers = isFull ? PROVABLE.slice(0, 40) : PROVABLE.filter((_, i) => i % 8 === 0);
  it(`is right for ${chargers.length} chargers of all models in every rotation, on one to three phases, beside house loads`, async () => {
    let right = 0;
    const unsure: string[] = [];
    for (const [i, { id }] of chargers.entries()) {
      const rotation = ROTATIONS[(i * 5) % 6]!;
      const said = i % 2 ? rotation : ROTATIONS[(i * 5 + 2) % 6]!;
      const carPhases = ((i % 3) + 1) as 1 | 2 | 3;
      const rare = i % 4 === 3 ? { behaviour: "metersEvery60s" } : {};
      const car = { rotation, carPhases, maxA: 32, vendorModel: id, ...rare };
      const { building, result } = await run(
        { chargers: [{ car, wiring: { rotation: said } }, { car: {} }], seed: i + 11 },
        turnsRight(rotation) ? "right" : "left",
      );
      const used = [...rotation].slice(0, carPhases).map((letter) => "RST".indexOf(letter) + 1);
      const told = JSON.stringify([id, rotation, said, carPhases, result.findings, result.meters]);
      assert.equal(building.overS, 0, told);
      assert.ok(result.durationS <= 180 && building.leastA >= 4, told);
      if (result.usedPhases === null) {
        unsure.push(told);
        continue;
      }
      assert.deepEqual(result.usedPhases, used.sort(), told);
      assert.deepEqual([...verdicts(result, "role"), ...verdicts(result, "direction")], ["right", "right"], told);
      assert.notEqual(verdicts(result, "scale")[0], "wrong", told);
      // A load that is the same on all phases shows no order.
      assert.equal(result.rotation, carPhases === 3 ? null : rotation, told);
      if (carPhases < 3) assert.deepEqual(verdicts(result, "rotation"), [said === rotation ? "right" : "wrong"], told);
      right++;
    }
    assert.ok(right >= Math.floor(chargers.length * 0.99), unsure.join("\n"));
  });

  it("finds a meter that is too small in scale, and one whose legs are in another order than the charger", async () => {
    const half = await run({
      chargers: [{ car: { carPhases: 1, rotation: "RST" } }],
      factors: [0.5, 0.5, 0.5],
      seed: 3,
    });
    assert.deepEqual(verdicts(half.result, "scale"), ["wrong"]);
    const swapped = await run({ chargers: [{ car: { carPhases: 1, rotation: "RST" } }], order: [1, 0, 2], seed: 4 });
    assert.deepEqual(
      [swapped.result.usedPhases, verdicts(swapped.result, "rotation"), swapped.result.rotation],
      [[2], ["wrong"], "STR"],
    );
  });

  it("finds a leg that counts backwards", async () => {
    const { result } = await run({
      chargers: [{ car: { carPhases: 1, rotation: "TRS" }, wiring: { rotation: "TRS" } }],
      factors: [1, 1, -1],
      seed: 5,
    });
    assert.deepEqual(verdicts(result, "direction"), ["wrong"]);
  });

  it("calls no meter wrong behind which a battery makes up for the steps", async () => {
    const { result } = await run({ chargers: [{ car: {} }], switchesPerMinute: 0, seed: 9 }, "right", (one) => {
      for (const p of [0, 1, 2]) one.addA[p]! -= 0.4 * (one.houseA[p]! + one.carsA[p]!);
    });
    assert.ok(!result.findings.some(({ verdict }) => verdict === "wrong"), JSON.stringify(result.findings));
    assert.ok(verdicts(result, "role").includes("unsure"), JSON.stringify(result.meters));
  });

  it("is right with a meter that is read every 10 s", async () => {
    const { result } = await run({ chargers: [{ car: { carPhases: 2 } }], meterEveryS: 10, seed: 10 });
    const seen = [result.usedPhases, result.rotation, verdicts(result, "scale")];
    assert.deepEqual(seen, [[1, 2], "RST", ["right"]]);
  });

  it("ends before a row comes near its limit, and lets nothing else rise meanwhile", async () => {
    const { building, result } = await run(
      { chargers: [{ car: { carPhases: 1 } }, { car: { carPhases: 1 } }], limitA: 40, switchesPerMinute: 0, seed: 7 },
      "right",
      (one, second) => {
        if (second === 60) for (const p of [0, 1, 2]) one.addA[p] = 18;
      },
    );
    assert.deepEqual([result.end, result.verdict, building.overS], ["room", "unsure", 0]);
    assert.equal(building.commissioning.ceiling("CP1/1"), null);
  });

  it("ends when the car stops by itself, and says so", async () => {
    const { result } = await run({ chargers: [{ car: {} }], seed: 8 }, "right", (one, second) => {
      if (second === 40) one.places[0]!.car.command({ wantA: 0 });
    });
    assert.deepEqual([result.end, result.verdict], ["car", "unsure"]);
  });
});
