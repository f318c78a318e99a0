import { createDlmController } from "../../lib/dlm/controller/controller.ts";
import type { BackgroundEstimate, ControllerResult, DlmController, Rotation, Snapshot } from "../../lib/dlm/types.ts";
import type { JsonValue, Triple } from "../../lib/units.ts";

/** How a zone of the car park is built and what else draws current in it. */
export interface ParkZone {
  parent: number | null;
  limitA: number;
  headroomA: number;
  meter: "including" | "excluding" | "none";
  maxPowerW?: number | undefined;
  imbalanceA?: number | undefined;
  /** Load that is not a charger, A per phase, from that second on; without a meter it is known to the tree. */
  house: { fromS: number; loadA: Triple }[];
}

/** A charger with a car. */
export interface ParkCar {
  zone: number;
  phases: 1 | 3;
  rotation: Exclude<Rotation, "Unknown">;
  maxA: number;
  /** What the car would draw, and on how many phases. */
  wantsA: number;
  carPhases: 1 | 3;
  fromS: number;
  /** Seconds between readings; null = it never reports a current. */
  reportS: number | null;
  /** It begins to follow a setpoint so late, and then by so much per second. */
  lagS: number;
  slewAps: number;
  /** Share above its setpoint that it draws. */
  overdraw: number;
  /** From that second on it draws what it likes. */
  ignoresFromS: number | null;
  /** `resumes`: when it is back, it is known what it follows. */
  offline: { fromS: number; toS: number; resumes?: boolean } | null;
  /** It follows whole steps only, A. */
  stepA?: number;
  /** It draws nothing at less, A. */
  refusesBelowA?: number;
  /** From that second on it draws on so many phases. */
  changes?: { fromS: number; carPhases: 1 | 3 };
  /** From that second on it is full; `tells`: its charger reports that it suspends. */
  full?: { fromS: number; tells: boolean };
  /** Share of messages, both ways, that get lost; a setpoint is sent again after 10 s. */
  loss?: number;
}

export interface ParkPlan {
  zones: ParkZone[];
  cars: ParkCar[];
  cycleS: number;
  durationS: number;
}

type Decide = (nowMs: number, snapshot: Snapshot, before: ReadonlyMap<string, number>) => ControllerResult;

/** What a test sees at every second in which the controller was asked. */
export interface ParkTick {
  second: number;
  nowMs: number;
  snapshot: Snapshot;
  before: ReadonlyMap<string, number>;
  result: ControllerResult;
  /** The background, by name of each zone whose meter includes its chargers. */
  estimates: ReadonlyMap<string, BackgroundEstimate>;
}

interface LiveCar {
  plan: ParkCar;
  id: string;
  drawA: number;
  history: number[];
  /** The last setpoint that reached it, A. */
  acceptedA: number;
  reading: { measuredA: number[]; atMs: number } | null;
  /** Until then a lost setpoint is not sent again. */
  silentUntilS: number;
  /** It was offline at the last tick: it is told nothing that was decided before the next one. */
  away: boolean;
}

const SENT_AGAIN_AFTER_S = 10;

/** A number from 0 to 1 that depends on nothing but these two. */
function dice(second: number, car: number): number {
  const value = Math.imul((second + 1) * 40_503 + car * 7919, 2_654_435_761) >>> 0;
  return (Math.imul(value ^ (value >>> 15), 2_246_822_519) >>> 0) / 2 ** 32;
}

const PHASES = [0, 1, 2] as const;

/** A car park that obeys physics second by second: house loads, cars that lag, meters that see what really flows. */
export class CarPark {
  readonly plan: ParkPlan;
  readonly cars: LiveCar[];
  readonly setpoints = new Map<string, number>();
  /** What really flows through each zone, A per phase. */
  flowA: Triple[] = [];
  second = 0;
  #decide: Decide;
  #controller: DlmController;

  constructor(plan: ParkPlan, wrap: (decide: Decide) => Decide = (decide) => decide, saved?: JsonValue) {
    this.plan = plan;
    this.#controller = createDlmController({}, saved);
    this.#decide = wrap((nowMs, snapshot) => this.#controller.tick(nowMs, snapshot));
    this.cars = plan.cars.map((car, i) => ({
      plan: car,
      id: `CP${i}/1`,
      drawA: 0,
      history: [],
      acceptedA: 0,
      reading: null,
      silentUntilS: 0,
      away: false,
    }));
  }

  /** Runs to the end; `look` sees every second, with the tick if there was one. */
  run(look: (tick: ParkTick | null) => void): void {
    for (; this.second < this.plan.durationS; this.second++) {
      for (const [i, car] of this.cars.entries()) this.#moveCar(car, dice(this.second, i));
      this.flowA = this.plan.zones.map((_, z) => PHASES.map((p) => this.houseA(z, p) + this.drawnA(z, p)) as Triple);
      const due = this.second % this.plan.cycleS === 0 || this.#isUrgent();
      look(due ? this.#tick() : null);
    }
  }

  /** House load of a zone and all below it on a phase. */
  houseA(zone: number, phase: 0 | 1 | 2): number {
    const own = this.plan.zones[zone]!.house.findLast(({ fromS }) => fromS <= this.second)?.loadA[phase] ?? 0;
    return this.#children(zone).reduce((sum, child) => sum + this.houseA(child, phase), own);
  }

  drawnA(zone: number, phase: 0 | 1 | 2): number {
    return this.below(zone).reduce((sum, car) => sum + (this.phasesOf(car).includes(phase) ? car.drawA : 0), 0);
  }

  below(zone: number): LiveCar[] {
    return this.cars.filter(({ plan }) => {
      for (let z: number | null = plan.zone; z !== null; z = this.plan.zones[z]!.parent) if (z === zone) return true;
      return false;
    });
  }

  /** Site phases on which a car draws. */
  phasesOf({ plan }: LiveCar): number[] {
    const { changes } = plan;
    const wanted = changes && this.second >= changes.fromS ? changes.carPhases : plan.carPhases;
    const used = Math.min(wanted, plan.phases);
    return [...plan.rotation].slice(0, used).map((letter) => "RST".indexOf(letter));
  }

  #children(zone: number): number[] {
    return this.plan.zones.flatMap(({ parent }, z) => (parent === zone ? [z] : []));
  }

