/** What a car draws from the current it is offered. Pure: a state and a time step give the next state. */

/** A car, as far as a charger can tell. */
export interface Car {
  /** Phases its on-board charger uses. */
  phases: 1 | 2 | 3;
  /** The most it takes, A per phase; 0 = it does not want to charge. */
  wantA: number;
  batteryWh: number;
  /** How long it takes from being offered current to drawing some. */
  wakeS: number;
  /** How much more than offered it takes; 1 = it obeys (IEC 61851-1). */
  overdraw: number;
}

export interface CarState {
  /** A on each phase it uses. */
  currentA: number;
  /** Energy in the battery. */
  storedWh: number;
  /** How long it has been offered enough current to charge. */
  offeredForS: number;
  /** It ended charging because its battery is full. */
  full: boolean;
}

/** Below this a charger cannot offer current at all (IEC 61851-1): it pauses. */
export const MIN_OFFER_A = 6;
/** How fast a car raises and lowers its current. Lowering is done well within the 5 s that IEC 61851-1 grants. */
export const RAMP_UP_APS = 4;
export const RAMP_DOWN_APS = 10;
const TAPER_FROM = 0.95;
const END_OF_CHARGE_A = 1;
const ONBOARD_EFFICIENCY = 0.9;

/** A car that has just been plugged in. */
export function pluggedIn(car: Car, socPercent: number): CarState {
  return { currentA: 0, storedWh: (car.batteryWh * socPercent) / 100, offeredForS: 0, full: false };
}

/** State of charge, 0..100. */
export function socPercent(car: Car, state: CarState): number {
  return car.batteryWh > 0 ? Math.min(100, (100 * state.storedWh) / car.batteryWh) : 100;
}

/** The current the car would like, A per phase: less and less over the last twentieth of its battery, 0 when full. */
export function demandA(car: Car, state: CarState): number {
  if (state.full) return 0;
  const left = 1 - socPercent(car, state) / 100;
  const taperedA = (car.wantA * left) / (1 - TAPER_FROM);
  return taperedA < Math.min(END_OF_CHARGE_A, car.wantA) ? 0 : Math.min(car.wantA, taperedA);
}

/**
 * The car after `dtS` seconds of being offered `offeredA` on each phase.
 * @param phases phases through which the charger feeds it, at most the car's own
 */
export function stepCar(
  car: Car,
  state: CarState,
  offeredA: number,
  dtS: number,
  phases: number,
  voltageV: number,
): CarState {
  const wishA = demandA(car, state);
  const offered = offeredA >= MIN_OFFER_A && wishA > 0;
  const offeredForS = offered ? state.offeredForS + dtS : 0;
  const targetA = offered && offeredForS >= car.wakeS ? Math.min(offeredA, wishA) * car.overdraw : 0;
  const currentA = towards(state.currentA, targetA, dtS);
  const drawnWh = (((state.currentA + currentA) / 2) * phases * voltageV * dtS) / 3600;
  return {
    currentA,
    storedWh: Math.min(car.batteryWh, state.storedWh + drawnWh * ONBOARD_EFFICIENCY),
    offeredForS,
    full: state.full || (car.wantA > 0 && wishA === 0),
  };
}

function towards(fromA: number, toA: number, dtS: number): number {
  return toA > fromA ? Math.min(toA, fromA + RAMP_UP_APS * dtS) : Math.max(toA, fromA - RAMP_DOWN_APS * dtS);
}
