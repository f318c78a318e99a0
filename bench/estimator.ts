/**
 * What the way in which the building's own load is estimated comes to (S4b): chargers report every 2, 10, 30 or 60 s, meters every second.
 * The same seeds give the same run, so that the table of one version of the code can be held against that of another.
 * `node bench/estimator.ts` prints it, `node bench/estimator.ts parks` the lines of one part (`hours`, `parks`, `days`).
 */
import fc from "fast-check";
import { SimulatedBreaker } from "../lib/simulator/site/breaker.ts";
import type { Triple } from "../lib/units.ts";
import { CarPark, type ParkPlan, type ParkTick } from "../test/building/car-park.ts";
import { calmPlans, wildPlans } from "../test/building/car-park-plans.ts";
import { garageHour } from "../test/building/garage.ts";
import { pvDay, type Sky } from "../test/pv/days.ts";
import { ourRule, PV_CAR, type PvCarPlan, runDay } from "../test/pv/pv-home.ts";
import type { BenchFigure } from "./figure.ts";
import { type Day, PLACES, type Place, runPlace } from "./writes.ts";

const DAY_S = 86_400;
/** Chargers report so often, s. */
const REPORTS_S = [2, 10, 30, 60] as const;
const PARK_SEED = 20_260_601;
const PARKS = 40;
const SKIES: readonly Sky[] = ["sunny", "cloudy", "flapping"];
const PV_SEEDS = [1, 2, 3];
/** A load that is above the upper value by less than this does not count, A. */
const NOISE_A = 0.1;
const HOUR_SEEDS = [1, 2, 3];

/** How well the load that no charger draws is known, at all decisions. */
interface EstimateFigures {
  /** By how much the nominal value lies beside the true load, A: not more in half of them, and in 99 of 100. */
  errorA: readonly [half: number, most: number];
  /** The true load is no more than the upper value, %. */
  withinPercent: number;
  /** How far the upper value lies above the nominal one, A: not more in half of them, and in 99 of 100. */
  widthA: readonly [half: number, most: number];
}

/** One line of the table; what a run does not have is null. */
export interface EstimatorRow {
  name: string;
  /** Over the limit on the worst phase of all breakers, A·s in an hour. */
  overAsPerHour: number | null;
  /** Share of the breaker used on its fullest phase, %. */
  usedPercent: number | null;
  /** Of a car, in an hour. */
  starts: number;
  pauses: number | null;
  /** Limits written to a connector, in a day. */
  writesPerDay: number;
  /** Under surplus: what was bought of what was charged, %. */
  boughtPercent: number | null;
  estimate: EstimateFigures | null;
}

/** Whole product with few cars and many, chargers that report at different paces. @param forS length of the hour, s */
async function calmHours(forS = 3600): Promise<EstimatorRow[]> {
  const rows: EstimatorRow[] = [];
  for (const place of [...PLACES.slice(0, 4), ...slowPlaces()]) rows.push(await calmHour(place, forS));
  return rows;
}

/** Controller, chargers and cars in one loop: two thirds of an hour to eight hours for each line. */
function closedLoops(): EstimatorRow[] {
  const rows: EstimatorRow[] = [];
  for (const reportS of REPORTS_S) {
    rows.push(parks(`parks that obey, reports every ${reportS} s`, sample(calmPlans, reportS)));
    rows.push(parks(`parks with faults, reports every ${reportS} s`, sample(wildPlans, reportS), false));
  }
  for (const [seed, steps] of [
    [1, 1],
    [2, 6],
    [3, 6],
  ] as const)
    rows.push(parks(`an hour of a garage with faults, seed ${seed}`, [garageHour(seed, steps)], false));
  return rows;
}

function days(): EstimatorRow[] {
  return SKIES.flatMap((sky) => [10, 60].map((reportS) => pvRow(sky, { ...PV_CAR, reportS })));
}

function slowPlaces(): Place[] {
  const [, three, , garage] = PLACES;
  return [30, 60].flatMap((reportS) =>
    [three!, garage!].map((place) => ({
      ...place,
      name: `${place.name}, reports every ${reportS} s`,
      reportS: [reportS],
    })),
  );
}

async function calmHour(place: Place, forS: number): Promise<EstimatorRow> {
  const played: Day[] = [];
  for (const seed of HOUR_SEEDS) played.push(await runPlace(place, seed, forS, true));
  return {
    name: place.name,
    overAsPerHour: mean(played.map((day) => day.overAsPerHour)),
    usedPercent: 100 * mean(played.map((day) => day.used)),
    starts: mean(played.map((day) => day.startsPerHour)),
    pauses: mean(played.map((day) => day.pausesPerHour)),
    writesPerDay: mean(played.flatMap((day) => day.writesPerDay)),
    boughtPercent: null,
    estimate: null,
  };
}

function sample(plans: fc.Arbitrary<ParkPlan>, reportS: number): ParkPlan[] {
  return fc
    .sample(plans, { seed: PARK_SEED, numRuns: PARKS })
    .map((plan) => ({ ...plan, cars: plan.cars.map((car) => ({ ...car, reportS })) }));
}

