import Type, { type Static } from "typebox";
import { choice, dateTime, integer, list, object, optional, seconds, tenths } from "./schema.ts";

export const chargingRateUnit = (description: string) => choice(description, ["A", "W"]);
export const chargingProfilePurpose = (description: string) =>
  choice(description, ["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]);

/** From `startPeriod` seconds after the schedule's start on (§7.14). */
export const chargingSchedulePeriod = object("One step of the schedule.", {
  startPeriod: seconds("Seconds from the schedule's start to this step; the first one is 0."),
  limit: tenths("The limit from then on, to one decimal; A per phase or W in all, as the unit says. 0 pauses."),
  numberPhases: optional(
    Type.Integer({ minimum: 1, maximum: 3, description: "Phases that may be used; 3 are taken when it is left out." }),
  ),
});

/** §7.13. */
export const chargingSchedule = object("The limits over time.", {
  duration: optional(seconds("How long the schedule holds; without it, its last step has no end.")),
  startSchedule: optional(
    dateTime("When an Absolute or Recurring schedule starts; left out, it counts from the start of charging."),
  ),
  chargingRateUnit: chargingRateUnit(
    "Unit of the limits. Many chargers take only one of the two: ChargingScheduleAllowedChargingRateUnit tells.",
  ),
  chargingSchedulePeriod: list("The steps, earliest first.", chargingSchedulePeriod, 1),
  minChargingRate: optional(
    tenths("Least rate at which charging is efficient, in the schedule's unit, to one decimal."),
  ),
});

/** §7.8. */
export const chargingProfile = object("The charging profile.", {
  chargingProfileId: integer("Number of the profile; one with the same number is replaced."),
  transactionId: optional(integer("The transaction that a TxProfile belongs to.")),
  stackLevel: integer("Of several profiles of a purpose, the one with the highest level holds.", 0),
  chargingProfilePurpose: chargingProfilePurpose(
    "What it limits: the whole charge point (connector 0 only), every new transaction, or the one that runs.",
  ),
  chargingProfileKind: choice("Whether its time is fixed, comes again, or counts from the start of charging.", [
    "Absolute",
    "Recurring",
    "Relative",
  ]),
  recurrencyKind: optional(choice("How often a Recurring profile comes again.", ["Daily", "Weekly"])),
  validFrom: optional(dateTime("The profile counts from then on; at once when left out.")),
  validTo: optional(dateTime("The profile counts until then; until it is replaced when left out.")),
  chargingSchedule,
});

export type ChargingSchedulePeriod = Static<typeof chargingSchedulePeriod>;
export type ChargingSchedule = Static<typeof chargingSchedule>;
export type ChargingProfile = Static<typeof chargingProfile>;
