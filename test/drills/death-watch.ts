/** Looks over a building in a drill: what would flow if the product vanished now, worked out by the judge from the frames alone. */
import { terminalPhases } from "../../lib/dlm/topology/wiring.ts";
import { type Triple, triple } from "../../lib/units.ts";
import { Building, inWords, type PerPhase, type Violation } from "../judge/building.ts";
import { FUTURES, type Future, type Kind, ReferenceChargePoint } from "../judge/charge-point.ts";
import { FrameReader } from "../judge/tap.ts";
import type { Park } from "./park.ts";
import type { ParkPlan } from "./plan.ts";
import type { Ear } from "./proxy.ts";
import type { DrillTime } from "./time.ts";

/** After a rise of the load that is not of chargers the product has so long to answer it: until then the lower one is judged, s. */
const ANSWER_S = 15;
/** Violations told in full. */
const MOST_TOLD = 8;

/** What is particular about a charge point: how it reads profiles, and futures in which docs/safety.md says that it has no hold. */
export interface Particular {
  kind?: Partial<Kind>;
  without?: readonly Future[];
}

export class DeathWatch {
  /** Moments judged, and those at which a breaker would have been over its limit, by future. */
  judged = 0;
  readonly bad: Record<Future, number> = { nothing: 0, cars: 0, restart: 0 };
  /** The least that was left of a breaker, A; negative where it would have been over its limit. */
  leastMarginA = Number.POSITIVE_INFINITY;
  /** The same for the last moment judged, nothing else happening. */
  marginA = Number.POSITIVE_INFINITY;
  readonly #plan: ParkPlan;
  readonly #points = new Map<string, ReferenceChargePoint>();
  readonly #judge: Building;
  /** Load of each breaker's own that is not of chargers over the last seconds. */
  readonly #loads = new Map<string, Triple[]>();
  readonly #loadNow = new Map<string, Triple>();
  readonly #told: string[] = [];
  #worst: { text: string; overA: number } | null = null;

  /** @param particulars of charge points that depart from the specification, by identity */
  constructor(plan: ParkPlan, particulars: Readonly<Record<string, Particular>> = {}) {
    this.#plan = plan;
    for (const { identity, phases = 3, maxA = 16 } of plan.chargers)
      this.#points.set(identity, new ReferenceChargePoint({ ...particulars[identity]?.kind, phases, maxA }));
    for (const { name, loadA } of plan.zones) this.setLoad(name, (loadA as Triple | undefined) ?? [0, 0, 0]);
    const assumedA = (name: string): PerPhase =>
      this.#sum(name, (zone) => triple((zone.told?.["assumedLoadA"] as number | Triple | undefined) ?? 0));
    this.#judge = new Building(
      plan.zones.map(({ name, parent = null, limitA }) => ({
        name,
        parent,
        limitA: triple(limitA),
        assumedA: assumedA(name),
      })),
      plan.chargers.map(({ identity, zone, phases = 3, rotation = "RST" }) => ({
        name: identity,
        point: this.#points.get(identity)!,
        connector: 1,
        breaker: zone,
        phases: terminalPhases(phases, rotation) ?? [0, 1, 2],
        without: particulars[identity]?.without ?? [],
      })),
    );
  }

  /** For `ParkOptions.listens`. */
  ear(identity: string, time: DrillTime): Ear {
    const point = this.#points.get(identity)!;
    const toClient = new FrameReader((text) => point.sent(time.wallMs(), text));
    const toServer = new FrameReader((text) => point.heard(time.wallMs(), text));
    point.connected();
    return {
      toServer: (chunk) => toServer.feed(chunk),
      toClient: (chunk) => toClient.feed(chunk),
      over: () => point.disconnected(),
    };
  }

  /** The load of a breaker's own that is not of chargers is this from now on, A. */
  setLoad(zone: string, loadA: Triple): void {
    this.#loadNow.set(zone, loadA);
  }

  /** Judges each second for so long, or until something else is to be done. @returns whether that came */
  async look(park: Park, seconds: number, until: () => boolean = () => false): Promise<boolean> {
    for (let second = 0; second < seconds; second++) {
      await park.pass(1);
      this.#look(park.time.wallMs());
      if (until()) return true;
    }
    return false;
  }

  /** When the last schedule says something for the last time, as far as the controller's leases go, s from now. */
  lastTurnS(nowMs: number): number {
    const turns = [...this.#points.values()].flatMap((point) =>
      point.curve(1, nowMs, nowMs + 3_600_000, "nothing").map(({ atMs }) => atMs),
    );
    return Math.max(0, ...turns.map((atMs) => (atMs - nowMs) / 1000));
  }

  /** What was found, for people; null = nothing. */
  get verdict(): string | null {
    const { nothing, cars, restart } = this.bad;
    if (nothing + cars + restart === 0) return null;
    const often = `of ${this.judged} moments ${nothing} were over as things were, ${cars} with other cars, ${restart} with restarts`;
    return [often, `worst: ${this.#worst!.text}`, ...this.#told].join("\n");
  }

  #look(nowMs: number): void {
    this.judged++;
    for (const [zone, loadA] of this.#loadNow) {
      const seen = [...(this.#loads.get(zone) ?? []), loadA].slice(-ANSWER_S);
      this.#loads.set(zone, seen);
    }
    const leastA = (zone: string): PerPhase =>
      this.#sum(
        zone,
        ({ name }) =>
          [0, 1, 2].map((phase) => Math.min(...this.#loads.get(name)!.map((loadA) => loadA[phase]!))) as Triple,
      );
    this.marginA = this.#judge.marginA(nowMs, leastA, "nothing");
    this.leastMarginA = Math.min(this.leastMarginA, this.marginA);
    for (const future of FUTURES) {
      const [worst] = this.#judge.violations(nowMs, leastA, [future]).sort((one, other) => other.overA - one.overA);
      if (!worst) continue;
      this.bad[future]++;
      this.#tell(worst, nowMs);
    }
  }

  #tell(violation: Violation, nowMs: number): void {
    const text = `second ${this.judged}: ${inWords(violation, nowMs)}`;
    if (this.#told.length < MOST_TOLD) this.#told.push(text);
    if (!this.#worst || violation.overA > this.#worst.overA) this.#worst = { text, overA: violation.overA };
  }

  /** Of a breaker and all below it. */
  #sum(name: string, of: (zone: ParkPlan["zones"][number]) => Triple): Triple {
    const own = of(this.#plan.zones.find((zone) => zone.name === name)!);
    const below = this.#plan.zones.filter(({ parent }) => parent === name).map((zone) => this.#sum(zone.name, of));
    return [0, 1, 2].map((phase) => below.reduce((sum, loadA) => sum + loadA[phase]!, own[phase]!)) as Triple;
  }
}
