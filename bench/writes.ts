/**
 * What ordinary use costs in profiles written, and what it makes of the breaker: whole product but for the sockets, on a clock of its
 * own, with chargers that follow what is written to them and houses that switch things on and off. The same seeds give the same days.
 */
import type { CallContext } from "../lib/ocpp/facts.ts";
import type { StationConnection } from "../lib/ocpp/port.ts";
import { OCPP16 } from "../lib/ocpp/v16/dialect.ts";
import type { ChargingProfile } from "../lib/ocpp/v16/index.ts";
import { SimulatedBreaker } from "../lib/simulator/site/breaker.ts";
import { openStore } from "../lib/store/sqlite.ts";
import type { Triple } from "../lib/units.ts";
import { createControl } from "../test/building/control.ts";
import { charger, METER, measurement, treeOf, zone } from "../test/building/plant.ts";
import { FakeClock } from "../test/fake-clock.ts";
import { definition } from "../test/station/fake-charge-point.ts";
import { saying } from "../test/wire16.ts";
import type { BenchFigure } from "./figure.ts";

/** Chargers report so often, s, one after the other. */
const REPORT_S = [10, 30, 60, 15];
const WARM_UP_S = 300;
const DAY_S = 86_400;
/** A change that nobody notices, A. */
const TINY_A = 0.3;

/** A kind of building. */
export interface Place {
  name: string;
  limitA: number;
  cars: number;
  /** The house: what always runs, and how many things are switched on and off, A per phase. */
  baseA: number;
  things: number;
  thingA: number;
  noiseA: number;
  /** What chargers answer when they are asked: what they draw, zeros, or zeros that pass for a sample of their own. */
  answers?: "draw" | "zeros" | "zerosAsOwn";
  /** How often chargers report of their own accord, s, one after the other; Infinity = only when they are asked. */
  reportS?: readonly number[];
}

export const PLACES: readonly Place[] = [
  { name: "a home", limitA: 25, cars: 1, baseA: 2, things: 8, thingA: 8, noiseA: 0.15 },
  { name: "a house with three cars", limitA: 35, cars: 3, baseA: 3, things: 10, thingA: 6, noiseA: 0.2 },
  { name: "an office", limitA: 63, cars: 8, baseA: 10, things: 15, thingA: 4, noiseA: 0.4 },
  { name: "a garage", limitA: 125, cars: 20, baseA: 15, things: 20, thingA: 6, noiseA: 0.5 },
  {
    ...{ name: "an office, questions answered with zeros", limitA: 63, cars: 8, baseA: 10, things: 15, thingA: 4 },
    ...{ noiseA: 0.4, answers: "zeros" },
  },
];

/** What one run came to. */
export interface Day {
  /** Profiles written, by connector, scaled to a day. */
  writesPerDay: number[];
  /** Limits that differ from the one before: how many, and how many of them by no more than a noticeable amount. */
  changes: number;
  tiny: number;
  /** Share of the breaker used on its fullest phase, while some car would take more. */
  used: number;
  /** Over the limit, A·s per hour on the worst phase, and how near the breaker came to tripping. */
  overAsPerHour: number;
  hottest: number;
  /** Starts of each car and its pauses, on average in an hour. */
  startsPerHour: number;
  pausesPerHour: number;
  /** What each car was given, A·h over its phases. */
  chargedAh: number[];
}

