/** A building whose controller may vanish at any moment: the real load management, limiter and stations, acted charge points, and the judge. */
import type { Clock, Timer } from "../../lib/clock.ts";
import type { PlantTree } from "../../lib/dlm/topology/plant.ts";
import type { LeaseOptions } from "../../lib/profile/types.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import type { JsonValue, Triple } from "../../lib/units.ts";
import { type Control, createControl } from "../building/control.ts";
import { METER, measurement, charger as placement, treeOf, WIRING, zone as zoneNode } from "../building/plant.ts";
import { FakeClock } from "../fake-clock.ts";
import { Building, type PerPhase, type Violation } from "../judge/building.ts";
import { FUTURES, type Future, ReferenceChargePoint } from "../judge/charge-point.ts";
import { definition } from "../station/fake-charge-point.ts";
import { ActedCharger } from "./acted-charger.ts";
import { type ActedKind, type KindName, kindOf } from "./kinds.ts";
import { ActedWire, type WireFault } from "./wire.ts";

const STEP_MS = 250;
const REDIAL_MS = 5000;
const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;
const CLEARS_LATE = process.env["DEATH_CLEARS"] === "late";
/**
 * After a rise of the load that is not of chargers the controller has so long to answer it: until then the lower one is judged, s. It
 * cannot while something is lost or refused.
 */
const ANSWER_S = 90;

export interface ZonePlan {
  /** Index of the zone above; null = none. */
  parent: number | null;
  /** Beyond what S5 asks for, A. */
  roomA: number;
  /** Load that is not of chargers, all below included, A on each phase: what is assumed, and what is there at first. */
  assumedA: number;
  houseA: number;
  metered: boolean;
}

export interface ChargerPlan {
  kind: KindName;
  zone: number;
  phases: 1 | 3;
  rotation: "RST" | "STR" | "TRS";
  maxA: 16 | 32;
  safeA: 0 | 6;
  mode: "fast" | "pv";
  wantsA: number;
  meterS: number;
  leaseS: number;
  /** A car is there from the beginning. */
  plugged: boolean;
}

export interface BuildingPlan {
  zones: ZonePlan[];
  chargers: ChargerPlan[];
}

/** Site phases of a connector's terminals. */
const phasesOf = ({ phases, rotation }: Pick<ChargerPlan, "phases" | "rotation">): number[] =>
  [...rotation].slice(0, phases).map((letter) => "RST".indexOf(letter));

const zoneName = (zone: number): string => (zone === 0 ? "main" : `z${zone}`);

/** Its safe current, A: nobody gives 0 A to a charger that refuses it. */
const safeOf = ({ kind, safeA }: ChargerPlan): number => (kindOf(kind).takes.refusesZero ? 6 : safeA);

/** What a charger draws when it is left alone for long, A. */
const aloneA = (plan: ChargerPlan): number => {
  const { fallsBack = true }: ActedKind = kindOf(plan.kind);
  return fallsBack ? safeOf(plan) : plan.maxA;
};

/** Time of one life of the controller: it begins at 0, and nothing rings after the end. */
class LifeClock implements Clock {
  readonly #clock: FakeClock;
  readonly #bornMs: number;
  readonly #timers = new Set<Timer>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.#bornMs = clock.nowMs();
  }

  nowMs = (): number => this.#clock.nowMs() - this.#bornMs;
  wallMs = (): number => this.#clock.wallMs();
  setTimeout = (callback: () => void, delayMs: number): Timer => {
    const timer: Timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  };
  setInterval = (callback: () => void, periodMs: number): Timer => {
    const timer = this.#clock.setInterval(callback, periodMs);
    this.#timers.add(timer);
    return timer;
  };
  clear = (timer: Timer | undefined): void => {
    this.#clock.clear(timer);
    if (timer) this.#timers.delete(timer);
  };

  end(): void {
    for (const timer of this.#timers) this.#clock.clear(timer);
    this.#timers.clear();
  }
}

interface Life extends Control {
  clock: LifeClock;
}

/** What is between a charger and the controller. */
interface Place {
  plan: ChargerPlan;
  charger: ActedCharger;
  /** What the frames at the controller's end say. */
  judged: ReferenceChargePoint;
  fault: WireFault;
  wire: ActedWire | null;
  away: boolean;
}

