import type { PlantConnector } from "../dlm/topology/plant.ts";
import type { AllocationResult, Connector } from "../dlm/types.ts";
import type { Visit } from "./plan-types.ts";

/** A connector with its car. */
interface Place {
  connector: PlantConnector;
  visit: Visit | null;
  missingWh: number;
  /** W, of the present span. */
  powerW: number;
  chargingS: number;
  /** Its turn began; null while it waits. */
  sinceMin: number | null;
}

/** A car that could charge. */
interface Charging {
  id: string;
  minA: number;
  /** What car, charger and cable carry, A. */
  mostA: number;
  phases: number;
  isFull: boolean;
}

/** Less than a second of charging is nothing left to charge, Wh. */
const NOTHING_WH = 0.01;

/** The connectors of a car park, and the cars at them. */
export class Places {
  readonly #places: Place[];
  /** Cars here; those at the head leave first. */
  #taken: Place[] = [];

  constructor(connectors: readonly PlantConnector[]) {
    this.#places = connectors
      .filter(({ departed }) => !departed)
      .map((connector) => ({ connector, visit: null, missingWh: 0, powerW: 0, chargingS: 0, sinceMin: null }));
  }

  get isEmpty(): boolean {
    return this.#taken.length === 0;
  }

  /** Power of all cars in the last span, W. */
  get powerW(): number {
    return this.#taken.reduce((sum, { powerW }) => sum + powerW, 0);
  }

  /** A car takes the first free connector, one that uses its phases where there is one. @returns false = none is free */
  take(visit: Visit): boolean {
    const free = this.#places.filter((place) => place.visit === null && !this.#isBlocked(place));
    const place = free.find(({ connector }) => connector.wiring.phases >= visit.phases) ?? free[0];
    if (!place) return false;
    Object.assign(place, { visit, missingWh: visit.wantedWh, powerW: 0, chargingS: 0, sinceMin: null });
    this.#taken.push(place);
    this.#taken.sort((a, b) => a.visit!.departureMin - b.visit!.departureMin);
    return true;
  }

  /** Of some charge points only one connector may be live. */
  #isBlocked({ connector }: Place): boolean {
    const { chargePoint, exclusive = false } = connector;
    return exclusive && this.#taken.some((other) => other.connector.chargePoint === chargePoint);
  }

  nextDepartureMin(): number {
    return this.#taken[0]?.visit?.departureMin ?? Number.POSITIVE_INFINITY;
  }

  /** The cars whose time is over, with what they lack. */
  leave(atMin: number): { wantedWh: number; missingWh: number }[] {
    const gone = this.#taken.filter(({ visit }) => visit!.departureMin <= atMin);
    const left = gone.map(({ visit, missingWh }) => ({ wantedWh: visit!.wantedWh, missingWh }));
    for (const place of gone) place.visit = null;
    if (gone.length > 0) this.#taken = this.#taken.filter(({ visit }) => visit !== null);
    return left;
  }

  /** As the allocator takes them. @param rotationS a car that has charged for so long is no longer kept before those that wait */
  connectors(atMin: number, rotationS: number): Connector[] {
    return this.#places.map((place) => {
      const { id, zone, wiring } = place.connector;
      const { phases, rotation, maxA, minA, minA3p, priorityClass, mode } = wiring;
      const wired = {
        id,
        zone,
        phases,
        rotation,
        maxA,
        minA,
        priorityClass,
        mode,
        ...(minA3p !== undefined && { minA3p }),
      };
      const { visit, sinceMin } = place;
      if (visit === null) return { ...wired, state: "available" };
      return {
        ...wired,
        state: place.missingWh <= NOTHING_WH ? "available" : "charging",
        incumbent: sinceMin !== null && (atMin - sinceMin) * 60 < rotationS,
        arrivalS: visit.arrivalMin * 60,
        chargingS: place.chargingS,
        demandCapA: mostA(place),
        detectedPhases: [1, 2, 3].slice(0, phasesOf(place)),
      };
    });
  }

  /** All cars that are here. */
  charging(): Charging[] {
    return this.#taken.map((place) => ({
      id: place.connector.id,
      minA: minimumA(place),
      mostA: mostA(place),
      phases: phasesOf(place),
      isFull: place.missingWh <= NOTHING_WH,
    }));
  }

  /** They draw what they are given until the first of them is full, or until the given time. @returns until when, in minutes */
  charge(given: AllocationResult, voltageV: number, fromMin: number, untilMin: number): number {
    let endMin = untilMin;
    for (const place of this.#taken) {
      const { limitA } = given.connectors[place.connector.id]!;
      place.powerW = place.missingWh <= NOTHING_WH ? 0 : Math.min(limitA, mostA(place)) * phasesOf(place) * voltageV;
      if (place.powerW > 0) endMin = Math.min(endMin, fromMin + (60 * place.missingWh) / place.powerW);
    }
    const minutes = Math.max(endMin - fromMin, 1e-6);
    for (const place of this.#taken) {
      place.missingWh = Math.max(0, place.missingWh - (place.powerW * minutes) / 60);
      if (place.powerW === 0) place.sinceMin = null;
      else {
        place.sinceMin ??= fromMin;
        place.chargingS += 60 * minutes;
      }
    }
    return fromMin + minutes;
  }
}

function phasesOf({ connector, visit }: Place): number {
  return Math.min(visit!.phases, connector.wiring.phases);
}

function mostA({ connector, visit }: Place): number {
  return Math.min(connector.wiring.maxA, visit!.maxA);
}

function minimumA(place: Place): number {
  const { minA, minA3p } = place.connector.wiring;
  return phasesOf(place) === 1 ? minA : (minA3p ?? minA);
}
