import type { ConnectorState, ManagerCode, Reason } from "../messages.ts";
import { DISOBEYS_MS, NOMINAL_V, OVERDRAW_A, SAFE_A, SETTLED_MS, STALE_AFTER_S } from "../thresholds.ts";
import type { JsonValue, Triple } from "../units.ts";
import type { AssumedLoad } from "./controller/background/assumed-load.ts";

export type { ConnectorState, ManagerCode, Reason, ReasonCode, ReasonNote } from "../messages.ts";

/**
 * The allocator's public shapes. Currents are A per phase, powers W, times seconds unless the name says otherwise.
 * Site phases are [L1, L2, L3]; "terminal order" is the charger's own phase order before rotation.
 */
export interface AllocationInput {
  zones: Zone[];
  connectors: Connector[];
  /** Power that would be exported if no car drew anything from it; what pv and minpv connectors may use in sum. Absent = 0 W. */
  pv?: { surplusW: number };
  config?: Partial<AllocationConfig>;
}

/** One breaker of the building. Zones form trees by `parent`. */
export interface Zone {
  id: string;
  parent: string | null;
  limitA: number | Triple;
  operatorLimitA?: number | Triple;
  headroomA?: number | Triple;
  assumedLoadA?: number | Triple;
  maxPowerW?: number;
  /** Largest difference allowed between two phases, A. */
  imbalanceA?: number;
  /** What each connector below gets while a meter of the zone is stale; the lowest on the path wins, then config.failSafeA. */
  failSafeA?: number;
  /** A limit from outside: `evse` holds for the chargers alone, `total` for chargers and background. */
  gridLimit?: { powerW?: number; currentA?: number; scope: "evse" | "total"; creditW?: number };
  meters?: ZoneMeter[];
  /** It has a meter that was not heard yet and is not among `meters`; only the controller looks at it. */
  awaits?: boolean;
}

/** A meter that measures a zone's load, with the age of its newest reading. */
export interface ZoneMeter {
  id: string;
  /** Whether the zone's chargers are part of what it measures. */
  location: "including" | "excluding";
  /** Signed A per site phase, import positive; null = unknown. */
  currentA: (number | null)[] | null;
  ageS: number;
  /** Default 30. */
  staleAfterS?: number;
  /** Default failSafe. */
  onStale?: "failSafe" | "fallbackLoad";
  fallbackA?: number | Triple;
  /** It was found to measure wrongly: what was seen with it is not believed either. Only the controller looks at it. */
  doubted?: boolean;
}

/** Position = terminal 1..3, letter R/S/T = site phase L1/L2/L3. */
export type Rotation = "RST" | "STR" | "TRS" | "RTS" | "SRT" | "TSR" | "Unknown";
export type ChargingMode = "fast" | "pv" | "minpv" | "off";

/** One outlet that may draw current. Defaults are those of the contract (3 phases, RST, 32 A, class 1, charging). */
export interface Connector {
  id: string;
  zone: string;
  phases?: 1 | 2 | 3;
  rotation?: Rotation;
  /** Terminals 1..3 on which the car was seen to draw. */
  detectedPhases?: number[];
  minA?: number;
  /** Instead of `minA` while its car loads more than one phase (EV/ZE Ready: 8 A on one, 14 A on three). */
  minA3p?: number;
  maxA?: number;
  demandCapA?: number;
  externalLimitA?: number;
  /** 0 = VIP; larger = served later. */
  priorityClass?: number;
  weight?: number;
  mode?: ChargingMode;
  state?: ConnectorState;
  /** Already charging; keeps its place before waiting cars. */
  incumbent?: boolean;
  arrivalS?: number;
  chargingS?: number;
  energyWh?: number;
  /** Reserved while offline, on all wired phases. Default maxA. */
  disconnectedA?: number;
  /**
   * What it takes when it is left alone, A per phase: it does not fall back by itself, so this much of every limit is kept from the
   * connectors that do, whatever it is given (S12). Absent = it falls back.
   */
  aloneA?: number;
  /** A per terminal 1..3, as the charger reports it. */
  measuredA?: (number | null)[];
  /** Online but not controllable: this much is reserved, nothing is allocated. */
  reservedA?: number;
}

