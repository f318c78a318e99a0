/** A building on which drills are held, with its own eyes: what the chargers took, and what really flowed. */

import type { DrillResult } from "../../lib/commissioning/drills/drill-result.ts";
import type { DrillNews, Drills } from "../../lib/commissioning/drills/drills.ts";
import type { DrillAsked } from "../../lib/commissioning/drills/request.ts";
import type { DrillSight } from "../../lib/dlm/inputs/drill.ts";
import type { CycleDecision } from "../../lib/dlm/runtime/runtime.ts";
import { siteDrills } from "../../lib/site/site-drills.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import type { MaybeTriple } from "../../lib/units.ts";
import { type BuildingCharger, OcppBuilding, type Taken, total } from "../building/ocpp-building.ts";
import { measurement } from "../building/plant.ts";

export class DrillingBuilding extends OcppBuilding {
  readonly drills: Drills;
  readonly kept: Store;
  readonly news: DrillNews[] = [];
  readonly notices: string[] = [];
  readonly logs: string[] = [];
  /** What chargers took, with the second of its time. */
  readonly frames: (Taken & { atS: number })[] = [];
  /** What flowed each quarter of a second: the cars by charger, and the fullest phase. */
  readonly flows: { atS: number; carsA: number[]; loadA: number }[] = [];
  isProving = false;
  /** Volts, a little different each second: a meter that lives. */
  #beat = 0;
  readonly #steered;

  constructor(chargers: readonly BuildingCharger[], limitA = 125) {
    let drills: Drills | null = null;
    const sight: DrillSight = {
      hides: (meter) => drills?.sight.hides(meter) ?? false,
      limits: (zone, wallMs) => drills?.sight.limits(zone, wallMs) ?? [],
      draw: () => drills?.sight.draw() ?? null,
    };
    super(chargers, limitA, true, (id) => drills?.ceiling(id) ?? null, sight);
    this.kept = openStore(":memory:", { clock: this.clock });
    drills = siteDrills({
      ...{ clock: this.clock, store: this.kept, stations: this.control.stations },
      setpointA: (id) => this.commandedA(id),
      voltageV: () => 230,
      isProving: () => this.isProving,
      updating: () => null,
      alarms: () => ({
        raise: ({ text }) => this.notices.push(text),
        clear: (key) => this.notices.push(`over: ${key}`),
        replace: () => {},
        close: () => {},
      }),
      language: () => "en-US",
      timeZone: () => "UTC",
      log: (text) => this.logs.push(text),
    });
    this.drills = drills;
    drills.onNews((news) => this.news.push(news));
    this.#steered = { decision: () => this.decision, poke: () => this.control.runtime.poke() };
    drills.attach(this.#steered);
  }

  get nowS(): number {
    return this.clock.nowMs() / 1000;
  }

  get result(): DrillResult | null {
    return this.news.at(-1)?.result ?? null;
  }

  start(asked: Partial<DrillAsked> & Pick<DrillAsked, "kind">): Promise<void> {
    return this.drills.start({ asked: { target: "", seconds: null, limitW: null, ...asked }, by: "test" });
  }

  /** A drill from its start to its result. @returns it, and when it began, s */
  async hold(
    asked: Partial<DrillAsked> & Pick<DrillAsked, "kind">,
    during: (second: number) => void = () => {},
  ): Promise<{ result: DrillResult; beganS: number }> {
    const beganS = this.nowS;
    await this.start(asked);
    for (let second = 0; this.drills.running && second < 1500; second++) {
      during(second);
      await this.run(1);
    }
    return { result: this.result!, beganS };
  }

  /** When, after a moment, something that was seen of the flows began to hold for good, s. */
  since(fromS: number, holds: (flow: (typeof this.flows)[number]) => boolean): number | null {
    const later = this.flows.filter(({ atS }) => atS > fromS);
    const last = later.findLastIndex((flow) => !holds(flow));
    return later[last + 1]?.atS ?? null;
  }

  override async close(): Promise<void> {
    this.drills.close();
    await super.close();
    this.kept.close();
  }

  protected override stepped(): void {
    const carsA = this.places.map(({ car }) => Math.max(...car.state.siteCurrentA));
    this.flows.push({ atS: this.nowS, carsA, loadA: this.loadA });
  }

  protected override took(taken: Taken): void {
    this.frames.push({ ...taken, atS: this.nowS });
  }

  protected override decided(decision: CycleDecision): void {
    // The building is made before what listens to it.
    this.drills?.decided(decision, this.#steered);
  }

  protected override speak(): void {
    const { carsA } = this;
    const shownA = [0, 1, 2].map((phase) => Math.round((this.houseA[phase]! + carsA[phase]!) * 100) / 100);
    this.#beat = (this.#beat + 1) % 7;
    this.control.runtime.input(measurement(shownA, { voltageV: [230 + this.#beat / 10, 230, 230] }));
    this.drills.measured("grid", shownA as unknown as MaybeTriple);
  }
}

/** The limit of the first period of a profile, A; null for other calls. */
export function limitOf({ action, payload }: Taken): number | null {
  if (action !== "SetChargingProfile") return null;
  const schedule = (
    payload["csChargingProfiles"] as { chargingSchedule: { chargingSchedulePeriod: { limit: number }[] } }
  ).chargingSchedule;
  return schedule.chargingSchedulePeriod[0]!.limit;
}

export { total };
