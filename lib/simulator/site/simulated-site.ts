import type { Clock, Timer } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { meterProfiles } from "../../metering/profiles.ts";
import type { Triple } from "../../units.ts";
import { SimulatedChargePoint } from "../charger/charge-point.ts";
import type { JournalEntry } from "../charger/journal.ts";
import type { SimulatedState } from "../charger/state.ts";
import type { Load } from "../meter/meter-load.ts";
import { MeterSimulator } from "../meter/meter-simulator.ts";
import { type BreakerRecord, BreakerTree } from "./breaker-tree.ts";
import type { ChargePointPlan, MeterPlan, SitePlan } from "./plan.ts";

/** What a charge point knows and a central system may have missed. */
export interface ChargerBooks {
  /** Its meter's register, Wh. */
  registerWh: number;
  /** Every transaction it ever had, oldest first. */
  transactions: readonly JournalEntry[];
  /** Messages about transactions that nobody has confirmed yet. */
  waiting: number;
}

const STEP_MS = 100;
const DEFAULT_PROFILE = "eastron-sdm630";

interface Placed {
  chargePoint: SimulatedChargePoint;
  zone: string | null;
}

/** A building with its breakers, charge points, cars and meters, all behaving like real ones, and the truth about them. */
export class SimulatedSite {
  readonly #clock: Clock;
  readonly #breakers: BreakerTree;
  readonly #chargePoints = new Map<string, Placed>();
  readonly #meters = new Map<string, MeterSimulator>();
  readonly #meterPlans: readonly MeterPlan[];
  #ticking: Timer | undefined;
  #steppedAtMs = 0;

  /** @throws EvError EV_CONFIG_INVALID naming what is wrong with the plan */
  constructor(plan: SitePlan, clock: Clock) {
    this.#clock = clock;
    this.#breakers = new BreakerTree(plan.zones ?? []);
    this.#meterPlans = plan.meters ?? [];
    for (const meter of this.#meterPlans) this.#meters.set(meter.name, this.#buildMeter(meter));
    for (const chargePoint of plan.chargePoints) this.#place(chargePoint);
  }

  /** Powers everything up. Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED where a meter cannot listen. */
  async start(): Promise<void> {
    for (const [index, meter] of [...this.#meters.values()].entries())
      await meter.configure(described(this.#meterPlans[index] as MeterPlan));
    this.#steppedAtMs = this.#clock.nowMs();
    this.#ticking = this.#clock.setInterval(() => this.#step(), STEP_MS);
    for (const { chargePoint } of this.#chargePoints.values()) chargePoint.start();
  }

  /** Everything disappears; resolves when no socket is left. */
  async close(): Promise<void> {
    this.#clock.clear(this.#ticking);
    await Promise.all([...this.#meters.values()].map((meter) => meter.close()));
    await Promise.all([...this.#chargePoints.values()].map(({ chargePoint }) => chargePoint.close()));
  }

  /** @throws EvError EV_MESSAGE_INVALID when there is none of that identity */
  chargePoint(identity: string): SimulatedChargePoint {
    return this.#placed(identity).chargePoint;
  }

  get chargePoints(): SimulatedChargePoint[] {
    return [...this.#chargePoints.values()].map(({ chargePoint }) => chargePoint);
  }

  /** @throws EvError EV_MESSAGE_INVALID when there is none of that name */
  meter(name: string): MeterSimulator {
    const meter = this.#meters.get(name);
    if (!meter) throw new EvError("EV_MESSAGE_INVALID", `there is no meter ${name}`);
    return meter;
  }

  /** Changes what hangs on a breaker besides chargers. @throws EvError when there is no such breaker */
  setLoad(zone: string, load: Load): void {
    this.#breakers.setLoad(zone, load);
  }

  /** Somebody mounts another charge point. @throws EvError when its plan is wrong or its identity is taken */
  add(plan: ChargePointPlan): void {
    this.#place(plan).start();
  }

  /** A charge point is taken off the wall. @throws EvError EV_MESSAGE_INVALID when there is none of that identity */
  async remove(identity: string): Promise<void> {
    const { chargePoint } = this.#placed(identity);
    this.#chargePoints.delete(identity);
    await chargePoint.close();
  }

  /** Opens new records at the breakers. */
  forget(): void {
    this.#step();
    this.#breakers.forget();
  }

  get states(): Record<string, SimulatedState> {
    return Object.fromEntries(this.chargePoints.map(({ identity, state }) => [identity, state]));
  }

  /** What each breaker went through since the last `forget`. */
  get breakers(): Record<string, BreakerRecord> {
    return this.#breakers.records;
  }

  /** What each charge point has in its own memory. */
  get books(): Record<string, ChargerBooks> {
    return Object.fromEntries(
      this.chargePoints.map(({ identity, charger: { outlet, session } }) => [
        identity,
        { registerWh: outlet.registerWh, transactions: session.journal, waiting: session.waiting },
      ]),
    );
  }

  #step(): void {
    const nowMs = this.#clock.nowMs();
    const draws = [...this.#chargePoints.values()].flatMap(({ zone, chargePoint }) =>
      zone === null ? [] : [{ zone, currentA: chargePoint.charger.outlet.siteA }],
    );
    this.#breakers.step((nowMs - this.#steppedAtMs) / 1000, this.#clock.wallMs(), draws);
    this.#steppedAtMs = nowMs;
  }

  #place({ zone, ...options }: ChargePointPlan): SimulatedChargePoint {
    if (this.#chargePoints.has(options.identity))
      throw new EvError("EV_CONFIG_INVALID", `there are two charge points ${options.identity}`);
    if (zone !== undefined) this.#breakers.currentA(zone);
    const chargePoint = new SimulatedChargePoint({ ...options, clock: this.#clock });
    this.#chargePoints.set(options.identity, { chargePoint, zone: zone ?? null });
    return chargePoint;
  }

  #placed(identity: string): Placed {
    const placed = this.#chargePoints.get(identity);
    if (!placed) throw new EvError("EV_MESSAGE_INVALID", `there is no charge point ${identity}`);
    return placed;
  }

  #buildMeter(plan: MeterPlan): MeterSimulator {
    const { zone, location = "including" } = plan;
    const truth = (): Triple => this.#breakers.currentA(zone, location === "excluding");
    truth();
    return new MeterSimulator(described(plan), this.#clock, { seed: this.#meters.size + 1, truth });
  }
}

function described({ name, profile = DEFAULT_PROFILE, host = "127.0.0.1", port, unitId = 1, transport }: MeterPlan) {
  const found = meterProfiles().find(({ id }) => id === profile);
  if (!found) throw new EvError("EV_CONFIG_INVALID", `meter ${name}: there is no profile ${profile}`);
  const load: Triple = [0, 0, 0];
  return { host, port, unitId, profile: found, load, includes: [], ...(transport && { transport }) };
}
