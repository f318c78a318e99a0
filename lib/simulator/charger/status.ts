import { MIN_OFFER_A } from "./car/car.ts";

/** OCPP 1.6 §7.7. */
export type ConnectorStatus =
  | "Available"
  | "Preparing"
  | "Charging"
  | "SuspendedEVSE"
  | "SuspendedEV"
  | "Finishing"
  | "Reserved"
  | "Unavailable"
  | "Faulted";

export interface StatusFacts {
  faulted: boolean;
  operative: boolean;
  plugged: boolean;
  /** A transaction is running. */
  transaction: boolean;
  /** A transaction has ended and the car is still on the cable. */
  ended: boolean;
  /** A badge was accepted and the car is awaited. */
  awaitsCar: boolean;
  /** It is kept for a badge. */
  reserved: boolean;
  offeredA: number;
  currentA: number;
  /** The car would take current. */
  wanted: boolean;
}

/**
 * The status a connector reports (OCPP 1.6 §4.9). A car that is offered current but has not yet begun to draw leaves the
 * status as it was: the charger sees no difference.
 */
export function statusOf(facts: StatusFacts, previous: ConnectorStatus): ConnectorStatus {
  if (facts.faulted) return "Faulted";
  if (facts.transaction) {
    if (facts.currentA > 0) return "Charging";
    if (facts.offeredA < MIN_OFFER_A) return "SuspendedEVSE";
    if (!facts.wanted) return "SuspendedEV";
    return previous === "SuspendedEVSE" || previous === "SuspendedEV" ? previous : "Preparing";
  }
  if (!facts.operative) return "Unavailable";
  if (facts.plugged) return facts.ended ? "Finishing" : "Preparing";
  if (facts.awaitsCar) return "Preparing";
  return facts.reserved ? "Reserved" : "Available";
}