/** A repeatable sequence of numbers from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

class House {
  readonly #random: () => number;
  readonly #place: Place;
  readonly #things: { phase: number; amps: number; untilS: number; on: boolean }[];
  #wander: Triple = [0, 0, 0];

  constructor(place: Place, random: () => number) {
    this.#place = place;
    this.#random = random;
    this.#things = Array.from({ length: place.things }, (_, i) => {
      return { phase: i % 3, amps: 0.5 + random() * place.thingA, untilS: random() * 500, on: random() < 0.4 };
    });
  }

  loadA(second: number): Triple {
    const { baseA, noiseA } = this.#place;
    for (const thing of this.#things) {
      if (second < thing.untilS) continue;
      thing.on = !thing.on;
      thing.untilS = second + 20 + this.#random() ** 2 * 1500;
    }
    this.#wander = this.#wander.map((amps) => amps * 0.97 + (this.#random() - 0.5) * noiseA) as Triple;
    return [0, 1, 2].map((phase) => {
      const things = this.#things.filter((thing) => thing.on && thing.phase === phase);
      return baseA + this.#wander[phase]! + things.reduce((sum, { amps }) => sum + amps, 0);
    }) as Triple;
  }
}

/** A charger that follows its profiles, and its car. */
class Car {
  readonly id: string;
  readonly phases: 1 | 3;
  readonly wantsA: number;
  readonly reportS: number;
  readonly #lagS: number;
  readonly #random: () => number;
  readonly profiles = new Map<number, ChargingProfile>();
  writes = 0;
  changes: number[] = [];
  starts = 0;
  pauses = 0;
  drawA = 0;
  /** Over its phases, A·h. */
  chargedAh = 0;
  onTrigger: () => void = () => {};
  #lastA: number | null = null;
  #heard: number[] = [];

  constructor(index: number, reportS: readonly number[], random: () => number) {
    this.id = `CP${index}`;
    this.phases = index % 3 === 1 ? 1 : 3;
    this.wantsA = [16, 32, 16, 11][index % 4]!;
    this.reportS = reportS[index % reportS.length]!;
    this.#random = random;
    this.#lagS = 1 + Math.floor(random() * 5);
  }

  call(action: string, payload: Record<string, unknown>): Record<string, unknown> {
    if (action === "SetChargingProfile") {
      const profile = payload["csChargingProfiles"] as ChargingProfile;
      this.profiles.set(profile.chargingProfileId, profile);
      this.writes++;
      return { status: "Accepted" };
    }
    if (action === "ClearChargingProfile") {
      const known = this.profiles.delete(payload["id"] as number);
      return { status: known ? "Accepted" : "Unknown" };
    }
    if (action === "GetConfiguration") return { configurationKey: [] };
    if (action === "TriggerMessage" && payload["requestedMessage"] === "MeterValues") this.onTrigger();
    return { status: action === "GetCompositeSchedule" ? "Rejected" : "Accepted" };
  }

  /** What its profiles allow: the transaction's before the default ones, the highest level first. */
  limitA(wallMs: number): number {
    const ranked = [...this.profiles.values()].sort((a, b) => rank(b) - rank(a));
    for (const { chargingSchedule } of ranked) {
      const elapsedS = (wallMs - Date.parse(chargingSchedule.startSchedule ?? new Date(wallMs).toISOString())) / 1000;
      const period = chargingSchedule.chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod <= elapsedS);
      if (period) return period.limit;
    }
    return this.wantsA;
  }

  move(wallMs: number): void {
    const limitA = this.limitA(wallMs);
    if (this.#lastA !== null && limitA !== this.#lastA) this.changes.push(Math.abs(limitA - this.#lastA));
    this.#lastA = limitA;
    this.#heard.push(limitA);
    const followedA = this.#heard.at(-1 - this.#lagS) ?? 0;
    const aimA = followedA < 6 ? 0 : Math.min(followedA, this.wantsA) - this.#random() * 0.2;
    if (this.drawA === 0 && aimA > 0) this.starts++;
    this.drawA += Math.max(-10, Math.min(4, aimA - this.drawA));
    if (aimA === 0 && this.drawA > 0 && this.drawA < 6) {
      this.drawA = 0;
      this.pauses++;
    }
    this.chargedAh += (this.drawA * this.phases) / 3600;
  }
}

function rank({ chargingProfilePurpose, stackLevel }: ChargingProfile): number {
  return (chargingProfilePurpose === "TxProfile" ? 1000 : 0) + stackLevel;
}

