/** OCPP 1.6 §3.13 and §5.16: charging profiles sent by a flow. */
import { exchange, refused, status, withheld } from "./commanded.ts";
import type { Row } from "./row.ts";

const profile = (purpose: string, more: object = {}, periods: object[] = [{ startPeriod: 0, limit: 6 }]) => ({
  ...{ chargingProfileId: 100, stackLevel: 0, chargingProfilePurpose: purpose, chargingProfileKind: "Absolute" },
  ...{ chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: periods } },
  ...more,
});
const set = (connectorId: number, ...of: Parameters<typeof profile>) => ({
  connectorId,
  csChargingProfiles: profile(...of),
});

export const PROFILES: readonly Row[] = [
  exchange(
    "TC_056",
    "a default for transactions",
    "SetChargingProfile",
    set(1, "TxDefaultProfile"),
    status("Accepted"),
  ),
  exchange(
    "TC_057",
    "for one transaction",
    "SetChargingProfile",
    set(1, "TxProfile", { transactionId: 7 }),
    status("Accepted"),
  ),
  exchange(
    "TC_059",
    "with a profile and without a transaction",
    "RemoteStartTransaction",
    { idTag: "T", connectorId: 1, chargingProfile: profile("TxProfile") },
    status("Accepted"),
  ),
  withheld("TC_059", "a profile that names a transaction", "RemoteStartTransaction", {
    idTag: "T",
    connectorId: 1,
    chargingProfile: profile("TxProfile", { transactionId: 7 }),
  }),
  exchange(
    "3.13",
    "a maximum of the charge point",
    "SetChargingProfile",
    set(0, "ChargePointMaxProfile"),
    status("Accepted"),
  ),
  withheld(
    "3.13",
    "a maximum of the charge point on a connector",
    "SetChargingProfile",
    set(1, "ChargePointMaxProfile"),
  ),
  withheld(
    "3.13",
    "a transaction's profile on connector 0",
    "SetChargingProfile",
    set(0, "TxProfile", { transactionId: 7 }),
  ),
  withheld(
    "errata 3.45",
    "a first step after 0",
    "SetChargingProfile",
    set(1, "TxDefaultProfile", {}, [{ startPeriod: 5, limit: 6 }]),
  ),
  withheld(
    "5.16",
    "a limit below 0",
    "SetChargingProfile",
    set(1, "TxDefaultProfile", {}, [{ startPeriod: 0, limit: -1 }]),
  ),
  withheld(
    "5.16",
    "a limit of two decimals",
    "SetChargingProfile",
    set(1, "TxDefaultProfile", {}, [{ startPeriod: 0, limit: 6.25 }]),
  ),
  exchange(
    "errata 3.39",
    "NotSupported",
    "SetChargingProfile",
    set(2, "TxDefaultProfile"),
    status("NotSupported"),
    false,
  ),
  refused("5.16", "SetChargingProfile", set(9, "TxDefaultProfile"), "PropertyConstraintViolation"),
  exchange(
    "TC_066",
    "Accepted",
    "GetCompositeSchedule",
    { connectorId: 1, duration: 300 },
    {
      ...{ status: "Accepted", connectorId: 1, scheduleStart: "2026-06-01T12:00:00Z" },
      chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
    },
  ),
  exchange(
    "TC_067",
    "what matches all of it",
    "ClearChargingProfile",
    { connectorId: 1, chargingProfilePurpose: "TxDefaultProfile", stackLevel: 0 },
    status("Accepted"),
  ),
  exchange("TC_067", "Unknown", "ClearChargingProfile", { id: 4711 }, status("Unknown"), false),
];
