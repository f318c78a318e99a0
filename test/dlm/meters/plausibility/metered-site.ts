/** A building with cars behind a meter, right or wrong, and a simple load management that believes it: how its steps look. */

import { MeterDoubts } from "../../../../lib/dlm/meters/plausibility/meter-doubts.ts";
import type { ConnectorFacts } from "../../../../lib/dlm/topology/facts.ts";
import { rootPlant } from "../../../../lib/dlm/topology/root-plant.ts";
import type { Rotation } from "../../../../lib/dlm/types.ts";
import { seeded } from "../../../../lib/simulator/random.ts";
import type { Triple } from "../../../../lib/units.ts";
import { charger, factsOf, METER, treeOf, WIRING, zone } from "../../../building/plant.ts";

export type Mounting = "right" | "inverted" | "tenth" | "swapped" | "oneInverted";

export interface SiteOptions {
  seed: number;
  mounting: Mounting;
  cars: number;
  /** Seconds between two readings of a charger, and the most that they come late. */
  everyS: number;
  lateS: number;
  /** Photovoltaics of so many A per phase behind the meter, with clouds; a battery that keeps the meter at 0. */
  pvA?: number;
  battery?: boolean;
  /** That is known. */
  declared?: boolean;
  /** Cars charge on one phase. */
  onePhase?: boolean;
}

interface Car {
  id: string;
  rotation: Rotation;
  phases: 1 | 3;
  wantA: number;
  limitA: number;
  /** Told, and followed from this moment on. */
  toldA: number;
  followsAtS: number;
  drawA: number;
  nextReportS: number;
  reports: { atS: number; drawA: number }[];
  seen: { atS: number; drawA: number } | null;
}

interface Appliance {
  phases: readonly number[];
  currentA: number;
  untilS: number;
}

const LIMIT_A = 40;
const ROTATIONS: readonly Rotation[] = ["RST", "STR", "TRS"];
const SLEW_A = 6;

export class MeteredSite {
  readonly doubts = new MeterDoubts();
  nowS = 0;
  /** Changes of 3 A and more that cars made. */
  steps = 0;
  readonly #options: SiteOptions;
  readonly #random: () => number;
  readonly #cars: Car[];
  readonly #plant;
  #appliances: Appliance[] = [];
  #walkA: Triple = [3, 3, 3];
  #cloud = 1;
  #cloudTo = 1;
  #batteryA = 0;
  #shownA: Triple = [0, 0, 0];
  #calm: Triple[] = [];