export interface AllocationConfig {
  voltageV: number;
  stepA: number;
  minA1p: number;
  minA3p: number;
  failSafeA: number;
  shedding: "fifo" | "duration" | "energy";
  priorityPolicy: "minFirst" | "strict";
  idlePolicy: "minIfSpare" | "zero";
  fairness: "current" | "power";
  creditGeneration: boolean;
  itNetwork: boolean;
}

export const ALLOCATION_DEFAULTS: Readonly<AllocationConfig> = {
  voltageV: NOMINAL_V,
  stepA: 0.1,
  minA1p: SAFE_A,
  minA3p: SAFE_A,
  failSafeA: SAFE_A,
  shedding: "fifo",
  priorityPolicy: "minFirst",
  idlePolicy: "minIfSpare",
  fairness: "current",
  creditGeneration: false,
  itNetwork: false,
};

export interface AllocationResult {
  /** `reasons[0]` is the binding one. */
  connectors: Record<string, { limitA: number; phasesA: Triple; reasons: Reason[] }>;
  /** `loadA` = what the allocation lets the zone's chargers draw, background not included. */
  zones: Record<string, { capacityA: Triple; backgroundA: Triple; loadA: Triple; failSafe: boolean }>;
}

/** A limit of one connector, A, and what it comes from. */
export type Ceiling = { limitA: number } & (
  | { cause: "person" }
  /** An energy manager, by its address; or, with an empty one, what was agreed for the time in which none speaks. */
  | { cause: "manager"; code: ManagerCode; writer: string; untilWallMs: number | null }
  /** A limit from outside holds starts, for the reason that it gave. */
  | { cause: "startHold"; reason: string }
  /** Another connector of the charge point, by its number, has the turn. */
  | { cause: "turn"; connector: number }
  /** Nothing below a meter is raised until it delivers good values again. */
  | { cause: "meterHold"; meter: string }
  /** Its charger changes between one phase and three. */
  | { cause: "phasePlan" }
  /** Its last start has not shown in the measurements yet. */
  | { cause: "recentStart" }
  /** A back end that its charges are reported to has lowered it. */
  | { cause: "cloudLimit"; backEnd: string; isBadgeRefused?: true }
  /** A run that proves its wiring lets its current go up and down. */
  | { cause: "commissioning" }
  /** It is not raised while such a run is under way at another connector. */
  | { cause: "commissioningHold"; connector: string }
  /** It is not raised while a drill needs the others to stay as they are. */
  | { cause: "drillHold" }
  /** It leaves room that a drill needs. */
  | { cause: "drillRoom" }
  /** The guard, or the fail-safe of a failing cycle, took the place of the last decision. */
  | { cause: "guard" }
);

/** A connector as the controller is told of it. */
export interface SnapshotConnector extends Connector {
  measuredTsMs?: number;
  /** The limit last commanded to it, A: decisions go on from there. Absent = the one that this controller decided last. */
  commandedA?: number;
  /** The lease of a higher limit has ended: the connector fell to `commandedA` by itself, and long ago. */
  leaseEnded?: true;
  /** Limits besides `externalLimitA`; the lowest of all holds. */
  ceilings?: readonly Ceiling[];
}

/** What the controller is given at each tick: an AllocationInput whose meters carry `tsMs` instead of `ageS`. */
export interface Snapshot extends Omit<AllocationInput, "zones" | "connectors" | "pv"> {
  zones: (Omit<Zone, "meters"> & { meters?: (Omit<ZoneMeter, "ageS"> & { tsMs: number })[] })[];
  connectors: SnapshotConnector[];
  /** Power at the grid connection, import positive, with the cars' draw inside. */
  site?: { gridW: number };
  /** A draw in it only seems to be: nothing is learnt of the zones' loads from it. */
  drilled?: true;
}