function parks(name: string, plans: readonly ParkPlan[], obey = true): EstimatorRow {
  let [overAs, hours, carHours, used, hungryS, starts, pauses, writes] = [0, 0, 0, 0, 0, 0, 0, 0];
  const seen = new EstimateWatch();
  for (const plan of plans) {
    const park = new CarPark(plan);
    const breakers = plan.zones.map(({ limitA }) => new SimulatedBreaker([limitA, limitA, limitA]));
    const drewA = park.cars.map(() => 0);
    park.run((tick) => {
      for (const [z, breaker] of breakers.entries()) breaker.step(1, withoutHouseAlone(park, z));
      for (const [i, car] of park.cars.entries()) {
        if (car.drawA > 0 && drewA[i] === 0) starts++;
        if (car.drawA === 0 && drewA[i]! > 0) pauses++;
        drewA[i] = car.drawA;
      }
      if (park.cars.some((car) => car.drawA < Math.min(car.plan.wantsA, car.plan.maxA) - 1)) {
        hungryS++;
        used += Math.min(1, Math.max(...plan.zones.map(({ limitA }, z) => Math.max(...park.flowA[z]!) / limitA)));
      }
      if (!tick) return;
      for (const [id, { limitA }] of Object.entries(tick.result.setpoints)) {
        if (limitA !== (tick.before.get(id) ?? 0)) writes++;
      }
      seen.look(park, tick);
    });
    overAs += Math.max(...breakers.flatMap(({ phases }) => phases.map((phase) => phase.overAs)));
    hours += plan.durationS / 3600;
    carHours += (plan.durationS / 3600) * plan.cars.length;
  }
  return {
    name,
    overAsPerHour: overAs / hours,
    usedPercent: (100 * used) / hungryS,
    starts: starts / carHours,
    pauses: pauses / carHours,
    writesPerDay: (24 * writes) / carHours,
    boughtPercent: null,
    estimate: obey ? seen.figures : null,
  };
}

/** Holds the estimates of decisions against the true load. */
class EstimateWatch {
  readonly #errors: number[] = [];
  readonly #widths: number[] = [];
  #within = 0;

  look(park: CarPark, { estimates }: ParkTick): void {
    for (const [z] of park.plan.zones.entries()) {
      const estimate = estimates.get(`z${z}`);
      for (const p of estimate ? ([0, 1, 2] as const) : []) {
        const { nominalA, upperA } = estimate!;
        const loadA = park.houseA(z, p);
        this.#errors.push(Math.abs(nominalA[p] - loadA));
        this.#widths.push(upperA[p] - nominalA[p]);
        if (loadA <= upperA[p] + NOISE_A) this.#within++;
      }
    }
  }

  get figures(): EstimateFigures {
    const withinPercent = (100 * this.#within) / this.#errors.length;
    return { errorA: halfAndMost(this.#errors), withinPercent, widthA: halfAndMost(this.#widths) };
  }
}

function halfAndMost(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[sorted.length >> 1] ?? 0, sorted[Math.floor(sorted.length * 0.99)] ?? 0];
}

/** What flows through a zone, A; where its house alone is over the limit, no more than the limit and what cars add. */
function withoutHouseAlone(park: CarPark, zone: number): Triple {
  const { limitA } = park.plan.zones[zone]!;
  return park.flowA[zone]!.map((flowA, p) => Math.min(flowA, limitA + park.drawnA(zone, p as 0 | 1 | 2))) as Triple;
}

function pvRow(sky: Sky, car: PvCarPlan): EstimatorRow {
  const played = PV_SEEDS.map((seed) => {
    const day = pvDay(sky, seed);
    return { ...runDay(day, car, ourRule(car)), lastsS: day.pvW.length };
  });
  const hours = sum(played, ({ lastsS }) => lastsS) / 3600;
  return {
    name: `${sky} days, reports every ${car.reportS} s`,
    overAsPerHour: null,
    usedPercent:
      (100 * sum(played, ({ chargedWh, boughtWh }) => chargedWh - boughtWh)) / sum(played, (day) => day.usableWh),
    starts: sum(played, (day) => day.starts) / hours,
    pauses: null,
    writesPerDay: (sum(played, (day) => day.commands) * DAY_S) / (hours * 3600),
    boughtPercent: (100 * sum(played, (day) => day.boughtWh)) / sum(played, (day) => day.chargedWh),
    estimate: null,
  };
}

/** One figure: how far the estimate lies beside the true load where chargers report every 60 s, beside 10 s. */
export async function bench(): Promise<BenchFigure[]> {
  const of = (reportS: number) => parks("", sample(calmPlans, reportS)).estimate!;
  const byReportS = REPORTS_S.map((reportS) => ({ reportS, ...of(reportS) }));
  const [quick, slow] = [byReportS[1]!.errorA[1], byReportS[3]!.errorA[1]];
  return [
    {
      name: "error of the estimated load in the worst 1 % of decisions, reports every 60 s",
      unit: "A",
      value: slow,
      baseline: quick,
      ratio: slow / Math.max(quick, NOISE_A),
      aim: "no more than a car's minimum",
      detail: { baseline: "reports every 10 s", parks: PARKS, byReportS },
    },
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function shown(value: number | null): string {
  return value === null ? "" : value.toFixed(2);
}

if (process.argv[1] === import.meta.filename) {
  console.log(
    "| run | over A·s/h | used % | starts/h | pauses/h | writes/day | bought % | error A | below upper % | width A |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|");
  const parts = { hours: calmHours, parks: closedLoops, days };
  const wanted = process.argv.slice(2);
  const chosen = Object.entries(parts).filter(([part]) => wanted.length === 0 || wanted.includes(part));
  for (const row of (await Promise.all(chosen.map(([, rows]) => rows()))).flat()) {
    const { name, overAsPerHour, usedPercent, starts, pauses, writesPerDay, boughtPercent, estimate } = row;
    const cells = [overAsPerHour, usedPercent, starts, pauses, writesPerDay, boughtPercent].map(shown);
    const pair = (values: readonly number[] | undefined) => values?.map(shown).join(" / ") ?? "";
    const seen = [pair(estimate?.errorA), shown(estimate?.withinPercent ?? null), pair(estimate?.widthA)];
    console.log(`| ${[name, ...cells, ...seen].join(" | ")} |`);
  }
}
