import { allocate } from "../dlm/allocation/allocate.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import type { RootPlant } from "../dlm/topology/root-plant.ts";
import type { AllocationInput, AllocationResult, Connector } from "../dlm/types.ts";
import type { Triple } from "../units.ts";
import { DAY_MIN } from "./arrivals.ts";
import { Bottlenecks } from "./bottlenecks.ts";
import { HourLoads } from "./hour-loads.ts";
import { Places } from "./places.ts";
import type { PlanRequest, Played, Visit } from "./plan-types.ts";
import { QUARTER_MIN } from "./surroundings.ts";

/** What the days are played with, the same for each variant of the tree. */
export interface Scenery {
  visits: readonly Visit[];
  /** By quarter of an hour: of the highest load, and of the sun's peak power. */
  loadShares: Float64Array;
  sunShares: Float64Array;
}

/** Of the tree: its voltage, and whether it has no neutral. */
export type Network = Pick<PlantTree, "voltageV" | "itNetwork">;

/** A current is at its minimum up to so much above it, A. */
const AT_MINIMUM_A = 0.05;
const NO_WH = 0.5;

/** Plays the days, from one event to the next: a car comes, is full or leaves, or a quarter of an hour has passed. */
export function play(plant: RootPlant, network: Network, request: PlanRequest, scenery: Scenery): Played {
  return new Play(plant, network, request, scenery).run();
}

class Play {
  readonly #plant: RootPlant;
  readonly #voltageV: number;
  readonly #itNetwork: boolean;
  readonly #request: PlanRequest;
  readonly #scenery: Scenery;
  readonly #places: Places;
  readonly #bottlenecks = new Bottlenecks();
  readonly #hours = new HourLoads();
  readonly #rootPhaseA: Triple;
  readonly #sums = { wantedWh: 0, deliveredWh: 0, sunWh: 0, atMinimumH: 0, waitingH: 0, turnedAway: 0, satisfied: 0 };

  constructor(plant: RootPlant, network: Network, request: PlanRequest, scenery: Scenery) {
    this.#plant = plant;
    this.#voltageV = network.voltageV;
    this.#itNetwork = network.itNetwork ?? false;
    this.#request = request;
    this.#scenery = scenery;
    this.#places = new Places(plant.connectors);
    // Loads of zones below count in the root zone, too.
    this.#rootPhaseA = [0, 1, 2].map((phase) =>
      [...request.highestLoadA.values()].reduce((sum, loadA) => sum + loadA[phase]!, 0),
    ) as Triple;
  }

  run(): Played {
    const { visits, loadShares } = this.#scenery;
    const lastMin = Math.max(loadShares.length * QUARTER_MIN, ...lastDepartures(visits));
    let next = 0;
    for (let atMin = 0; atMin < lastMin; ) {
      for (const left of this.#places.leave(atMin)) this.#note(left.wantedWh, left.missingWh);
      for (; next < visits.length && visits[next]!.arrivalMin <= atMin; next++)
        if (!this.#places.take(visits[next]!)) this.#sums.turnedAway++;
      const quarterMin = (Math.floor(atMin / QUARTER_MIN) + 1) * QUARTER_MIN;
      const comesMin = visits[next]?.arrivalMin ?? Number.POSITIVE_INFINITY;
      const untilMin = Math.min(quarterMin, comesMin, this.#places.nextDepartureMin(), lastMin);
      atMin = this.#pass(atMin, untilMin);
    }
    for (const left of this.#places.leave(Number.POSITIVE_INFINITY)) this.#note(left.wantedWh, left.missingWh);
    const hours = this.#hours.list();
    return { visits: visits.length, ...this.#sums, bottlenecks: this.#bottlenecks.list(), hours };
  }

  #note(wantedWh: number, missingWh: number): void {
    this.#sums.wantedWh += wantedWh;
    this.#sums.deliveredWh += wantedWh - missingWh;
    if (missingWh < NO_WH) this.#sums.satisfied++;
  }

  /** The allocation of this moment holds until a car is full, or until the given time. @returns until when */
  #pass(fromMin: number, untilMin: number): number {
    const { loadShares, sunShares } = this.#scenery;
    const quarter = Math.floor(fromMin / QUARTER_MIN);
    // Whoever stays beyond the last day finds the load of the first.
    const share = loadShares[quarter % loadShares.length]!;
    const sunW = this.#request.sunW * sunShares[quarter % sunShares.length]!;
    const houseW = this.#voltageV * share * (this.#rootPhaseA[0] + this.#rootPhaseA[1] + this.#rootPhaseA[2]);
    const surplusW = Math.max(0, sunW - houseW);
    if (this.#places.isEmpty) {
      this.#hours.add(fromMin, untilMin, Math.max(...this.#rootPhaseA) * share);
      return untilMin;
    }
    const given = allocate(this.#input(share, surplusW, fromMin));
    const endMin = this.#places.charge(given, this.#voltageV, fromMin, untilMin);
    const minutes = endMin - fromMin;
    this.#count(given, minutes, fromMin);
    this.#sums.sunWh += (Math.min(surplusW, this.#places.powerW) * minutes) / 60;
    this.#hours.add(fromMin, endMin, fullestA(given, this.#plant, this.#rootPhaseA, share));
    return endMin;
  }

  #input(share: number, surplusW: number, atMin: number): AllocationInput {
    const { config, rotationS, highestLoadA } = this.#request;
    const zones = this.#plant.zones.map(({ zone, demand }) => {
      const loadA = highestLoadA.get(zone.id);
      return {
        ...zone,
        ...(loadA && { assumedLoadA: loadA.map((value) => value * share) as Triple }),
        ...(demand && { maxPowerW: Math.min(demand.limitW, zone.maxPowerW ?? demand.limitW) }),
      };
    });
    const connectors: Connector[] = this.#places.connectors(atMin, rotationS);
    // Whoever has charged least comes first among those whose turn has ended.
    return {
      zones,
      connectors,
      pv: { surplusW },
      config: { ...config, voltageV: this.#voltageV, itNetwork: this.#itNetwork, shedding: "duration" },
    };
  }

  #count(given: AllocationResult, minutes: number, atMin: number): void {
    for (const { id, minA, mostA, phases, isFull } of this.#places.charging()) {
      const { limitA, reasons } = given.connectors[id]!;
      if (isFull) continue;
      if (limitA === 0) this.#sums.waitingH += minutes / 60;
      else if (limitA <= minA + AT_MINIMUM_A && limitA < mostA - AT_MINIMUM_A) this.#sums.atMinimumH += minutes / 60;
      this.#bottlenecks.add(reasons, ((mostA - limitA) * phases * this.#voltageV * minutes) / 60, atMin);
    }
    this.#bottlenecks.passed(minutes);
  }
}

/** Visits are many: not all at once into one call. */
function lastDepartures(visits: readonly Visit[]): number[] {
  let lastMin = 0;
  for (const { departureMin } of visits) lastMin = Math.max(lastMin, departureMin);
  return [Math.ceil(lastMin / DAY_MIN) * DAY_MIN];
}

/** Current on the fullest phase of the root zone, A. */
function fullestA(given: AllocationResult, plant: RootPlant, houseA: Triple, share: number): number {
  const root = plant.zones.find(({ zone }) => zone.parent === null)!.zone.id;
  const { loadA } = given.zones[root]!;
  return Math.max(...loadA.map((value, phase) => value + houseA[phase]! * share));
}
