import { pvDay, type Sky } from "../test/pv/days.ts";
import { foresight } from "../test/pv/foresight.ts";
import {
  ourRule,
  PV_CAR,
  type PvBalance,
  type PvCarPlan,
  type PvRule,
  runDay,
  thresholdRule,
} from "../test/pv/pv-home.ts";
import { SwitchingHome } from "../test/pv/switching-home.ts";
import type { BenchFigure } from "./figure.ts";

const SKIES: readonly Sky[] = ["sunny", "cloudy", "flapping"];
const SEED = 2;
const MORE_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const THREE_PHASES: PvCarPlan = { ...PV_CAR, phases: 3, maxA: 16 };
const CARS: readonly [string, PvCarPlan][] = [
  ["one phase, reports every 10 s", PV_CAR],
  ["one phase, reports every 60 s", { ...PV_CAR, reportS: 60 }],
  ["three phases, no phase switching", THREE_PHASES],
];
const MOST_STARTS = 6;
const LEAST_USED = 0.9;

type Quantity = "boughtPercent" | "usedPercent" | "starts";

interface Outcome {
  boughtPercent: number;
  usedPercent: number;
  starts: number;
  commands: number;
  chargedKWh: number;
}

/** What of a day's charge was bought, what of the usable surplus was used, and how often the car was started. */
export async function bench(): Promise<BenchFigure[]> {
  const fixed = CARS.flatMap(([label, car]) => SKIES.flatMap((sky) => figuresOf(label, car, sky)));
  return [...fixed, ...SKIES.map(switching)];
}

/** A three-phase car on a charger that feeds it on one phase or three, beside a threshold that only knows three. */
function switching(sky: Sky): BenchFigure {
  const day = pvDay(sky, SEED);
  const home = new SwitchingHome();
  const { chargedWh, boughtWh, starts, switches } = home.run(day);
  home.close();
  const simple = outcome(runDay(day, THREE_PHASES, thresholdRule(THREE_PHASES)));
  const value = rounded((100 * boughtWh) / chargedWh);
  return {
    name: `pv, ${sky} day, one phase or three as the sun is: bought of charged`,
    unit: "%",
    value,
    baseline: simple.boughtPercent,
    ratio: value / simple.boughtPercent,
    aim: "at most 3 %, at most 5 switches",
    detail: { chargedKWh: rounded(chargedWh / 1000), starts, switches, thresholdOnThreePhases: simple },
  };
}

function figuresOf(label: string, car: PvCarPlan, sky: Sky): BenchFigure[] {
  const day = pvDay(sky, SEED);
  const ours = outcome(runDay(day, car, ourRule(car)));
  const simple = outcome(runDay(day, car, thresholdRule(car)));
  const tenDays = (rule: (plan: PvCarPlan) => PvRule) =>
    MORE_SEEDS.map((seed) => outcome(runDay(pvDay(sky, seed), car, rule(car))));
  const days = { ours: tenDays(ourRule), threshold: tenDays(thresholdRule) };
  const ranges = { ours: rangeOf(days.ours), threshold: rangeOf(days.threshold) };
  const reached = { ours: days.ours.filter(meetsAims).length, threshold: days.threshold.filter(meetsAims).length };
  const name = (what: string) => `pv, ${sky} day, ${label}: ${what}`;
  const ofTen = (what: Quantity) => ({
    leastMiddleMostOfTenDays: { ours: ranges.ours[what], threshold: ranges.threshold[what] },
  });
  const against = (value: number, baseline: number) => ({ value, baseline, ratio: value / baseline });
  return [
    {
      name: name("bought of charged"),
      unit: "%",
      ...against(ours.boughtPercent, simple.boughtPercent),
      aim: "at most 3 %",
      detail: {
        ...ofTen("boughtPercent"),
        ofTenDaysReachedAllAims: reached,
        ours,
        thresholdEvery30S: simple,
        ...(car.phases === 3 && { leastMiddleMostInHindsight: hindsight(car, sky) }),
      },
    },
    {
      name: name("used of usable surplus"),
      unit: "%",
      ...against(ours.usedPercent, simple.usedPercent),
      aim: "at least 90 %",
      detail: ofTen("usedPercent"),
    },
    {
      name: name("starts"),
      unit: "1",
      ...against(ours.starts, simple.starts),
      aim: "at most 6 a day",
      detail: ofTen("starts"),
    },
  ];
}

/** What one would buy who knew each of the ten days beforehand, and whose car followed at once: less cannot be asked for. */
function hindsight(car: PvCarPlan, sky: Sky): [number, number, number] {
  const shares = MORE_SEEDS.map((seed) => {
    const best = foresight(pvDay(sky, seed), car, MOST_STARTS, LEAST_USED);
    return best ? (100 * best.boughtWh) / (best.usedWh + best.boughtWh) : 0;
  });
  return spread(shares);
}

function outcome({ chargedWh, boughtWh, usableWh, starts, commands }: PvBalance): Outcome {
  return {
    boughtPercent: rounded((100 * boughtWh) / chargedWh),
    usedPercent: rounded((100 * (chargedWh - boughtWh)) / usableWh),
    starts,
    commands,
    chargedKWh: rounded(chargedWh / 1000),
  };
}

const meetsAims = ({ boughtPercent, usedPercent, starts }: Outcome): boolean =>
  boughtPercent <= 3 && usedPercent >= 100 * LEAST_USED && starts <= MOST_STARTS;

/** Least, middle and most of each. */
function rangeOf(outcomes: readonly Outcome[]): Record<Quantity, [number, number, number]> {
  const of = (pick: (one: Outcome) => number) => spread(outcomes.map(pick));
  return {
    boughtPercent: of((one) => one.boughtPercent),
    usedPercent: of((one) => one.usedPercent),
    starts: of((one) => one.starts),
  };
}

function spread(values: readonly number[]): [number, number, number] {
  const sorted = values.map(rounded).sort((a, b) => a - b);
  return [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
