import type { BadgeInfo } from "./facts.ts";

/** What a charge point is told, in words of no version of OCPP. It answers with a `status` in the specification's words. */
export interface StationOrders {
  /** Send such a message now; without a connector, of all that it has. */
  report: { what: ReportName; connector?: number };
  /** Keep to a charging profile. */
  setProfile: ProfileOrder;
  /** Forget one charging profile, or all of a purpose. */
  clearProfiles: { id: number } | { purpose: string };
  /** Tell what all profiles come to at a connector, from now on. */
  readSchedule: { connector: number; durationS: number; unit: ProfileOrder["unit"] };
  /** Be in or out of service; 0 = the charge point as a whole. */
  setOperative: { connector: number; operative: boolean };
  /** Tell configuration keys, by their names in OCPP 1.6: `KeysAnswer`. Without names, all. */
  readKeys: { keys: readonly string[] };
  writeKey: { key: string; value: string };
  /** Without a connector the charge point chooses. */
  startTransaction: { idTag: string; connector?: number };
  stopTransaction: { transactionId: string };
  /** Keep a connector for a badge, and for those of its group, until a time (ISO 8601); the same number again replaces it. */
  reserve: { id: number; connector: number; idTag: string; parentIdTag?: string; until: string };
  cancelReservation: { id: number };
  /** Tell the version of the list of badges that it keeps. */
  listVersion: Record<string, never>;
  /** Keep these badges: all there are (`Full`), or as changes; a change without `idTagInfo` takes a badge out. */
  sendList: { listVersion: number; updateType: "Full" | "Differential"; localAuthorizationList: readonly ListEntry[] };
}

/** A charging profile that is to be installed. */
export interface ProfileOrder {
  /** 0 = the charge point as a whole. */
  connector: number;
  id: number;
  level: number;
  purpose: "ChargePointMaxProfile" | "TxDefaultProfile" | "TxProfile";
  /** Set exactly for a TxProfile. */
  transactionId: string | null;
  /** ISO 8601 UTC; null = its periods count from the start of charging, or from its receipt. */
  startsAt: string | null;
  unit: "A" | "W";
  /** `phases`: how many to feed; left out where the charge point need not be told. */
  periods: readonly { startS: number; limit: number; phases?: number }[];
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
