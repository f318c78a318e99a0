import type { LimitFaultKind } from "../station/limits/limit-book.ts";
import type { LimitOutcome } from "./result.ts";

/** How limits are leased. Seconds. */
export interface LeaseOptions {
  /** A limit holds so long without renewal; then the charge point falls to its safe current by itself. */
  leaseS: number;
  /** A limit is renewed after this. */
  refreshS: number;
  /** Two increases of a connector lie at least this far apart. */
  minIncreaseS: number;
}

/** A limit that a flow wants for a connector. */
export interface LimitRequest {
  chargePoint: string;
  connector: number;
  /** A per phase; null releases the connector to its safe current. */
  limitA: number | null;
  /** Name of the zone whose allocator set it; null for a limit set by hand. */
  zone: string | null;
  /** Age of the allocation, ms; 0 for a limit set by hand. */
  ageMs: number;
  /** Cycle of the allocator. */
  cycleS?: number;
  /** Phases the charger is to feed; only where it can choose. In a zone the setpoint's phases hold. */
  phases?: 1 | 3;
  /** How this limit is leased; else as the limiter is configured. */
  lease?: LeaseOptions;
  /** Id of the node that asks for it: `Limiter.withdraw` ends its renewal. */
  source?: string;
}

/** What became of a limit. */
export interface LimitReport {
  chargePoint: string;
  connector: number;
  zone: string | null;
  result: LimitOutcome;
}

/** The latest setpoint of a connector. */
export interface Setpoint {
  limitA: number;
  /** Monotonic. */
  atMs: number;
  cycleS: number;
  /** Phases the charger is to feed; only where it can choose. */
  phases?: 1 | 3;
}

/** How one connector is limited at the moment, for dialogs and status lines. Currents are A per phase. */
export interface LimitView extends LimitOutcome {
  chargePoint: string;
  connector: number;
  /** The variant in which the limit in force was installed, in words; null before the first. */
  way: string | null;
  /** Why it is reserved instead of allocated; null while it obeys. */
  trouble: LimitFaultKind | null;
  /** Profiles written in the last 24 hours. */
  writesToday: number;
}
