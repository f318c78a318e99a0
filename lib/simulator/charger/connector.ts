import type { Rotation } from "../../dlm/types.ts";
import type { Triple } from "../../units.ts";
import type { Car, CarState } from "./car/car.ts";
import { demandA, MIN_OFFER_A, pluggedIn, socPercent, stepCar } from "./car/car.ts";
import { toSitePhases } from "./car/wiring.ts";
import { NOMINAL_V } from "./profiles/schedule.ts";

/** How an outlet is built and wired. */
export interface OutletWiring {
  phases: 1 | 2 | 3;
  rotation: Rotation;
  maxA: number;
}

/** What the outlet's controller decides at a step. */
export interface ConnectorOffer {
  /** The limit in force, A per phase. */
  limitA: number;
  /** Whether the contactor may close: a transaction runs and nothing is wrong. */
  energised: boolean;
}

/** The power side of a charge point: contactor, meter and the car on the cable. It knows no OCPP and keeps no timer. */
export class SimulatedConnector {
  readonly wiring: OutletWiring;
  #car: Car;
  #state: CarState | null = null;
  #offeredA = 0;
  #closedPhases: 1 | 2 | 3;
  #registerWh: number;
  #sessionWh = 0;

  constructor(wiring: OutletWiring, car: Car, registerWh: number) {
    this.wiring = wiring;
    this.#closedPhases = wiring.phases;
    this.#car = car;
    this.#registerWh = registerWh;
  }

  get plugged(): boolean {
    return this.#state !== null;
  }

  /** A per terminal 1..3. */
  get terminalA(): Triple {
    const currentA = this.#state?.currentA ?? 0;
    return [1, 2, 3].map((terminal) => (terminal <= this.#fedPhases() ? currentA : 0)) as Triple;
  }

  /** A per site phase L1..L3. */
  get siteA(): Triple {
    return toSitePhases(this.terminalA, this.wiring.rotation);
  }

  get powerW(): number {
    return (this.#state?.currentA ?? 0) * this.#fedPhases() * NOMINAL_V;
  }

  /** A per phase offered on the control pilot; 0 = none. */
  get offeredA(): number {
    return this.#offeredA;
  }

  /** Whether the car on the cable would take current if it were offered. */
  get wanted(): boolean {
    return this.#state !== null && demandA(this.#car, this.#state) > 0;
  }

  /** The meter's import register, Wh since the charge point was built. */
  get registerWh(): number {
    return this.#registerWh;
  }

  /** Wh since the car was plugged in. */
  get sessionWh(): number {
    return this.#sessionWh;
  }

  /** State of charge of the car, 0..100; null without one. */
  get socPercent(): number | null {
    return this.#state === null ? null : socPercent(this.#car, this.#state);
  }

  /** Closes so many phases from now on; the others stay open. */
  feed(phases: 1 | 2 | 3): void {
    this.#closedPhases = phases;
  }

  plug(initialSocPercent: number): void {
    this.#state = pluggedIn(this.#car, initialSocPercent);
    this.#sessionWh = 0;
  }

  unplug(): void {
    this.#state = null;
    this.#offeredA = 0;
  }

  /** Changes the car where it stands. A larger battery has room again; a smaller one is at most full. */
  changeCar(change: Partial<Car>): void {
    this.#car = { ...this.#car, ...change };
    if (this.#state === null || change.batteryWh === undefined) return;
    this.#state = { ...this.#state, full: false, storedWh: Math.min(this.#state.storedWh, change.batteryWh) };
  }

  /** The car disappears from the supply at once: contactor open. */
  trip(): void {
    this.#offeredA = 0;
    if (this.#state) this.#state = { ...this.#state, currentA: 0, offeredForS: 0 };
  }

  /** Lets `dtS` seconds pass under an offer. */
  step(dtS: number, { limitA, energised }: ConnectorOffer): void {
    const possibleA = Math.min(limitA, this.wiring.maxA);
    this.#offeredA = energised && this.plugged && possibleA >= MIN_OFFER_A ? possibleA : 0;
    if (this.#state === null) return;
    const before = this.powerW;
    this.#state = stepCar(this.#car, this.#state, this.#offeredA, dtS, this.#fedPhases(), NOMINAL_V);
    const drawnWh = (((before + this.powerW) / 2) * dtS) / 3600;
    this.#registerWh += drawnWh;
    this.#sessionWh += drawnWh;
  }

  #fedPhases(): number {
    return Math.min(this.wiring.phases, this.#closedPhases, this.#car.phases);
  }
}
