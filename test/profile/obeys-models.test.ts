import { strict as assert } from "node:assert";
import { SIMULATED_MODELS } from "../../lib/simulator/charger/models.ts";
import { modelProfile, modelProfiles } from "../../lib/station/capabilities/models/index.ts";
import { sample } from "../full.ts";
import { ObeyBench } from "./obey-bench.ts";

/** Models that take no lease, or do not keep it: their maximum is reserved when they are left alone. */
const NO_LEASE = new Set([
  "heidelberg-amperfied",
  "go-e",
  "fronius-wattpilot",
  "schneider-evlink-r5",
  "generic-no-tail",
  "generic-no-profiles",
]);
/** Models that do not follow a limit: reserved at their draw also while they are online. */
const NOT_CONTROLLED = new Set(["heidelberg-amperfied", "schneider-evlink-r5", "generic-no-profiles"]);

/** A charger of this model under our control, told by its words where they tell it. */
function benchOf(id: string): ObeyBench {
  const byItself = (modelProfile(id)?.match.length ?? 0) > 0;
  return new ObeyBench({ vendorModel: id }, { model: byItself ? "auto" : id });
}

describe("kill -9 of the controller", () => {
  let bench: ObeyBench | undefined;
  afterEach(() => bench?.close());

  for (const { id } of sample(SIMULATED_MODELS, 4)) {
    const outcome = NO_LEASE.has(id)
      ? "was reserved at its maximum"
      : "is at the safe current when its lease has ended";
    it(`while a ${id} charges at 16 A: it ${outcome}`, async () => {
      bench = benchOf(id);
      await bench.until("the car charges", () => bench!.drawnA >= 5, 120);
      await bench.command(16, 300);
      assert.equal(bench.station.modelProfile?.id, id);
      assert.equal(bench.judge("commanded 16 A", 16), NOT_CONTROLLED.has(id) ? "reserved" : "obeys");
      bench.kill();
      if (NO_LEASE.has(id)) bench.judgeAlone(false);
      await bench.pass(bench.leaseLeftS + 30);
      bench.judgeAlone(!NO_LEASE.has(id));
    });
  }
});

describe("schneider-evlink", () => {
  it("never gets numberPhases or minChargingRate, and always amperes, also where it says watts", async () => {
    const bench = new ObeyBench({ vendorModel: "schneider-evlink", behaviour: "unitUnsaid" });
    await bench.until("the car charges", () => bench.drawnA >= 5, 120);
    for (const limitA of [16, 8, 0, 10]) await bench.command(limitA, 60);
    await bench.away(10);
    await bench.pass(120);
    assert.ok(bench.profiles.length >= 6);
    for (const { csChargingProfiles } of bench.profiles) {
      const { chargingRateUnit, minChargingRate, chargingSchedulePeriod } = csChargingProfiles.chargingSchedule;
      assert.equal(chargingRateUnit, "A");
      assert.equal(minChargingRate, undefined);
      for (const { numberPhases } of chargingSchedulePeriod) assert.equal(numberPhases, undefined);
    }
    await bench.close();
  });

  it("that refuses profiles is reserved, with the setting to change named", async () => {
    const bench = new ObeyBench({ vendorModel: "schneider-evlink", behaviour: "rejectsProfiles" });
    await bench.until("the car charges", () => bench.drawnA >= 5, 120);
    await bench.command(8, 120);
    bench.judge("commanded 8 A", 8);
    assert.match(bench.hint ?? "", /Controlled by external system/);
    await bench.close();
  });
});

describe("abb-terra-ac", () => {
  it("gets profiles of stack level 0 only, whatever level it says it takes, and is never asked for its measurands", async () => {
    const bench = benchOf("abb-terra-ac");
    await bench.until("the car charges", () => bench.drawnA >= 5, 120);
    for (const limitA of [16, 8, 0, 10]) await bench.command(limitA, 60);
    assert.ok(bench.profiles.length >= 5);
    for (const { csChargingProfiles } of bench.profiles) assert.equal(csChargingProfiles.stackLevel, 0);
    assert.equal(bench.judge("commanded 10 A", 10), "obeys");
    await bench.close();
  });
});

describe("the hints of the models", () => {
  for (const { id, hintOnRefusal } of modelProfiles().filter(({ hintOnRefusal: hint }) => hint !== null)) {
    it(`of ${id} reach the person when it refuses`, async () => {
      const byItself = (modelProfile(id)?.match.length ?? 0) > 0;
      const car = { vendorModel: id, behaviour: "rejectsProfiles" };
      const bench = new ObeyBench(car, { model: byItself ? "auto" : id });
      await bench.until("the car charges", () => bench.drawnA >= 5, 120);
      await bench.command(8, 30);
      assert.ok(bench.hint?.includes(hintOnRefusal!), `told: ${bench.hint}`);
      await bench.close();
    });
  }
});
