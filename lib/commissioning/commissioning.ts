import type { Clock, Timer } from "../clock.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { PlantConnector } from "../dlm/topology/plant.ts";
import { pathOf, placeOf } from "../dlm/topology/root-plant.ts";
import { type Ceiling, CONTROLLER_DEFAULTS, type Rotation } from "../dlm/types.ts";
import { EvError, messageOf } from "../errors.ts";
import type { Store } from "../store/types.ts";
import type { MaybeTriple } from "../units.ts";
import type { Values } from "../words/types.ts";
import type { ChargerClaims } from "./claims.ts";
import type { CommissioningResult, RotatingField, RunEnd } from "./result.ts";
import { keepResult, resultsOf } from "./results.ts";
import { Run } from "./run.ts";
import type { NeedView, RunningView } from "./view-types.ts";

/** Earlier runs at the same wiring count for so long, ms. */
const SAME_WIRING_MS = 12 * 3_600_000;
/** Levels are looked at so often, ms. */
const LOOK_MS = 1000;
/** A meter that no good sample came from for this long does not show the steps, ms. */
const SLOWEST_METER_MS = 12_000;

/** How a run goes on, or how it ended. */
export interface CommissioningNews {
  target: string;
  /** 0 to 1. */
  progress: number;
  /** null while it runs. */
  result: CommissioningResult | null;
}

export interface CommissioningDeps {
  clock: Clock;
  store: Store;
  /** The limit in force of a connector, A. */
  setpointA(id: string): number;
  /** Asks the charger itself; does not reject. */
  claims(chargePoint: string, connector: number): Promise<ChargerClaims>;
  /** A drill is under way; without it there are none. */
  isDrilling?(): boolean;
  log(text: string): void;
}

/** One load management, as runs see it. */
export interface Steered {
  /** Its last decision; undefined before the first. */
  decision(): CycleDecision | undefined;
  /** A ceiling has changed: it should not wait for the next cycle. */
  poke(): void;
}

export interface RunWish {
  target: string;
  field: RotatingField | null;
  by: string;
}

/** Something that has to be there before a run can begin. */
export interface Need {
  need: NeedView["need"];
  /** What people are told where it is not there; null = it is. */
  lacks: keyof typeof LACKS | null;
  values: Values;
}

/** For logs and flows. */
const LACKS = {
  proofOffline: "its charger is not connected",
  proofNoLimits: "its charger takes no limits now",
  proofNoCar: "no car charges there",
  proofNoMeter: "there is no meter above it",
  proofSlowMeter: "a meter above it delivers too seldom",
};

/** Where a run can begin. */
interface Ready {
  steered: Steered;
  decision: CycleDecision;
  connector: PlantConnector;
}

interface Active {
  run: Run;
  steered: Steered;
  timer: Timer;
}

/**
 * The runs of one site, one at a time. A run asks load management for currents through `ceiling`, which only lowers; with its end, a
 * deploy or a restart nothing of it is left.
 */
export class Commissioning {
  readonly #deps: CommissioningDeps;
  readonly #listeners = new Set<(news: CommissioningNews) => void>();
  readonly #steered = new Set<Steered>();
  #active: Active | null = null;
  #isStarting = false;

  constructor(deps: CommissioningDeps) {
    this.#deps = deps;
  }

  /** A run is under way, or about to begin. */
  get isBusy(): boolean {
    return this.#active !== null || this.#isStarting;
  }

  /** The run that is under way; null = none. */
  get running(): RunningView | null {
    return this.#active?.run.view ?? null;
  }

