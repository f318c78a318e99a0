/** Who comes when, and for how much. The figures are ours: round ones for what such places are known for. */
import type { PlanRequest, Scene, TableCar, Visit } from "./plan-types.ts";

export const DAY_MIN = 1440;
const DAYS_OF_WORK = 5;

/** A mean and how far values lie around it. */
interface Around {
  mean: number;
  spread: number;
}

interface Habit {
  /** Minute of the day. */
  arrival: Around;
  /** How long a car stays, or the minute of the next day at which it leaves. */
  stay?: Around;
  leavesAt?: Around;
  energyWh: Around;
  leastWh: number;
  /** Nobody comes on Saturday and Sunday. */
  worksOnly: boolean;
  cars: readonly (Pick<Visit, "phases" | "maxA"> & { share: number })[];
}

const PRIVATE_CARS: Habit["cars"] = [
  { share: 0.6, phases: 3, maxA: 16 },
  { share: 0.25, phases: 1, maxA: 32 },
  { share: 0.15, phases: 1, maxA: 16 },
];

const HABITS: Record<Scene, Habit> = {
  office: {
    arrival: { mean: 495, spread: 45 },
    stay: { mean: 510, spread: 60 },
    ...{ energyWh: { mean: 12_000, spread: 6000 }, leastWh: 2000, worksOnly: true, cars: PRIVATE_CARS },
  },
  home: {
    arrival: { mean: 1080, spread: 75 },
    leavesAt: { mean: 435, spread: 45 },
    ...{ energyWh: { mean: 9000, spread: 5000 }, leastWh: 2000, worksOnly: false, cars: PRIVATE_CARS },
  },
  depot: {
    arrival: { mean: 990, spread: 30 },
    leavesAt: { mean: 390, spread: 15 },
    ...{ energyWh: { mean: 35_000, spread: 10_000 }, leastWh: 10_000, worksOnly: true },
    cars: [
      { share: 0.7, phases: 3, maxA: 16 },
      { share: 0.3, phases: 3, maxA: 32 },
    ],
  },
};

/** All visits of all days, by arrival. @param random numbers from 0 to 1 */
export function visitsOf({ scene, table, cars, days }: PlanRequest, random: () => number): Visit[] {
  const habit = HABITS[scene];
  const visits: Visit[] = [];
  for (let day = 0; day < days; day++) {
    if (table) visits.push(...table.map((car) => onDay(car, day)));
    else if (!habit.worksOnly || day % 7 < DAYS_OF_WORK)
      for (let car = 0; car < cars; car++) visits.push(visit(habit, day, random));
  }
  return visits.sort((a, b) => a.arrivalMin - b.arrivalMin);
}

function onDay({ arrivalMin, departureMin, ...car }: TableCar, day: number): Visit {
  const leavesMin = departureMin > arrivalMin ? departureMin : departureMin + DAY_MIN;
  return { ...car, arrivalMin: arrivalMin + day * DAY_MIN, departureMin: leavesMin + day * DAY_MIN };
}

function visit({ arrival, stay, leavesAt, energyWh, leastWh, cars }: Habit, day: number, random: () => number): Visit {
  const beginMin = day * DAY_MIN;
  const arrivalMin = beginMin + within(Math.round(around(arrival, random)), 0, DAY_MIN - 1);
  const leavesMin = leavesAt ? beginMin + DAY_MIN + around(leavesAt, random) : arrivalMin + around(stay!, random);
  const wantedWh = Math.max(leastWh, around(energyWh, random));
  const drawn = random();
  const car = cars.find((_, at) => drawn < sharesUpTo(cars, at)) ?? cars[0]!;
  return {
    arrivalMin,
    departureMin: Math.max(arrivalMin + 1, Math.round(leavesMin)),
    wantedWh: Math.round(wantedWh),
    phases: car.phases,
    maxA: car.maxA,
  };
}

function sharesUpTo(cars: Habit["cars"], at: number): number {
  return cars.slice(0, at + 1).reduce((sum, { share }) => sum + share, 0);
}

/** A number around a mean, normally distributed (Box and Muller). */
function around({ mean, spread }: Around, random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return mean + spread * radius * Math.cos(2 * Math.PI * random());
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