export class DeathBench {
  readonly clock = new FakeClock();
  readonly plan: BuildingPlan;
  readonly tree: PlantTree;
  readonly places: Place[];
  readonly limitsA: number[];
  readonly houseA: number[];
  /** Moments judged, and those at which something would have been over its limit, by future. */
  judged = 0;
  readonly bad: Record<Future, number> = { nothing: 0, cars: 0, restart: 0 };
  /** The first and the worst of each future. */
  readonly found: { nowMs: number; why: string; violation: Violation }[] = [];
  /** Profile requests that left the controller. */
  writes = 0;
  /** What was seen last, for people: newest at the end. */
  readonly log: string[] = [];
  keepsLog = false;
  /** Not while the charge points are new: they hold nothing before they were told anything. */
  judges = false;
  readonly #store: Store;
  readonly #judge: Building;
  readonly #futures: readonly Future[];
  /** Load of each zone over the time in which a rise may be answered, one a second. */
  readonly #loads: number[][];
  /** How long nothing has been lost, refused or away, s. */
  #calmS = 0;
  #life: Life | null = null;
  #saved: JsonValue | undefined;
  #leases: LeaseOptions[];

  constructor(plan: BuildingPlan, futures: readonly Future[] = FUTURES) {
    this.plan = plan;
    this.#futures = futures;
    this.limitsA = plan.zones.map((zone, z) => this.#limitA(zone, z));
    this.houseA = plan.zones.map(({ houseA }) => houseA);
    this.#loads = plan.zones.map(({ houseA }) => [houseA]);
    this.#leases = plan.chargers.map(({ leaseS }) => leaseOf(leaseS));
    this.tree = this.#tree();
    this.#store = openStore(":memory:", { clock: this.clock });
    this.places = plan.chargers.map((one, i) => this.#place(one, i));
    const assumed = ({ assumedA }: ZonePlan): PerPhase => [assumedA, assumedA, assumedA];
    this.#judge = new Building(
      plan.zones.map((zone, z) => ({
        name: zoneName(z),
        parent: zone.parent === null ? null : zoneName(zone.parent),
        limitA: [this.limitsA[z]!, this.limitsA[z]!, this.limitsA[z]!],
        assumedA: assumed(zone),
      })),
      this.places.map(({ plan: one, charger, judged }) => {
        const { without = [] }: ActedKind = kindOf(one.kind);
        const outlet = { name: `${charger.identity} (${one.kind})`, point: judged, connector: 1 };
        return { ...outlet, breaker: zoneName(one.zone), phases: phasesOf(one), without };
      }),
    );
    this.live();
  }

  /** The controller begins, from what its store holds. */
  live(): void {
    if (this.#life) return;
    const clock = new LifeClock(this.clock);
    const control = createControl({
      clock,
      store: this.#store,
      tree: this.tree,
      chargePoints: this.places.map(({ plan, charger }) => this.#definition(plan, charger.identity)),
      saved: this.#saved,
      config: { rampUpAps: 5 },
      request: (chargePoint) => ({ lease: this.#leases[Number(chargePoint.slice(2)) - 1]!, source: "bench" }),
      output: {
        alarm: ({ payload }) => this.note(`alarm: ${payload.text}`),
        state: (saved) => {
          this.#saved = structuredClone(saved);
        },
        newest: (part) => {
          this.#saved = { ...(this.#saved as object), ...(structuredClone(part) as object) };
        },
      },
    });
    control.runtime.start();
    this.#life = { clock, ...control };
    for (const { charger } of this.places) charger.dial();
  }

  /** kill -9: nothing is said any more. */
  kill(): void {
    if (!this.#life) return;
    const { clock, close } = this.#life;
    this.#life = null;
    clock.end();
    const saved = this.#saved;
    for (const place of this.places) place.wire?.abandon();
    close();
    this.#saved = saved;
  }

  /** Another lease for the limits of a connector from now on. */
  setLease(index: number, leaseS: number): void {
    this.#leases = this.#leases.with(index, leaseOf(leaseS));
  }

  /** The connection of a charger ends, and none comes about for so long. */
  cut(index: number, seconds: number): void {
    const place = this.places[index]!;
    if (place.away) return;
    place.away = true;
    place.wire?.cut("cut");
    this.clock.setTimeout(() => {
      place.away = false;
      place.charger.dial();
    }, seconds * 1000);
  }

  /** For so long all profile requests to a charger get lost, or all its answers to them. */
  lose(index: number, what: "losesRequests" | "losesAnswers", seconds: number): void {
    const { fault } = this.places[index]!;
    fault[what] = Number.POSITIVE_INFINITY;
    this.clock.setTimeout(() => {
      fault[what] = 0;
    }, seconds * 1000);
  }

  restart(index: number): void {
    const place = this.places[index]!;
    this.cut(index, 10);
    place.charger.restart();
  }

  /** Sets the load that is not of chargers. */
  setHouse(zone: number, houseA: number): void {
    this.houseA[zone] = Math.min(houseA, this.plan.zones[zone]!.assumedA);
  }

  note(text: string): void {
    if (this.keepsLog) this.log.push(`${(this.clock.nowMs() / 1000).toFixed(2)} ${text}`);
  }

  /** Lets time pass; the meters speak each second. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.#second();
      for (let step = 0; step < 1000 / STEP_MS; step++) {
        this.clock.advance(STEP_MS);
        for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
      }
      this.#look("a second passed");
    }
  }

  async close(): Promise<void> {
    this.kill();
    this.#store.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #second(): void {
    for (const { charger } of this.places) charger.tick();
    const isDisturbed = this.places.some(
      ({ away, fault, charger }) =>
        away || charger.refuses.next > 0 || fault.losesRequests > 0 || fault.losesAnswers > 0,
    );
    this.#calmS = isDisturbed || !this.#life ? 0 : this.#calmS + 1;
    for (const [z, loads] of this.#loads.entries()) {
      loads.push(this.#house(z));
      if (this.#calmS > ANSWER_S) loads.splice(0, loads.length - ANSWER_S);
    }
    for (const [z, { metered }] of this.plan.zones.entries())
      if (metered) this.#life?.runtime.input(measurement(this.#flowA(z), {}, meterName(z)));
  }

  /** All load of a zone and below that is not of chargers. */
  #house(zone: number): number {
    const below = this.plan.zones.flatMap(({ parent }, z) => (parent === zone ? [z] : []));
    return below.reduce((sum, z) => sum + this.#house(z), this.houseA[zone]!);
  }

  /** What really flows. */
  #flowA(zone: number): Triple {
    const flow: Triple = [0, 0, 0];
    for (const phase of [0, 1, 2] as const) flow[phase] = this.#house(zone);
    for (const { plan, charger } of this.#below(zone))
      for (const phase of phasesOf(plan)) flow[phase as 0 | 1 | 2] += charger.drawnA;
    return flow.map((currentA) => Math.round(currentA * 10) / 10) as Triple;
  }

  #below(zone: number): Place[] {
    const isBelow = (z: number): boolean => {
      const { parent } = this.plan.zones[z]!;
      return z === zone || (parent !== null && isBelow(parent));
    };
    return this.places.filter(({ plan }) => isBelow(plan.zone));
  }

  /** What S5 asks for, and some room. */
  #limitA({ roomA }: ZonePlan, zone: number): number {
    const isBelow = (z: number): boolean => {
      const { parent } = this.plan.zones[z]!;
      return z === zone || (parent !== null && isBelow(parent));
    };
    const alone = this.plan.chargers.filter((one) => isBelow(one.zone));
    const perPhase = [0, 1, 2].map((phase) =>
      alone.filter((one) => phasesOf(one).includes(phase)).reduce((sum, one) => sum + aloneA(one), 0),
    );
    const assumed = this.plan.zones.reduce((sum, { assumedA }, z) => sum + (isBelow(z) ? assumedA : 0), 0);
    return Math.ceil(Math.max(...perPhase) + assumed + roomA);
  }

  #tree(): PlantTree {
    const zones = this.plan.zones.map(({ parent, assumedA, metered }, z) => {
      const limitA = this.limitsA[z]!;
      return zoneNode(zoneName(z), {
        parentNodeId: parent === null ? null : zoneName(parent),
        limitA: [limitA, limitA, limitA],
        assumedLoadA: [assumedA, assumedA, assumedA],
        meters: metered ? [{ ...METER, meter: meterName(z) }] : [],
      });
    });
    const chargers = this.plan.chargers.map((plan, i) => {
      const { fallsBack = true }: ActedKind = kindOf(plan.kind);
      const { phases, rotation, maxA, mode } = plan;
      const safeA = safeOf(plan);
      const connectors = [{ ...WIRING, phases, rotation, maxA, safeA, mode }];
      return placement(`CP${i + 1}`, zoneName(plan.zone), { safeA, connectors, ...(!fallsBack && { fallsBack }) });
    });
    return treeOf(zones, chargers);
  }

  #definition(plan: ChargerPlan, identity: string) {
    const { zone, kind, phases, rotation, maxA, mode } = plan;
    const safeA = safeOf(plan);
    const { told = {} }: ActedKind = kindOf(kind);
    const connectors = [{ ...WIRING, phases, rotation, maxA, safeA, mode }];
    return definition({ identity, zone: zoneName(zone), safeA, connectors, overrides: told });
  }

  #place(plan: ChargerPlan, index: number): Place {
    const { phases, maxA, wantsA, meterS } = plan;
    const kind = kindOf(plan.kind);
    const place: Place = {
      plan,
      charger: new ActedCharger(
        { identity: `CP${index + 1}`, kind, phases, maxA, wantsA, meterS },
        this.clock,
        () => void this.#dial(place),
      ),
      judged: new ReferenceChargePoint({ ...kind.reads, phases, maxA, clearsLate: CLEARS_LATE }),
      fault: { losesRequests: 0, losesAnswers: 0, delayMs: 50 },
      wire: null,
      away: false,
    };
    return place;
  }

  async #dial(place: Place): Promise<void> {
    const { charger, judged } = place;
    const again = () => this.clock.setTimeout(() => charger.dial(), REDIAL_MS);
    const life = this.#life;
    if (place.away || place.wire) return;
    if (!life) {
      again();
      return;
    }
    const directory = createDirectory(life.stations, () => POLICY);
    const admission = await directory.admit({
      identity: charger.identity,
      remoteAddress: "192.0.2.1",
      basic: null,
      origin: null,
    });
    if (!admission.admitted || this.#life !== life || place.away || place.wire) return;
    const witness = {
      sent: (text: string) => this.#sent(place, text),
      heard: (text: string) => this.#heard(place, text),
    };
    const wire = new ActedWire({
      clock: this.clock,
      centralClock: life.clock,
      station: admission.station,
      witness,
      fault: place.fault,
      arrive: (text) => charger.receive(text),
      ended: () => {
        place.wire = null;
        charger.disconnected();
        judged.disconnected();
        if (!place.away) again();
      },
    });
    place.wire = wire;
    judged.connected();
    admission.station.attached(wire);
    charger.connected((text) => wire.up(text));
  }

  #sent(place: Place, text: string): void {
    const { judged, charger } = place;
    const before = judged.edition;
    judged.sent(this.clock.wallMs(), text);
    if (text.includes("ChargingProfile")) this.writes++;
    if (judged.edition === before) return;
    this.note(`${charger.identity} ← ${text}`);
    this.#look(`${charger.identity} ← ${text}`);
  }