  constructor(options: SiteOptions) {
    this.#options = { ...options };
    this.#random = seeded(options.seed);
    this.#cars = Array.from({ length: options.cars }, (_, i) => this.#car(i));
    const wirings = this.#cars.map(({ id, rotation, phases }) =>
      charger(id, "main", { connectors: [{ ...WIRING, rotation, phases }] }),
    );
    this.#plant = rootPlant(treeOf([zone("main", { limitA: [63, 63, 63], meters: [METER] })], wirings), "main");
  }

  /** Lets so many seconds pass; ends early when the meter comes to be doubted. */
  run(seconds: number): void {
    for (const endS = this.nowS + seconds; this.nowS < endS && !this.doubts.of("grid"); ) this.#second();
  }

  /** Lets so many seconds pass. @returns in how many of them the meter was doubted */
  live(seconds: number): number {
    let doubtedS = 0;
    for (const endS = this.nowS + seconds; this.nowS < endS; ) {
      this.#second();
      if (this.doubts.of("grid")) doubtedS++;
    }
    return doubtedS;
  }

  /** Somebody mounts the meter in another way. */
  mount(mounting: Mounting): void {
    this.#options.mounting = mounting;
  }

  #car(i: number): Car {
    const phases = this.#options.onePhase || this.#random() < 0.3 ? 1 : 3;
    const nothing = { limitA: 0, toldA: 0, followsAtS: 0, drawA: 0, reports: [], seen: null };
    const nextReportS = this.#random() * this.#options.everyS;
    return { id: `CP${i}`, rotation: ROTATIONS[i % 3]!, phases, wantA: 0, nextReportS, ...nothing };
  }

  #second(): void {
    this.nowS++;
    this.#build();
    const trueA = this.#flow();
    this.#shownA = this.#mounted(trueA.map((amps) => amps + 0.2 * (this.#random() - 0.5)) as Triple);
    this.doubts.measured("grid", this.#shownA, this.nowS * 1000);
    this.#calm = [this.#shownA, ...this.#calm].slice(0, 3);
    this.#control();
    for (const car of this.#cars) this.#drive(car);
    this.doubts.look(this.#plant, this.#facts(), this.#options.declared ?? false, this.nowS * 1000);
  }

  /** What is switched on and off, and the sun. */
  #build(): void {
    const random = this.#random;
    this.#appliances = this.#appliances.filter(({ untilS }) => untilS > this.nowS);
    if (random() < 1 / 40) {
      const phases = random() < 0.3 ? [0, 1, 2] : [Math.floor(random() * 3)];
      this.#appliances.push({ phases, currentA: 1 + random() ** 2 * 14, untilS: this.nowS + 3 + random() ** 3 * 900 });
    }
    this.#walkA = this.#walkA.map((amps) => Math.min(8, Math.max(1, amps + 0.3 * (random() - 0.5)))) as Triple;
    if (random() < 1 / 60) this.#cloudTo = random();
    this.#cloud += Math.sign(this.#cloudTo - this.#cloud) * Math.min(0.05, Math.abs(this.#cloudTo - this.#cloud));
  }

  /** What really flows through the meter. */
  #flow(): Triple {
    const sumA = this.#walkA.map((amps) => amps - this.#cloud * (this.#options.pvA ?? 0)) as Triple;
    for (const { phases, currentA } of this.#appliances) for (const p of phases) sumA[p as 0 | 1 | 2] += currentA;
    for (const car of this.#cars) for (const p of phasesOf(car)) sumA[p as 0 | 1 | 2] += car.drawA;
    if (this.#options.battery) {
      const restA = (sumA[0] + sumA[1] + sumA[2]) / 3;
      this.#batteryA += 0.7 * (restA - this.#batteryA);
      for (const p of [0, 1, 2] as const) sumA[p] -= this.#batteryA;
    }
    return sumA;
  }

  #mounted([l1, l2, l3]: Triple): Triple {
    switch (this.#options.mounting) {
      case "right":
        return [l1, l2, l3];
      case "inverted":
        return [-l1, -l2, -l3];
      case "tenth":
        return [l1 / 10, l2 / 10, l3 / 10];
      case "swapped":
        return [l3, l1, l2];
      case "oneInverted":
        return [l1, -l2, l3];
    }
  }

  /** Fair shares of what the meter leaves, lower at once, higher after three good samples and by 5 A at most; people come and go. */
  #control(): void {
    const random = this.#random;
    if (random() < 1 / 90) {
      const car = this.#cars[Math.floor(random() * this.#cars.length)]!;
      car.wantA = random() < 0.4 ? 0 : 6 + random() * 10;
    }
    const over = this.#shownA.some((amps) => amps > LIMIT_A);
    if (!over && this.nowS % 5 !== 0) return;
    const restA = [0, 1, 2].map((p) => {
      const mostA = over ? this.#shownA[p]! : Math.max(...this.#calm.map((shown) => shown[p]!));
      const carsA = this.#cars.reduce(
        (sum, car) => sum + (phasesOf(car).includes(p) ? Math.min(car.seen?.drawA ?? 0, car.toldA) : 0),
        0,
      );
      return LIMIT_A - Math.max(0, mostA - carsA);
    });
    const wanting = this.#cars.filter(({ wantA }) => wantA > 0);
    for (const car of this.#cars) {
      const share = Math.min(...phasesOf(car).map((p) => restA[p]! / Math.max(1, wanting.length)));
      const mostA = this.doubts.of("grid") ? 6 : 16;
      const fairA = wanting.includes(car) && share >= 6 ? Math.min(share, mostA) : 0;
      const toldA = Math.min(fairA, car.toldA === 0 ? Math.min(6, fairA) : car.toldA + 5);
      if (toldA === car.toldA) continue;
      car.toldA = toldA;
      car.followsAtS = this.nowS + 1 + random() * 3;
    }
  }

  #drive(car: Car): void {
    const { everyS, lateS } = this.#options;
    if (this.nowS >= car.followsAtS) car.limitA = car.toldA;
    const targetA = Math.min(car.limitA, car.wantA);
    const beforeA = car.drawA;
    car.drawA += Math.sign(targetA - beforeA) * Math.min(SLEW_A, Math.abs(targetA - beforeA));
    if (Math.abs(targetA - beforeA) >= 3 && Math.abs(car.drawA - targetA) < 0.1) this.steps++;
    if (this.nowS >= car.nextReportS) {
      car.nextReportS += everyS;
      car.reports.push({ atS: this.nowS + this.#random() * lateS, drawA: car.drawA });
    }
    const due = car.reports[0];
    if (due && due.atS <= this.nowS) car.seen = car.reports.shift()!;
  }

  #facts(): ConnectorFacts[] {
    return this.#cars.map(({ id, seen, phases, rotation }) => {
      const measuredA = seen && Array.from({ length: 3 }, (_, t) => (t < phases ? seen.drawA : 0));
      return factsOf(id, {
        wiring: { ...WIRING, phases, rotation },
        state: "charging",
        measuredA,
        measuredAtMs: seen && Math.round(seen.atS * 1000),
      });
    });
  }
}

function phasesOf({ phases, rotation }: Car): number[] {
  return [...rotation].slice(0, phases).map((letter) => "RST".indexOf(letter));
}