export interface ControllerConfig {
  rampUpAps: number;
  /** A smaller increase is not sent, unless it completes the target while rising, A. */
  deadbandA: number;
  /**
   * Few writes: for so long after a decrease an increase has to be twice the dead band, after so long without a change half of it will
   * do, and what completes a target is sent only where the connector can have no more, s. 0 = the dead band alone.
   */
  calmS: number;
  settleS: number;
  settleTolA: number;
  demandLowS: number;
  demandTolA: number;
  demandMarginA: number;
  demandUpTolA: number;
  rotationS: number;
  minOnS: number;
  minOffS: number;
  staleAfterS: number;
  pvEnableDelayS: number;
  pvDisableDelayS: number;
  residualW: number;
  nonCompliantS: number;
}

export const CONTROLLER_DEFAULTS: Readonly<ControllerConfig> = {
  rampUpAps: 0.5,
  deadbandA: 0.3,
  calmS: 0,
  settleS: SETTLED_MS / 1000,
  settleTolA: OVERDRAW_A,
  demandLowS: 60,
  demandTolA: 1,
  demandMarginA: 3,
  demandUpTolA: 1,
  rotationS: 900,
  minOnS: 180,
  minOffS: 60,
  staleAfterS: STALE_AFTER_S,
  pvEnableDelayS: 60,
  pvDisableDelayS: 180,
  residualW: 0,
  nonCompliantS: DISOBEYS_MS / 1000,
};

/** The load behind a meter that is no charger, A per phase, from readings of different moments (S4b). */
export interface BackgroundEstimate {
  /** What connectors are lowered to, and what counts as seen. */
  nominalA: Triple;
  /** What rises and starts have to fit beside: more, where a charger that reports seldom may hide a load. */
  upperA: Triple;
}

/** A zone with a silent meter. */
export interface SilentZone {
  zone: string;
  /** What is assumed of it with all below it, A per phase. */
  loadA: Triple;
  /** It is configured, or a whole day was seen; else it is only what was seen so far. */
  known: boolean;
  /** Per phase: beside it there is room for all at once, so connectors may get more than they have. */
  mayRise: readonly [boolean, boolean, boolean];
}

/** What is assumed of loads that no meter shows (S4, S12). */
export interface Assumptions {
  /** Of each zone with all below it, as it counts when no controller is left to look at meters. */
  afterwards: ReadonlyMap<string, AssumedLoad>;
  /** The zones with a silent meter. */
  silent: readonly SilentZone[];
  /** Names of the zones whose own load was seen for a whole day. */
  seenADay: ReadonlySet<string>;
}

export interface ControllerResult {
  setpoints: Record<string, { limitA: number; reasons: Reason[] }>;
  /** Made when it is asked for. */
  assumptions?: Assumptions;
  /** What `allocate` asked for; setpoints approach it (ramps, settling, minimum times). */
  target: AllocationResult;
}

/**
 * What all connectors below one root zone may hold together, as the last decision saw it (safety.md S12): capacities with background and
 * headroom taken off, and where each connector counts. Limits from outside, in A or W, count while leases run: they hold until the
 * last one that ends downwards has ended. Afterwards all hold their safe currents, which a deploy has checked without them.
 */
export interface AloneRows {
  /**
   * Whether a current of one connector fits every limit above it beside what the others hold.
   * @param holdsA what each of the others holds, A per phase
   * @param when beside the load of now, or beside the assumed load of a time without meters
   */
  fits(id: string, currentA: number, holdsA: (connector: string) => number, when?: "now" | "afterwards"): boolean;
}

/** Decides the setpoints of one root zone. Keeps no clock and no timer: it acts when called, on what it is given. */
export interface DlmController {
  /** @param nowMs monotonic milliseconds, the same clock as the snapshot's `tsMs`
   *  @throws TypeError | RangeError naming the path of a malformed input; the state is then unchanged */
  tick(nowMs: number, snapshot: Snapshot): ControllerResult;
  /** Everything it remembers, as plain JSON, ages instead of times, to be handed to the next controller as `saved`. */
  state(): JsonValue;
  /** The background at the last tick, by name of each zone with a meter that includes its chargers. */
  estimates(): ReadonlyMap<string, BackgroundEstimate>;
  /** Where limits have to fit when everything here is gone, as the last tick saw it (S12); null before the first. */
  aloneRows(): AloneRows | null;
}
