import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import type { PlantTree } from "../../lib/dlm/topology/plant.ts";
import { visitsOf } from "../../lib/planner/arrivals.ts";
import { plan } from "../../lib/planner/plan.ts";
import { readPlanRequest } from "../../lib/planner/plan-request.ts";
import { planInThread } from "../../lib/planner/plan-thread.ts";
import type { DayPlan, PlanRequest, TableCar, Visit } from "../../lib/planner/plan-types.ts";
import { loadShares } from "../../lib/planner/surroundings.ts";
import { seeded } from "../../lib/simulator/random.ts";
import { triple } from "../../lib/units.ts";
import { refusalText } from "../../lib/words/refusal.ts";
import { LANGUAGES } from "../../lib/words/types.ts";
import { Building, CONFIG } from "../building/building.ts";
import { charger, METER, treeOf, WIRING, zone } from "../building/plant.ts";
import { cases, isThorough } from "../full.ts";

const SETTINGS = {
  config: { fairness: "current", idlePolicy: "minIfSpare", priorityPolicy: "minFirst" },
  rotationS: 900,
} as const;

/** Left alone they pause: any number fits a breaker. */
const PAUSES = { safeA: 0, connectors: [{ ...WIRING, safeA: 0 }] };

/** A breaker with a meter, and so many chargers with three phases below it. */
function carPark(limitA: number, chargers: number, assumedA = 0): PlantTree {
  const main = zone("main", { limitA: triple(limitA), assumedLoadA: triple(assumedA), meters: [METER] });
  return treeOf(
    [main],
    Array.from({ length: chargers }, (_, number) => charger(`CP${number + 1}`, "main", PAUSES)),
  );
}

async function planned(tree: PlantTree, payload: object): Promise<DayPlan> {
  return plan(tree, "main", await readPlanRequest(payload, tree, "main", SETTINGS));
}