  #heard(place: Place, text: string): void {
    const { judged, charger } = place;
    const before = judged.edition;
    judged.heard(this.clock.wallMs(), text);
    if (judged.edition === before) return;
    this.note(`${charger.identity} → ${text}`);
    this.#look(`${charger.identity} → ${text}`);
  }

  /** What if everything vanished now? */
  #look(why: string): void {
    if (!this.#life || !this.judges) return;
    this.judged++;
    const nowMs = this.clock.wallMs();
    const loads = new Map(
      this.#loads.map((seen, z): [string, PerPhase] => {
        const leastA = Math.min(...seen, this.#house(z));
        return [zoneName(z), [leastA, leastA, leastA]];
      }),
    );
    for (const future of this.#futures) {
      const [worst] = this.#judge
        .violations(nowMs, (breaker) => loads.get(breaker)!, [future])
        .sort((one, other) => other.overA - one.overA);
      if (!worst) continue;
      this.bad[future]++;
      const known = this.found.findIndex(({ violation }) => violation.future === future);
      if (known < 0) this.found.push({ nowMs, why, violation: worst });
      else if (this.found[known]!.violation.overA < worst.overA) this.found[known] = { nowMs, why, violation: worst };
      if (this.bad[future] === 1)
        this.note(`!! ${worst.breaker} L${worst.phase} ${worst.overA.toFixed(1)} A, ${future}`);
    }
  }
}

const meterName = (zone: number): string => (zone === 0 ? "grid" : `meter${zone}`);

function leaseOf(leaseS: number): LeaseOptions {
  return { leaseS, refreshS: Math.min(75, Math.round(leaseS * 0.45)), minIncreaseS: 0 };
}
