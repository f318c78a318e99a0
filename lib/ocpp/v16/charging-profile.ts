import Type, { type Static } from "typebox";
import { choice, dateTime, integer, list, message, optional } from "./schema.ts";

export const chargingRateUnit = () => choice(["A", "W"]);
export const chargingProfilePurpose = () => choice(["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]);

/** From `startPeriod` seconds after the schedule's start on (§7.14). */
export const chargingSchedulePeriod = message({
  startPeriod: integer(0),
  limit: Type.Number({ minimum: 0 }),
  numberPhases: optional(integer(1)),
});

/** §7.13. */
export const chargingSchedule = message({
  duration: optional(integer(0)),
  startSchedule: optional(dateTime()),
  chargingRateUnit: chargingRateUnit(),
  chargingSchedulePeriod: list(chargingSchedulePeriod, { minItems: 1 }),
  minChargingRate: optional(Type.Number({ minimum: 0 })),
});

/** §7.8. */
export const chargingProfile = message({
  chargingProfileId: integer(),
  transactionId: optional(integer()),
  stackLevel: integer(0),
  chargingProfilePurpose: chargingProfilePurpose(),
  chargingProfileKind: choice(["Absolute", "Recurring", "Relative"]),
  recurrencyKind: optional(choice(["Daily", "Weekly"])),
  validFrom: optional(dateTime()),
  validTo: optional(dateTime()),
  chargingSchedule,
});

export type ChargingSchedulePeriod = Static<typeof chargingSchedulePeriod>;
export type ChargingSchedule = Static<typeof chargingSchedule>;
export type ChargingProfile = Static<typeof chargingProfile>;
