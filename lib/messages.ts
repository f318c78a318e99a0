import type { AlarmSeverity } from "./alarm-types.ts";
import type { MaybeTriple, Triple } from "./units.ts";

/** Whether a reading may be relied on: `stale` = too old, `bad` = could not be read or cannot be true. */
export type Quality = "good" | "stale" | "bad";

/** Payload of a measurement message. Phases are site phases, import is positive, unknown is null. */
export interface MeasurementPayload {
  /** ISO 8601 UTC, time of the reply. */
  ts: string;
  currentA: MaybeTriple;
  voltageV: MaybeTriple;
  powerW: number | null;
  phasePowerW: MaybeTriple;
  energyImportWh: number | null;
  energyExportWh: number | null;
  frequencyHz: number | null;
  powerFactor: number | null;
  socPercent: number | null;
  quality: Quality;
  /** A photovoltaic inverter that has gone to sleep: its 0 W were concluded, not measured. */
  asleep?: true;
}

export interface MeasurementMessage {
  topic: string;
  /** The meter's name. */
  meter: string;
  payload: MeasurementPayload;
}

export interface SurplusPayload {
  ts: string;
  surplusW: number;
  gridW: number;
  residualW: number;
  enableDelayS: number;
  disableDelayS: number;
}

export interface SurplusMessage {
  topic: "surplus";
  payload: SurplusPayload;
}

/** How a connector is doing, as load management counts it. */
export type ConnectorState = "charging" | "waiting" | "idle" | "available" | "offline";

/** Why a setpoint is not higher. */
export type ReasonCode =
  | "MAX"
  | "MIN"
  | "ZONE"
  | "POWER"
  | "GRID"
  | "PV"
  | "IMBALANCE"
  | "WAIT"
  | "MAX_BELOW_MIN"
  | "IDLE"
  | "IDLE_MIN"
  | "OFFLINE"
  | "SETTLING"
  | "RAMP"
  | "MIN_OFF"
  | "PV_HOLD"
  | "FAILSAFE"
  | "OFF"
  | "NOT_REQUESTING"
  | "CLOUD"
  | ManagerCode;

/** Who besides the people of the site allows less: a home energy manager, a building management system. */
export type ManagerCode = "HEMS" | "BMS";

/** What the code of a reason does not tell; a key of `load` in the sentences. */
export type ReasonNote =
  | "badgeRefused"
  | "uncontrollable"
  | "disobeys"
  | "waking"
  | "unsure"
  | "meterSilent"
  | "stoppedForBreaker";

/** Why a connector gets what it gets. */
export interface Reason {
  code: ReasonCode;
  note?: ReasonNote;
  zone?: string;
  phase?: 1 | 2 | 3;
  text?: string;
}

/** One thing said to each reader: the driver at the outlet, facility staff, the integrator who set the site up. */
export type Words = Readonly<Record<"driver" | "staff" | "integrator", string>>;

/** Out of ev-dlm, into ev-charging-profile: one connector's setpoint with its reasons. */
export interface AllocationMessage {
  topic: string;
  chargePoint: string;
  connector: number;
  /** Name of the zone the connector hangs on. */
  zone: string;
  payload: {
    ts: string;
    limitA: number;
    phasesA: Triple;
    leaseS: number;
    /** Cycle of the ev-dlm that sent it: an allocation older than 2 × cycleS + 5 s renews nothing. */
    cycleS: number;
    seq: number;
    /** Phases the charger is to feed; only for chargers that can choose. */
    phases?: 1 | 3;
    reasons: Reason[];
    text: string;
    /** The first reason, without numbers, for each reader. */
    words?: Words;
  };
}

/** Out of ev-dlm, every cycle: how full a zone is. Currents are A per site phase. */
export interface ZoneMessage {
  topic: string;
  zone: string;
  payload: {
    ts: string;
    /** The breaker, or the operator's limit where that is lower. */
    limitA: Triple;
    /** What the background leaves to the chargers. */
    capacityA: Triple;
    backgroundA: Triple;
    /** Allocated to the chargers, and reserved for those that are offline or do not obey. */
    loadA: Triple;
    /** The zone's meter where one includes the chargers, else background and chargers added up; null = unknown. */
    measuredA: MaybeTriple;
    failSafe: boolean;
    /** Its demand limit, where it has one. */
    demand?: ZoneDemand;
    connectors: ZoneConnector[];
  };
}

/** How the demand limit of a zone is doing. */
export interface ZoneDemand {
  limitW: number;
  windowS: number;
  /** Mean of the window that is on. */
  meanW: number;
  /** What the zone may draw now. */
  allowedW: number;
  /** The highest mean of a window of this month, and when that ended (ISO 8601 UTC); null = none has ended yet. */
  peakW: number | null;
  peakAt: string | null;
}

/** A connector in a zone snapshot. */
export interface ZoneConnector {
  chargePoint: string;
  connector: number;
  state: ConnectorState;
  limitA: number;
  /** A per terminal as the charger reports it; null = no reading. */
  measuredA: (number | null)[] | null;
  text: string;
  /** The first reason, without numbers, for each reader. */
  words?: Words;
}

export interface AlarmMessage {
  topic: string;
  payload: {
    key: string;
    state: "raised" | "cleared";
    severity: AlarmSeverity;
    since: string;
    text: string;
    action: string;
  };
}

/** What became of a limit, out of ev-charging-profile. Currents are A per phase. */
export interface LimitResult {
  requestedA: number | null;
  sentA: number | null;
  acceptedA: number | null;
  status: "accepted" | "rejected" | "timeout" | "offline" | "coalesced" | "unchanged" | "uncontrollable";
  verified: "composite" | "measured" | "no";
  purpose: string | null;
  stackLevel: number | null;
  profileId: number | null;
  /** ISO 8601 UTC; null when nothing is leased. */
  leaseUntil: string | null;
  tries: number;
  hint: string | null;
}

/** What ev-event tells of. The one list of names; more may come, none changes. */
export const STATION_EVENTS = [
  "online",
  "offline",
  "boot",
  "heartbeat",
  "status",
  "meter",
  "transaction.start",
  "transaction.stop",
  "authorize",
  "limit",
  "firmware",
  "diagnostics",
  "data",
  "certificate",
  "file",
  "restart",
  "reservation",
  "security",
  "unknown",
  "raw",
] as const;

export type StationEventName = (typeof STATION_EVENTS)[number];

/** Out of ev-event. `connector` is 0 for the charge point as a whole. */
export interface StationEvent {
  topic: string;
  chargePoint: string;
  connector: number;
  event: StationEventName;
  payload: Record<string, unknown>;
  ocpp?: { action: string; messageId: string; version: string; ts: string };
}
