import { strict as assert } from "node:assert";
import { BEHAVIOUR_NAMES } from "../../lib/simulator/charger/presets.ts";
import { seeded } from "../../lib/simulator/random.ts";
import { OcppBuilding } from "../building/ocpp-building.ts";
import { cases } from "../full.ts";

const LIMIT_A = 40;
/** Buildings tried in a run. */
const BUILDINGS = cases(3, 16);
const SEED = 20260611;
/** The load behind a meter is certain once chargers that were lowered have settled and a cycle has passed, s. */
const SETTLED_S = 15;
/** A charger may take so long to follow a lower limit, or to be found out not to, s. */
const FOUND_OUT_S = 60;
/** About a car or a line that is not there. */
const LEFT_OUT = ["offline", "fault", "weldedContactor"];

function buildings(): string[][] {
  const names = BEHAVIOUR_NAMES.filter((name) => !LEFT_OUT.includes(name));
  const random = seeded(SEED);
  const pick = (): string => names[Math.floor(random() * names.length)]!;
  return Array.from({ length: BUILDINGS }, () => [pick(), pick(), pick()]);
}

/** Counts for how long something has been so, and the longest. */
class Spell {
  longestS = 0;
  #runningS = 0;

  tick(holds: boolean): void {
    this.#runningS = holds ? this.#runningS + 1 : 0;
    this.longestS = Math.max(this.longestS, this.#runningS);
  }
}

/** What the controller counts with for all connectors: reservation or setpoint, A per phase. */
function countedA(building: OcppBuilding): number {
  const counted = building.facts().map(({ id, state, disconnectedA, reservedA }) => {
    return state === "offline" ? disconnectedA : (reservedA ?? building.commandedA(id));
  });
  return counted.reduce((sum, currentA) => sum + currentA, building.houseA[0]!);
}

/** Some connector could still be told to take less. */
const lowerable = (building: OcppBuilding): boolean =>
  building
    .facts()
    .some(({ id, state, reservedA }) => state !== "offline" && reservedA === null && building.commandedA(id) > 0);

const of = (behaviours: readonly string[], limitA: number): OcppBuilding =>
  new OcppBuilding(
    behaviours.map((behaviour) => ({ car: { behaviour } })),
    limitA,
  );

describe("Chargers that share a breaker, whatever they are (S1)", () => {
  let bench: OcppBuilding | undefined;
  afterEach(() => bench?.close());

  for (const behaviours of buildings()) {
    it(`(${behaviours.join(", ")}): what is commanded and reserved fits, or nothing is left to lower`, async () => {
      bench = of(behaviours, LIMIT_A);
      const counted = new Spell();
      const loaded = new Spell();
      const look = (): void => {
        counted.tick(countedA(bench!) > LIMIT_A + 0.1 && lowerable(bench!));
        loaded.tick(bench!.loadA > LIMIT_A * 1.05 && lowerable(bench!));
      };
      await bench.run(240, look);
      bench.houseA = [12, 12, 12];
      await bench.run(120, look);
      bench.interrupt(0, true);
      await bench.run(60, look);
      bench.interrupt(0, false);
      bench.places[1]!.car.reboot("HardReset");
      await bench.run(240, look);
      assert.ok(counted.longestS <= SETTLED_S, `counted over the limit for ${counted.longestS} s`);
      assert.ok(loaded.longestS <= FOUND_OUT_S, `over the limit for ${loaded.longestS} s with something to lower`);
    });
  }

  it("two that obey nothing and overload it between them: one is stopped, the breaker is relieved, a person is called", async () => {
    bench = of(["ignoresLimits", "ignoresLimits"], LIMIT_A);
    await bench.run(300);
    assert.ok(bench.loadA <= LIMIT_A, `${bench.loadA} A`);
    const raised = bench.alarms.filter(({ payload }) => payload.state === "raised").map(({ topic }) => topic);
    assert.ok(
      raised.some((topic) => topic.startsWith("alarm/breakerOver/main/")),
      raised.join(),
    );
  });

  it("one that obeys nothing leaves the others what the breaker can carry beside it, and is named with what to check", async () => {
    const limitA = 50;
    bench = of(["ignoresLimits", "normal"], limitA);
    await bench.run(240);
    const [wild, tame] = bench.facts();
    assert.equal(wild!.trouble, "nonCompliant");
    assert.ok(wild!.reservedA! >= 31, `${wild!.reservedA} A`);
    assert.ok(bench.commandedA(tame!.id) >= 6 && bench.loadA <= limitA + 0.5, `${bench.loadA} A`);
    const alarm = bench.alarms.find(({ topic }) => topic === "alarm/nonCompliant/CP1/1");
    assert.match(alarm?.payload.action ?? "", /^Allow control by an external system/);
  });

  it("one that obeys nothing is named to a person after 30 s, while other ways are still tried", async () => {
    bench = of(["ignoresLimits", "normal"], 50);
    let overForS = 0;
    for (let second = 0; second < 240 && bench.alarms.length === 0; second++) {
      const wild = bench.facts()[0]!;
      const drawnA = Math.max(0, ...(wild.measuredA ?? []).map((currentA) => currentA ?? 0));
      overForS = drawnA > bench.commandedA(wild.id) * 1.1 + 1 ? overForS + 1 : 0;
      await bench.run(1);
    }
    assert.equal(bench.alarms[0]?.topic, "alarm/nonCompliant/CP1/1");
    assert.equal(bench.facts()[0]!.trouble, null, "not given up yet");
    assert.ok(overForS <= 45, `${overForS} s`);
  });
});
