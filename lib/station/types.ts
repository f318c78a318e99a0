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
  readonly connectors: ReadonlyMap<number, ConnectorView>;
  /** Facts for the DLM, one per connector of the definition. */
  facts(nowMs: number): ConnectorFacts[];
  /** @throws EvError as StationConnection.call, EV_OCPP_OFFLINE when not connected */
  call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>>;
}
