import type { BadgeInfo } from "./facts.ts";

/** What a charge point is told, in words of no version of OCPP. It answers with a `status` in the specification's words. */
export interface StationOrders {
  /** Send such a message now; without a connector, of all that it has. */
  report: { what: ReportName; connector?: number };
  /** Forget one charging profile, or all of a purpose. */
  clearProfiles: { id: number } | { purpose: string };
  /** Be in or out of service; 0 = the charge point as a whole. */
  setOperative: { connector: number; operative: boolean };
  /** Tell configuration keys, by their names in OCPP 1.6: `KeysAnswer`. Without names, all. */
  readKeys: { keys: readonly string[] };
  writeKey: { key: string; value: string };
  startTransaction: { idTag: string };
  stopTransaction: { transactionId: string };
  /** Tell the version of the list of badges that it keeps. */
  listVersion: Record<string, never>;
  /** Keep these badges: all there are (`Full`), or as changes; a change without `idTagInfo` takes a badge out. */
  sendList: { listVersion: number; updateType: "Full" | "Differential"; localAuthorizationList: readonly ListEntry[] };
}

export interface ListEntry {
  idTag: string;
  idTagInfo?: BadgeInfo;
}

export type OrderName = keyof StationOrders;

/** Messages that a charge point can be asked for. */
export type ReportName = "BootNotification" | "Heartbeat" | "MeterValues" | "StatusNotification";

/** The answer to `readKeys`. */
export interface KeysAnswer {
  configurationKey?: readonly { key: string; value?: string; readonly: boolean }[];
  unknownKey?: readonly string[];
}
