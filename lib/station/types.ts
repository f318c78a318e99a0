import type { Fault } from "../alarm/faults.ts";
import type { ConnectorFacts, ConnectorWiring } from "../dlm/topology/facts.ts";
import type { Dialect } from "../ocpp/dialect.ts";
import type { DataAnswer, Sample } from "../ocpp/facts.ts";
import type { CallOptions, Order } from "../ocpp/port.ts";
import type {
  LearntFacts,
  LearntValue,
  ModelProfile,
  TraitPatch,
  Traits,
  TraitView,
} from "./capabilities/models/types.ts";

/** What is said of a socket beside its wiring. */
export interface SocketDescription {
  /** What people call it; absent = its number. */
  name?: string;
  socketType?: string;
  /** Name of the meter that counts for its sessions. */
  sessionMeter?: string;
}

/** One charge point as its ev-charge-point node describes it. */
export interface ChargePointDefinition {
  identity: string;
  /** What people call it; absent or empty = its identity. */
  name?: string;
  /** Where it is, in their words. */
  place?: string;
  aliases: string[];
  /** Model profile id, or `auto`. */
  model: string;
  /** What the user says of it; overrules model and experience. */
  overrides: TraitPatch;
  safeA: number;
  stationLimitA: number | null;
  /** Name of the zone; null while none is chosen. */
  zone: string | null;
  connectors: (ConnectorWiring & SocketDescription & { number: number })[];
  /** Basic-auth password; null = none of its own. */
  password: string | null;
  /** False for a charger without OCPP that a flow drives. */
  ocpp: boolean;
  /** Key of the central system that it may connect to; absent = any of its site. */
  centralSystem?: string;
  /** Ids of the steps that people ticked in its dialog; absent = none. */
  ticked?: string[];
}

/**
 * `ready`: CALLs may be sent, profiles are to be armed again. `learnt`: traits changed. `boot`: it may have lost its profiles.
 * `conflict`: a second charge point claims its identity.
 * `clock`: our clock or the charge point's was set, leases are to be issued again. `trouble`: a connector began or ceased to obey,
 * or a fault leaves in doubt what is drawn there.
 */
export type StationChangeKind =
  | "online"
  | "offline"
  | "boot"
  | "ready"
  | "learnt"
  | "clock"
  | "status"
  | "plug"
  | "unplug"
  | "transaction"
  | "trouble"
  | "definition"
  | "conflict"
  | "removed";

/** Something changed at a charge point; `connector` is 0 for the charge point as a whole. */
export interface StationChange {
  kind: StationChangeKind;
  chargePoint: string;
  connector: number;
  /** With `learnt`: the traits that became different, such as `smart.stackMax`. */
  paths?: readonly string[];
}

/** A charge point that connected and that no node describes. */
export interface ParkedChargePoint {
  identity: string;
  vendor: string | null;
  model: string | null;
  address: string | null;
  /** ISO 8601 UTC. */
  lastSeen: string;
}

export type StationState = "offline" | "awaitBoot" | "ready" | "parked";

/** One connector as last reported. */
export interface ConnectorView {
  number: number;
  /** OCPP status as reported; null before the first StatusNotification. */
  status: string | null;
  errorCode: string | null;
  transaction: { transactionId: string; idTag: string; startedWallMs: number; meterStartWh: number | null } | null;
  /** A per terminal. */
  measuredA: (number | null)[] | null;
  measuredAtMs: number | null;
  /** Current.Offered, A per phase: what the charge point allows the car; null where it does not say. */
  offeredA: number | null;
  offeredAtMs: number | null;
  energyWh: number | null;
}

/** A charge point at run time. */
export interface StationHandle {
  readonly identity: string;
  readonly definition: ChargePointDefinition | null;
  readonly state: StationState;
  readonly online: boolean;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  /** What holds for it: default ← model ← learnt ← user. */
  readonly traits: Traits;
  /** The chosen model, else the one that fits what it said at its last boot; null = none. */
  readonly modelProfile: ModelProfile | null;
  /** Facts learnt under its present firmware. */
  readonly learntFacts: LearntFacts;
  /** Connectors that were taken out of service from here; 0 = the charge point as a whole. */
  readonly inoperative: readonly number[];
  /** Configuration keys whose change waits for a reboot, which is left to a person. */
  readonly pendingReboot: readonly string[];
  /** How far its clock is behind ours, ms; 0 unless it is clearly wrong. */
  readonly clockSkewMs: number;
  /** By how much it may be further ahead than `clockSkewMs` says, ms; 0 unless readings of late disagree. */
  readonly clockAheadMs: number;
  readonly connectors: ReadonlyMap<number, ConnectorView>;
  /** What it says is wrong, by connector; 0 = the charge point as a whole. */
  readonly faults: ReadonlyMap<number, Fault>;
  /** Every trait with its value, source and note, for dialogs. */
  traitViews(): TraitView[];
  /**
   * Notes what the charge point showed (`smart.stackMax`, 0, `refused stack level 1`); durable by identity and firmware. A value that
   * is none of the trait's, or nothing new, changes nothing. Emits `learnt` with the traits that became different.
   */
  learn(path: string, value: LearntValue["value"], how: string): void;
  /** Facts for the DLM, one per connector of the definition. */
  facts(nowMs: number): ConnectorFacts[];
  /**
   * Since when setpoints are meant for this connector (monotonic): connected, its state known, nothing refused.
   * null while it is reserved instead of allocated.
   */
  commandableSinceMs(connector: number): number | null;
  /** A transaction is about to be stopped from here: its end is recorded with this reason. */
  willStop(transactionId: string, reason: string): void;
  /** What is spoken with it. */
  readonly dialect: Dialect;
  /** @throws EvError as StationConnection.call, EV_OCPP_OFFLINE when not connected */
  readonly order: Order;
  /** Sends a message of its dialect. @throws as `order` */
  call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>>;
}

/** Values that a charge point signed, or sent with the end of a transaction, as they came. */
export interface WholeValues {
  chargePoint: string;
  connector: number;
  /** null = it does not say. */
  transactionId: string | null;
  /** They came with the end of the transaction. */
  atEnd: boolean;
  samples: readonly Sample[];
}

/** Who takes a charge point's own words on to others, unchanged. */
export interface Carrier {
  /** @returns null where they go nowhere; else it resolves when they are durable */
  whole(values: WholeValues): Promise<void> | null;
  /** A message of a vendor's own kind. @returns null where it goes nowhere; else the answer. Never rejects */
  data(chargePoint: string, payload: Record<string, unknown>): Promise<DataAnswer> | null;
}

/** Decides whether a charge point gets the certificate it asks for. `reason` says why not, for people; null = nobody signs here. */
export type SignRequests = (
  identity: string,
  csr: string,
) => { status: "Accepted" | "Rejected"; requestId: string | null; reason: string | null };