/** Runs a place for a while. @param paired the house of a seed is the same whatever the cars do, to compare two versions of the code */
export async function runPlace(place: Place, seed: number, forS: number, paired = false): Promise<Day> {
  const { answers = "draw", reportS = REPORT_S } = place;
  const random = sequence(seed);
  const own = (number: number) => (paired ? sequence(seed + number) : random);
  const meterRandom = own(1000);
  const clock = new FakeClock();
  const store = openStore(":memory:", { clock });
  const house = new House(place, random);
  const cars = Array.from({ length: place.cars }, (_, index) => new Car(index, reportS, own(2000 + index)));
  const tree = treeOf(
    [zone("main", { limitA: [place.limitA, place.limitA, place.limitA], meters: [METER] })],
    cars.map(({ id, phases }, i) => charger(id, "main", { connectors: [wiringOf(phases, i)] })),
  );
  const chargePoints = cars.map(({ id, phases }, i) =>
    definition({ identity: id, zone: "main", connectors: [wiringOf(phases, i)] }),
  );
  const { stations, runtime, close } = createControl({ clock, store, tree, chargePoints, asks: true });
  let messages = 0;
  const context = (): CallContext => ({
    messageId: String(++messages),
    receivedAtMs: clock.nowMs(),
    receivedWallMs: clock.wallMs(),
  });
  const stamp = () => new Date(clock.wallMs()).toISOString();
  const report = (car: Car, amps: number, reason?: "Trigger" | "Sample.Periodic") => {
    const sampledValue = Array.from({ length: car.phases }, (_, i) => ({
      ...{ value: amps.toFixed(2), measurand: "Current.Import" as const, unit: "A" as const },
      ...{ phase: `L${i + 1}` as "L1" },
      ...(reason && { context: reason }),
    }));
    const transactionId = stations.get(car.id)!.connectors.get(1)?.transaction?.transactionId;
    const request = { connectorId: 1, meterValue: [{ timestamp: stamp(), sampledValue }] };
    saying(stations.get(car.id)!).meterValues(
      { ...request, ...(transactionId !== undefined && { transactionId: Number(transactionId) }) },
      context(),
    );
  };
  const answered = answers === "zerosAsOwn" ? "Sample.Periodic" : "Trigger";
  for (const car of cars) {
    const station = stations.get(car.id)!;
    station.attached(connectionOf(car));
    saying(station).bootNotification({ chargePointVendor: "Bench", chargePointModel: "B1" }, context());
    saying(station).statusNotification({ connectorId: 1, errorCode: "NoError", status: "Charging" }, context());
    await saying(station).startTransaction(
      { connectorId: 1, idTag: "T", meterStart: 0, timestamp: stamp() },
      context(),
    );
    car.onTrigger = () => void clock.setTimeout(() => report(car, answers === "draw" ? car.drawA : 0, answered), 200);
  }
  runtime.start();
  const breaker = new SimulatedBreaker([place.limitA, place.limitA, place.limitA]);
  let usedSum = 0;
  let hungryS = 0;
  for (let second = 0; second < WARM_UP_S + forS; second++) {
    if (second === WARM_UP_S) {
      breaker.forget();
      for (const car of cars) Object.assign(car, { writes: 0, changes: [], starts: 0, pauses: 0, chargedAh: 0 });
    }
    for (const car of cars) car.move(clock.wallMs());
    const flowA = house.loadA(second);
    for (const [i, car] of cars.entries())
      for (const phase of phasesOf(car.phases, i)) flowA[phase as 0 | 1 | 2] += car.drawA;
    breaker.step(1, flowA);
    for (const [i, car] of cars.entries()) if ((second + 7 * i) % car.reportS === 0) report(car, car.drawA);
    runtime.input(measurement(flowA.map((amps) => amps + (meterRandom() - 0.5) * 0.1)));
    if (second >= WARM_UP_S && cars.some((car) => car.drawA < car.wantsA - 1)) {
      hungryS++;
      usedSum += Math.max(...flowA) / place.limitA;
    }
    for (let step = 0; step < 2; step++) {
      clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  close();
  store.close();
  const changes = cars.flatMap((car) => car.changes);
  const worst = [...breaker.phases].sort((a, b) => b.overAs - a.overAs)[0]!;
  return {
    writesPerDay: cars.map(({ writes }) => (writes * DAY_S) / forS),
    changes: changes.length,
    tiny: changes.filter((amps) => amps <= TINY_A + 1e-6).length,
    used: usedSum / Math.max(1, hungryS),
    overAsPerHour: (worst.overAs * 3600) / forS,
    hottest: Math.max(...breaker.phases.map(({ hottest }) => hottest)),
    startsPerHour: (cars.reduce((sum, { starts }) => sum + starts, 0) / cars.length / forS) * 3600,
    pausesPerHour: (cars.reduce((sum, { pauses }) => sum + pauses, 0) / cars.length / forS) * 3600,
    chargedAh: cars.map(({ chargedAh }) => chargedAh),
  };
}

const ROTATIONS = ["RST", "STR", "TRS"] as const;

function wiringOf(phases: 1 | 3, index: number) {
  const rotation = ROTATIONS[index % 3]!;
  return { number: 1, phases, rotation, maxA: 32, minA: 6, priorityClass: 1, mode: "fast", safeA: 6 } as const;
}

function phasesOf(phases: 1 | 3, index: number): number[] {
  return [...ROTATIONS[index % 3]!].slice(0, phases).map((letter) => "RST".indexOf(letter));
}

function connectionOf(car: Car): StationConnection {
  return {
    id: car.id,
    remoteAddress: "192.0.2.1",
    dialect: OCPP16,
    open: true,
    lastSeenMs: 0,
    call: (action, payload) => Promise.resolve(car.call(action, payload as Record<string, unknown>)),
    close: () => undefined,
  };
}

export interface WritesBenchOptions {
  /** Simulated time of each run, s. */
  forS?: number;
  seeds?: readonly number[];
}

/** Profiles written to a connector in a day of ordinary use, beside those that only renew, and what the breaker carried. */
export async function bench({ forS = 3600, seeds = [1, 2, 3] }: WritesBenchOptions = {}): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  const renewals = DAY_S / 75;
  for (const place of PLACES) {
    const days: Day[] = [];
    for (const seed of seeds) days.push(await runPlace(place, seed, forS));
    const mean = (of: (day: Day) => number) => days.reduce((sum, day) => sum + of(day), 0) / days.length;
    const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const value = mean(({ writesPerDay }) => average(writesPerDay));
    figures.push({
      name: `profiles written to a connector of ${place.name}`,
      value: Math.round(value),
      unit: "1/day",
      baseline: renewals,
      ratio: rounded(value / renewals, 3),
      aim: "below 2,000 for each connector, at the same use of the breaker",
      detail: {
        baseline: "renewals every 75 s",
        busiest: Math.round(Math.max(...days.flatMap(({ writesPerDay }) => writesPerDay))),
        changesPerDay: Math.round((mean(({ changes }) => changes) / place.cars / forS) * DAY_S),
        tinyPercent: rounded((100 * mean(({ tiny }) => tiny)) / mean(({ changes }) => changes), 1),
        usedPercent: rounded(100 * mean(({ used }) => used), 2),
        overAsPerHour: rounded(
          mean(({ overAsPerHour }) => overAsPerHour),
          1,
        ),
        hottest: rounded(Math.max(...days.map(({ hottest }) => hottest)), 3),
        startsPerHour: rounded(
          mean(({ startsPerHour }) => startsPerHour),
          2,
        ),
      },
    });
  }
  return figures;
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
