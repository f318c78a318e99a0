import { strict as assert } from "node:assert";
import { type CommissioningResult, ROTATIONS, turnsRight } from "../../lib/commissioning/result.ts";
import { SIMULATED_MODELS } from "../../lib/simulator/charger/models.ts";
import { isFull, sample } from "../full.ts";
import { ProvingBuilding, type ProvingPlan } from "./proving-building.ts";

/** They take no limits at all, or act on none that they take: no current goes up and down, so nothing can be proven. */
const TAKES_NO_LIMITS = ["schneider-evlink-r5", "generic-no-profiles"];
const ACTS_ON_NO_LIMIT = ["heidelberg-amperfied"];
/** It takes a single current without an end, so that it is only steered where it has a safe one, and only once it has obeyed for a minute. */
const NEEDS_SAFE_CURRENT = ["generic-no-tail"];
const QUIET = { limitA: 125, noiseA: 0.3, switchA: 9, switchesPerMinute: 0.5, meterEveryS: 1 };

const run = async (
  plan: Partial<ProvingPlan> & Pick<ProvingPlan, "chargers" | "seed">,
  field: "right" | "left" | null = "right",
  during?: (building: ProvingBuilding, second: number) => void,
): Promise<{ building: ProvingBuilding; result: CommissioningResult }> => {
  const building = new ProvingBuilding({ ...QUIET, ...plan });
  try {
    await building.run(plan.chargers[0]?.wiring?.safeA ? 120 : 60);
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

  const models = sample(SIMULATED_MODELS, 12);
  const steered = models.filter(({ id }) => ![...TAKES_NO_LIMITS, ...ACTS_ON_NO_LIMIT].includes(id));
  it(`is right for ${steered.length} chargers of all models that take limits, in every rotation, on one to three phases, beside house loads`, async () => {
    let right = 0;
    const unsure: string[] = [];
    for (const [i, { id }] of steered.entries()) {
      // All rotations with all numbers of phases, before one of these comes again.
      const rotation = ROTATIONS[i % 6]!;
      const carPhases = ((Math.floor(i / 6) % 3) + 1) as 1 | 2 | 3;
      const said = (i + Math.floor(i / 6)) % 2 ? rotation : ROTATIONS[(i + 2) % 6]!;
      const rare = i % 4 === 3 ? { behaviour: "metersEvery60s" } : {};
      const car = { rotation, carPhases, maxA: 32, vendorModel: id, ...rare };
      const wiring = { rotation: said, ...(NEEDS_SAFE_CURRENT.includes(id) && { safeA: 6 }) };
      const { building, result } = await run(
        { chargers: [{ car, wiring }, { car: {} }], seed: i + 11 },
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
    assert.ok(right >= Math.floor(steered.length * 0.99), unsure.join("\n"));
  });

  it("says nothing wrong of a charger that acts on no limit, and does not begin with one that takes none", async () => {
    for (const id of ACTS_ON_NO_LIMIT) {
      const { result } = await run({ chargers: [{ car: { vendorModel: id } }], seed: 21 });
      assert.deepEqual([result.end, result.verdict], ["disobeys", "unsure"], id);
    }
    for (const id of TAKES_NO_LIMITS)
      await assert.rejects(run({ chargers: [{ car: { vendorModel: id } }], seed: 22 }), { field: "proofNoLimits" }, id);
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

  it("asks for the rotating field where that decides, and for a load on one phase where all phases are alike", async () => {
    const cureOf = async (carPhases: 1 | 3, field: "right" | null, rotation: "RST" | "RTS") => {
      const car = { carPhases, rotation: "RST" as const };
      const { result } = await run({ chargers: [{ car, wiring: { rotation } }], seed: 6 }, field);
      return result.findings.find(({ aspect }) => aspect === "rotation")?.cure?.code;
    };
    assert.equal(await cureOf(1, null, "RST"), "proof.rotationOpenCure");
    assert.equal(await cureOf(3, null, "RST"), "proof.rotationAllCure");
    assert.equal(await cureOf(3, "right", "RST"), "proof.rotationAllCure");
    assert.equal(await cureOf(3, "right", "RTS"), "proof.rotationAllCure");
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

  it("ends when its charger leaves or its meter falls silent, and lets load management go on", async () => {
    const away = await run({ chargers: [{ car: {} }, { car: {} }], seed: 12 }, "right", (one, second) => {
      if (second === 40) one.interrupt(0, true);
    });
    const silent = await run({ chargers: [{ car: {} }, { car: {} }], seed: 13 }, "right", (one, second) => {
      if (second === 40) one.isMeterDead = true;
    });
    const ends = [away, silent].map(({ result }) => [
      result.end,
      result.findings.some(({ verdict }) => verdict === "wrong"),
    ]);
    assert.deepEqual(ends, [
      ["offline", false],
      ["meter", false],
    ]);
    for (const { building } of [away, silent]) {
      assert.deepEqual([building.commissioning.running, building.overS], [null, 0]);
      assert.deepEqual(
        [building.commissioning.ceiling("CP1/1"), building.commissioning.ceiling("CP2/1")],
        [null, null],
      );
    }
  });

  it("lets one of two who start at the same moment have its run, and tells the other one", async () => {
    const building = new ProvingBuilding({ ...QUIET, chargers: [{ car: {} }, { car: {} }], seed: 14 });
    try {
      await building.run(60);
      const wishes = ["CP1/1", "CP2/1"].map((target) =>
        building.commissioning.start({ target, field: null, by: target }).then(
          () => "begun",
          ({ field }: { field: string }) => field,
        ),
      );
      await building.run(2);
      assert.deepEqual(await Promise.all(wishes), ["begun", "proofBusy"]);
      assert.equal(building.commissioning.running?.target, "CP1/1");
    } finally {
      await building.close();
    }
  });
});
