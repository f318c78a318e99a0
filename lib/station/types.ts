import type { ConnectorFacts, ConnectorWiring } from "../dlm/facts.ts";
import type { CallOptions } from "../ocpp/port.ts";

/** One charge point as its ev-charge-point node describes it. */
export interface ChargePointDefinition {
  identity: string;
  aliases: string[];
  /** Model profile id, or `auto`. */
  model: string;
  safeA: number;
  stationLimitA: number | null;
  /** Name of the zone; null while none is chosen. */
  zone: string | null;
  connectors: (ConnectorWiring & { number: number })[];
  /** Basic-auth password; null = none of its own. */
  password: string | null;
  /** False for a charger without OCPP, driven by a flow. */
  ocpp: boolean;
}

/** What a charge point told about itself during set-up. */
export interface Learnt {
  /** Unit its charging schedules are written in. */
  rateUnit: "A" | "W";
  /** ChargeProfileMaxStackLevel; null while unknown. */
  maxStackLevel: number | null;
}

/** `ready`: CALLs may be sent, profiles are to be armed again. `learnt`: the `Learnt` facts changed. `boot`: it may have lost its profiles. */
export type StationChangeKind =
  | "online"
  | "offline"
  | "boot"
  | "ready"
  | "learnt"
  | "status"
  | "plug"
  | "unplug"
  | "transaction"
  | "definition"
  | "removed";

/** Something changed at a charge point; `connector` is 0 for the charge point as a whole. */
export interface StationChange {
  kind: StationChangeKind;
  chargePoint: string;
  connector: number;
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
  transaction: { transactionId: number; idTag: string; startedWallMs: number; meterStartWh: number | null } | null;
  /** A per terminal. */
  measuredA: (number | null)[] | null;
  measuredAtMs: number | null;
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
  readonly learnt: Learnt;
  /** How far its clock is behind ours, ms; 0 unless it is clearly wrong. */
  readonly clockSkewMs: number;
  readonly connectors: ReadonlyMap<number, ConnectorView>;
  /** Facts for the DLM, one per connector of the definition. */
  facts(nowMs: number): ConnectorFacts[];
  /**
   * Since when what the allocator says of this connector is meant for it (monotonic): connected, its state known, nothing refused.
   * null while it is reserved instead of allocated.
   */
  commandableSinceMs(connector: number): number | null;
  /** @throws EvError as StationConnection.call, EV_OCPP_OFFLINE when not connected */
  call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>>;
}