  /** It is back since the last tick, and what it follows is known. */
  #resumes(car: LiveCar): boolean {
    return car.away && !this.#isOffline(car) && car.plan.offline!.resumes === true;
  }

  #isOffline({ plan: { offline } }: LiveCar): boolean {
    return offline !== null && this.second >= offline.fromS && this.second < offline.toS;
  }

  #moveCar(car: LiveCar, chance: number): void {
    const { plan } = car;
    if (!this.#isOffline(car) && !car.away) this.#hear(car, chance);
    car.history.push(car.acceptedA);
    const heardA = car.history.at(-1 - plan.lagS) ?? car.history[0]!;
    const ignores = plan.ignoresFromS !== null && this.second >= plan.ignoresFromS && car.drawA > 0;
    const allowedA = ignores ? plan.maxA : this.#followed(plan, heardA);
    const wants = this.second >= plan.fromS && !this.#isFull(plan);
    const aimA = !wants || allowedA === 0 ? 0 : Math.min(allowedA, plan.wantsA);
    car.drawA += Math.max(-plan.slewAps, Math.min(plan.slewAps, aimA - car.drawA));
    if (car.drawA < 5 && aimA === 0) car.drawA = 0;
    const due = plan.reportS !== null && !this.#isOffline(car) && this.second % plan.reportS === 0;
    if (due && chance >= (plan.loss ?? 0)) {
      const used = this.phasesOf(car).length;
      const measuredA = Array.from({ length: plan.phases }, (_, t) => (t < used ? car.drawA : 0));
      car.reading = { measuredA, atMs: this.second * 1000 };
    }
  }

  /** A setpoint arrives, or gets lost on its way. */
  #hear(car: LiveCar, chance: number): void {
    const setpointA = this.setpoints.get(car.id) ?? 0;
    if (setpointA === car.acceptedA || this.second < car.silentUntilS) return;
    if (chance < (car.plan.loss ?? 0)) car.silentUntilS = this.second + SENT_AGAIN_AFTER_S;
    else car.acceptedA = setpointA;
  }

  #followed({ overdraw, stepA, refusesBelowA }: ParkCar, heardA: number): number {
    const followedA = (stepA ? Math.floor(heardA / stepA) * stepA : heardA) * (1 + overdraw);
    return followedA < (refusesBelowA ?? 0) ? 0 : followedA;
  }

  #isFull({ full }: ParkCar): boolean {
    return full !== undefined && this.second >= full.fromS;
  }

  #isUrgent(): boolean {
    return this.plan.zones.some(({ limitA, meter }, z) => meter !== "none" && this.flowA[z]!.some((a) => a > limitA));
  }

  #tick(): ParkTick {
    const nowMs = this.second * 1000;
    for (const car of this.cars) if (this.#resumes(car)) this.setpoints.set(car.id, car.acceptedA);
    const snapshot = this.#snapshot(nowMs);
    for (const car of this.cars) car.away = this.#isOffline(car);
    const before = new Map(this.setpoints);
    const result = this.#decide(nowMs, snapshot, before);
    for (const [id, { limitA }] of Object.entries(result.setpoints)) this.setpoints.set(id, limitA);
    return { second: this.second, nowMs, snapshot, before, result, estimates: this.#controller.estimates() };
  }

  #snapshot(nowMs: number): Snapshot {
    const zones = this.plan.zones.map((zone, z): Snapshot["zones"][number] => {
      const { parent, limitA, headroomA, meter, house, maxPowerW, imbalanceA } = zone;
      const own = house.findLast(({ fromS }) => fromS <= this.second)?.loadA ?? [0, 0, 0];
      const base = {
        id: `z${z}`,
        parent: parent === null ? null : `z${parent}`,
        limitA,
        headroomA,
        ...(maxPowerW !== undefined && { maxPowerW }),
        ...(imbalanceA !== undefined && { imbalanceA }),
      };
      if (meter === "none") return { ...base, assumedLoadA: own };
      return {
        ...base,
        meters: [{ id: `m${z}`, location: meter, currentA: meter === "including" ? this.flowA[z]! : own, tsMs: nowMs }],
      };
    });
    const connectors = this.cars.map((car): Snapshot["connectors"][number] => {
      const { plan, reading } = car;
      const offline = this.#isOffline(car);
      const { phases, rotation, maxA } = plan;
      return {
        id: car.id,
        zone: `z${plan.zone}`,
        phases,
        rotation,
        maxA,
        minA: 6,
        state: offline ? "offline" : this.#stateOf(plan),
        arrivalS: plan.fromS,
        disconnectedA: Math.max(6, offline ? car.acceptedA : 0),
        ...(this.#resumes(car) && { commandedA: car.acceptedA }),
        ...(reading && !offline && { measuredA: reading.measuredA, measuredTsMs: reading.atMs }),
      };
    });
    return { zones, connectors };
  }

  #stateOf(plan: ParkCar): "available" | "idle" | "charging" {
    if (this.second < plan.fromS) return "available";
    return this.#isFull(plan) && plan.full!.tells ? "idle" : "charging";
  }
}