describe("The day planner", () => {
  it("delivers everything where there is room, and names nothing that binds", async () => {
    const { wantedWh, deliveredWh, bottlenecks, nextStep, satisfied, visits } = await planned(carPark(250, 4), {
      table: "8:00;17:00;20\n8:15;16:30;15,5",
    });
    assert.deepEqual(
      { wantedWh, deliveredWh, satisfied, visits },
      { wantedWh: 35_500, deliveredWh: 35_500, satisfied: 2, visits: 2 },
    );
    assert.deepEqual([bottlenecks, nextStep], [[], null]);
  });

  it("names the breaker that binds and what the next size would bring", async () => {
    // 16 A beside 0 A: 11.04 kW for ten hours; four cars want 160 kWh.
    const table = Array(4).fill("8:00;18:00;40").join("\n");
    const { deliveredWh, bottlenecks, nextStep } = await planned(carPark(16, 4), { table });
    assert.equal(deliveredWh, 110_400);
    assert.deepEqual([bottlenecks[0]!.code, bottlenecks[0]!.zone, bottlenecks[0]!.hours], ["ZONE", "main", 10]);
    // 20 A for ten hours.
    const expected = { zone: "main", unit: "A", from: 16, to: 20, moreWh: 27_600 };
    const { moreCars: _, ...step } = nextStep!;
    assert.deepEqual(step, expected);
  });

  it("lets waiting cars have their turn", async () => {
    // Room for one car at a time.
    const { atMinimumH, waitingH, deliveredWh } = await planned(carPark(10, 3), {
      table: Array(3).fill("8:00;14:00;12").join("\n"),
    });
    assert.equal(deliveredWh, 36_000);
    assert.ok(waitingH > 6, `${waitingH} h`);
    assert.equal(atMinimumH, 0);
  });

  it("gives the same numbers for the same seed, and others for another", async () => {
    const tree = carPark(63, 10, 30);
    const request = { scene: "office", days: 7, sunW: 20_000, seed: 5 };
    assert.deepEqual(await planned(tree, request), await planned(tree, request));
    assert.notDeepEqual(await planned(tree, request), await planned(tree, { ...request, seed: 6 }));
  });

  it("never delivers more than is wanted, than the breaker carries, or than cars can take", async () => {
    const requests = fc.record({
      scene: fc.constantFrom("office", "home", "depot"),
      cars: fc.integer({ min: 1, max: 12 }),
      days: fc.integer({ min: 1, max: 3 }),
      sunW: fc.integer({ min: 0, max: 50_000 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        requests,
        fc.integer({ min: 6, max: 80 }),
        fc.integer({ min: 1, max: 8 }),
        async (asked, limitA, count) => {
          const done = await planned(carPark(limitA, count, 3), asked);
          assert.ok(done.deliveredWh <= done.wantedWh + 1);
          assert.ok(done.sunWh <= done.deliveredWh + 1);
          assert.ok(done.deliveredWh <= limitA * 690 * 24 * (asked.days + 1));
          assert.ok(done.hours.every(({ mostA, meanA }) => mostA <= limitA + 0.1 && meanA <= mostA));
          assert.equal(done.visits >= done.satisfied + done.turnedAway, true);
          assert.ok((done.nextStep?.moreWh ?? 0) >= -1, "a larger breaker never brings less");
        },
      ),
      { numRuns: cases(20, 60) },
    );
  });

  it("says what is wrong with a request by its field", async () => {
    const wrong: [object, RegExp][] = [
      [{ scene: "cinema" }, /payload\.scene .*office, home, depot/],
      [{ days: 0 }, /payload\.days .*from 1 to 366/],
      [{ days: 366, cars: 2000 }, /payload\.days .*at most 50 with 2000 cars/],
      [{ from: "13-01" }, /payload\.from .*06-01/],
      [{ loadA: { Attic: 5 } }, /payload\.loadA\.Attic .*main/],
      [{ loadA: -1 }, /payload\.loadA\.main .*from 0/],
      [{ sunW: "lots" }, /payload\.sunW/],
      [{ table: "8:00;17:00" }, /line 1, kWh/],
      [{ table: "arrival;departure;kWh\n25:00;17:00;5" }, /line 2, arrival .*7:30/],
      [{ table: "8:00;17:00;5;4" }, /line 1, phases .*1, 2 or 3/],
    ];
    for (const [payload, says] of wrong)
      await assert.rejects(planned(carPark(63, 2), payload), { code: "EV_MESSAGE_INVALID", message: says });
  });

  it("says in each language which line and column of a table is wrong, and what to write", async () => {
    const said = async (table: unknown): Promise<string[]> => {
      const error = await planned(carPark(63, 2), { table }).then(
        () => null,
        (refused: unknown) => refused,
      );
      return LANGUAGES.map((language) => refusalText(language, error));
    };
    const cells: [string, RegExp[]][] = [
      [
        "7:45;16:30;12\n7.45 h;16:30;12",
        [/^Line 2, arrival: "7.45 h"/, /^Zeile 2, Ankunft/, /^Ligne 2, arrivée/, /^Regel 2, aankomst/],
      ],
      ["7:45;nine;12", [/^Line 1, departure: "nine"/, /^Zeile 1, Abfahrt/, /^Ligne 1, départ/, /^Regel 1, vertrek/]],
      ["7:45;16:30;0", [/^Line 1, kWh: "0"/, /^Zeile 1, kWh/, /^Ligne 1, kWh/, /^Regel 1, kWh/]],
      ["7:45;16:30;12;4", [/^Line 1, phases: "4"/, /^Zeile 1, Phasen/, /^Ligne 1, phases/, /^Regel 1, fasen/]],
      ["7:45;16:30;12;3;lots", [/^Line 1, A: "lots"/, /^Zeile 1, A/, /^Ligne 1, A/, /^Regel 1, A/]],
      ["arrival;departure;kWh", [/no car/, /kein Auto/, /aucune voiture/, /geen auto/]],
      ["   \n\n", [/no car/, /kein Auto/, /aucune voiture/, /geen auto/]],
      ["\uFFFD\uFFFD\0", [/no car/, /kein Auto/, /aucune voiture/, /geen auto/]],
      ["7:45;16:30;12\n".repeat(2001), [/2000 lines/, /2000 Zeilen/, /2000 lignes/, /2000 regels/]],
      ["7".repeat(100_000_000), [/2000 lines/, /2000 Zeilen/, /2000 lignes/, /2000 regels/]],
    ];
    for (const [table, expected] of cells)
      for (const [at, text] of (await said(table)).entries()) {
        assert.match(text, expected[at]!);
        assert.doesNotMatch(text, /\{/);
      }
  });

  it("drops no line of a table in silence, and takes columns in the order of their headings", async () => {
    await assert.rejects(planned(carPark(63, 2), { table: "25:00;17:00;5\n8:00;17:00;5" }), /line 1, arrival/);
    const { wantedWh, visits } = await planned(carPark(63, 2), {
      table: "\uFEFFkWh,Departure,Arrival\n5,17:00,8:00:00\n7.5,6:00,22:00",
    });
    assert.deepEqual([wantedWh, visits], [12_500, 2]);
  });

  it("plays a month of twenty chargers in a thread of its own", async () => {
    const tree = carPark(63, 20, 25);
    const request = await readPlanRequest({ scene: "office", days: 30 }, tree, "main", SETTINGS);
    const done = await planInThread({ tree, root: "main", request });
    assert.equal(done.visits, 20 * 22);
  });

  it("comes to the energy of the simulated car park with its load management, to 1 %", () => {
    const leaves = { departureMin: 780, wantedWh: 1e6 };
    const table: TableCar[] = [
      { arrivalMin: 600, ...leaves, phases: 3, maxA: 32 },
      { arrivalMin: 610, ...leaves, phases: 1, maxA: 32 },
      { arrivalMin: 625, ...leaves, phases: 3, maxA: 16, wantedWh: 6000 },
      { arrivalMin: 640, ...leaves, phases: 3, maxA: 32, departureMin: 700 },
      { arrivalMin: 690, ...leaves, phases: 3, maxA: 32 },
    ];
    differsBy(carPark(52, 5, 20), { table, cars: 5, seed: 3, highestLoadA: 20 }, [600, 780]);
  });

  if (isThorough)
    it("does so for a whole day of an office, with cars that are full, leave early, or find no free connector", () => {
      const rotations = ["RST", "STR", "TRS"] as const;
      const tree = carPark(32, 8, 15);
      const wired = tree.connectors.map((one, at) => ({
        ...one,
        wiring: { ...one.wiring, rotation: rotations[at % 3]! },
      }));
      differsBy({ ...tree, connectors: wired }, { table: null, cars: 10, seed: 8, highestLoadA: 15 }, [390, 1140]);
    }).timeout(600_000);
});

/** A building that says how long each car is here and has charged, so that waiting cars get their turn. */
class LivedBuilding extends Building {
  readonly stays = new Map<string, { chargingS: number; pluggedAtMs: number }>();

  override facts(): ConnectorFacts[] {
    return super.facts().map((facts) => ({ ...facts, ...this.stays.get(facts.id) }));
  }
}

/** Plays a day, lets the simulated car park with its load management live through the same one, and compares. */
function differsBy(
  tree: PlantTree,
  { highestLoadA, ...asked }: Pick<PlanRequest, "table" | "cars" | "seed"> & { highestLoadA: number },
  [fromMin, untilMin]: readonly [number, number],
): void {
  const request: PlanRequest = {
    ...{ scene: "office", days: 1, firstDay: 0, sunW: 0, config: SETTINGS.config, rotationS: CONFIG.rotationS },
    highestLoadA: new Map([["main", triple(highestLoadA)]]),
    ...asked,
  };
  const { deliveredWh, wantedWh } = plan(tree, "main", request);
  assert.ok(deliveredWh < 0.95 * wantedWh, `cars are held back: ${deliveredWh} of ${wantedWh} Wh`);
  const visits = visitsOf(request, seeded(4 * request.seed + 1));
  const shares = loadShares("office", 1, seeded(4 * request.seed + 2));
  const building = new LivedBuilding(tree);
  building.runtime.start();
  const places = [...building.cars].map(([id, car]) => ({ id, car, visit: null as Visit | null, energyWh: 0 }));
  for (const { car } of places) car.state = "available";
  let simulatedWh = 0;
  for (let minute = fromMin; minute < untilMin; minute++) {
    building.houseA = triple(highestLoadA * shares[Math.floor(minute / 15)]!);
    for (const place of places)
      if (place.visit && place.visit.departureMin <= minute) {
        place.visit = null;
        place.car.state = "available";
      }
    for (const visit of visits.filter(({ arrivalMin }) => arrivalMin === minute)) {
      const free = places.find((place) => place.visit === null);
      if (!free) continue;
      Object.assign(free, { visit, energyWh: 0 });
      building.stays.set(free.id, { chargingS: 0, pluggedAtMs: building.clock.nowMs() });
      Object.assign(free.car, { state: "charging", phases: visit.phases, wantsA: visit.maxA });
    }
    building.run(60, () => {
      for (const place of places) {
        const wh = place.car.powerW / 3600;
        simulatedWh += wh;
        place.energyWh += wh;
        if (wh > 0) building.stays.get(place.id)!.chargingS++;
        if (place.energyWh >= (place.visit?.wantedWh ?? 0)) place.car.state = "available";
      }
    });
  }
  const differs = Math.abs(simulatedWh / deliveredWh - 1);
  assert.ok(differs <= 0.01, `${Math.round(simulatedWh)} of ${deliveredWh} Wh: ${(100 * differs).toFixed(2)} %`);
}