  /** Connectors at which a run can be wished for. */
  get targets(): string[] {
    return [...this.#steered].flatMap((one) => Object.keys(one.decision()?.result.setpoints ?? {}));
  }

  /** What a run there takes before it can begin; empty for what is no connector of a load management. */
  needs(target: string): Need[] {
    const place = this.#placed(target);
    return place ? this.#needs(place) : [];
  }

  /** Called with each step and with the result. @returns removes it */
  onNews(listener: (news: CommissioningNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a run asks of a connector: its own current, and that no other below the same root rises meanwhile; null = nothing. */
  ceiling(id: string): Ceiling | null {
    const active = this.#active;
    if (!active) return null;
    if (id === active.run.target) return { limitA: active.run.ceilingA, cause: "commissioning" };
    if (!active.steered.decision()?.result.setpoints[id]) return null;
    return { limitA: this.#deps.setpointA(id), cause: "commissioningHold", connector: active.run.target };
  }

  /** A load management runs here from now on. @returns it has gone */
  attach(steered: Steered): () => void {
    this.#steered.add(steered);
    return () => {
      this.left(steered);
      this.#steered.delete(steered);
    };
  }

  /**
   * Begins a run.
   * @throws EvError EV_COMMISSIONING with `field` for what is missing
   */
  async start(wish: RunWish): Promise<void> {
    const { decision } = this.#check(wish.target);
    this.#isStarting = true;
    try {
      const { connector, chargePoint } = placeOf(decision.view.plant, wish.target)!;
      const charger = await this.#deps.claims(chargePoint, connector);
      this.#isStarting = false;
      this.#begin(wish, this.#check(wish.target), charger);
    } finally {
      this.#isStarting = false;
    }
  }

  /** Ends the run that is under way. */
  abort(end: RunEnd): void {
    if (!this.#active) return;
    this.#active.run.stop(end);
    this.#finish();
  }

  /** A load management goes, or its tree has changed. */
  left(steered: Steered): void {
    if (this.#active?.steered === steered) this.abort("deploy");
  }

  /** Takes each decision of a load management. */
  decided(decision: CycleDecision, steered: Steered): void {
    const active = this.#active;
    if (active?.steered !== steered) return;
    active.run.decided(decision);
    this.#look();
  }

  /** Takes a sample of a meter. */
  measured(meter: string, currentA: MaybeTriple): void {
    this.#active?.run.measured(meter, currentA, this.#deps.clock.nowMs());
    if (this.#active?.run.end) this.#finish();
  }

  close(): void {
    this.abort("deploy");
    this.#listeners.clear();
  }

  #check(target: string): Ready {
    const refused = (field: string, why: string, values: Values = {}) =>
      new EvError("EV_COMMISSIONING", `${target}: ${why}`, { field, values: { target, ...values } });
    if (this.#active || this.#isStarting) throw refused("proofBusy", "another run is under way");
    if (this.#deps.isDrilling?.()) throw refused("proofDrill", "a drill is under way");
    const place = this.#placed(target);
    if (!place) throw refused("proofUnknown", "it is no connector of a load management");
    const open = this.#needs(place).find(({ lacks }) => lacks !== null);
    if (open?.lacks) throw refused(open.lacks, LACKS[open.lacks], open.values);
    return place;
  }

  #placed(target: string): Ready | null {
    const steered = [...this.#steered].find((one) => one.decision()?.result.setpoints[target]);
    const decision = steered?.decision();
    const connector = decision && placeOf(decision.view.plant, target);
    return steered && decision && connector ? { steered, decision, connector } : null;
  }

  #needs({ decision: { view }, connector: { id, wiring, zone } }: Ready): Need[] {
    const facts = view.facts.find((one) => one.id === id);
    const takesLimits = !facts || facts.reservedA === null;
    const charges = facts?.state === "charging" && this.#deps.setpointA(id) >= wiring.minA;
    const above = pathOf(view.plant, zone).map((one) => one.zone.id);
    const meters = view.meters.filter((one) => above.includes(one.zone));
    const slow = meters.find(({ ageS }) => (ageS ?? 0) * 1000 > SLOWEST_METER_MS);
    const values = { meter: slow?.meter ?? meters.map(({ meter }) => meter).join(", ") };
    return [
      {
        need: "connected",
        lacks: facts?.state === "offline" ? "proofOffline" : takesLimits ? null : "proofNoLimits",
        values: {},
      },
      { need: "car", lacks: charges ? null : "proofNoCar", values: {} },
      { need: "meter", lacks: meters.length === 0 ? "proofNoMeter" : slow ? "proofSlowMeter" : null, values },
    ];
  }

  #begin({ target, field, by }: RunWish, { steered, decision, connector }: Ready, charger: ChargerClaims): void {
    const { clock } = this.#deps;
    const run = new Run({
      ...{ connector, field, by, charger },
      setpointA: this.#deps.setpointA(target),
      startedMs: clock.nowMs(),
      startedWallMs: clock.wallMs(),
      rampUpAps: decision.settings.rampUpAps ?? CONTROLLER_DEFAULTS.rampUpAps,
      earlier: this.#earlier(connector),
    });
    this.#active = { run, steered, timer: clock.setInterval(() => this.#look(), LOOK_MS) };
    this.#tell({ target, progress: 0, result: null });
    steered.poke();
  }

  /** Rotations that fit the runs of the last hours, as far as the connector was described alike. */
  #earlier({ id, wiring }: PlantConnector): Rotation[] | null {
    const sinceWallMs = this.#deps.clock.wallMs() - SAME_WIRING_MS;
    const alike = resultsOf(this.#deps.store, id).filter(
      ({ startedWallMs, configured, candidates }) =>
        startedWallMs >= sinceWallMs && configured.phases === wiring.phases && candidates.length > 0,
    );
    if (alike.length === 0) return null;
    return alike
      .map(({ candidates }) => candidates)
      .reduce((left, one) => {
        const both = left.filter((order) => one.includes(order));
        // An older run was at another wiring.
        return both.length > 0 ? both : left;
      });
  }

  #look(): void {
    const active = this.#active;
    if (!active) return;
    if (active.run.look(this.#deps.clock.nowMs())) {
      this.#tell({ target: active.run.target, progress: active.run.progress, result: null });
      active.steered.poke();
    }
    if (active.run.end) this.#finish();
  }

  /** Nothing is asked of load management any more; what was seen is kept. */
  #finish(): void {
    const active = this.#active;
    if (!active) return;
    const { clock, store, log } = this.#deps;
    this.#active = null;
    clock.clear(active.timer);
    const result = active.run.result(clock.nowMs());
    keepResult(store, result).catch((error: unknown) =>
      log(`the result of ${result.target} is not kept: ${messageOf(error)}`),
    );
    this.#tell({ target: result.target, progress: 1, result });
    active.steered.poke();
  }

  #tell(news: CommissioningNews): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
