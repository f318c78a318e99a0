import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { chargingProfile } from "./charging-profile.ts";
import { integer, message, statusOnly } from "./schema.ts";

/** SetChargingProfile.req (OCPP 1.6 §5.16). */
export const setChargingProfileRequest = message({
  connectorId: integer("The connector; 0 = the charge point as a whole, or every connector for a TxDefaultProfile.", 0),
  csChargingProfiles: chargingProfile,
});

/** SetChargingProfile.conf (OCPP 1.6 §5.16). */
export const setChargingProfileResponse = statusOnly("Accepted: installed, which does not show that it is followed.", [
  "Accepted",
  "Rejected",
  "NotSupported",
]);

export const setChargingProfile: ActionSpec = {
  action: "SetChargingProfile",
  initiator: "centralSystem",
  feature: "SmartCharging",
  description: "Installs a charging profile, which limits current or power.",
  request: setChargingProfileRequest,
  response: setChargingProfileResponse,
  sample: {
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1000,
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Absolute",
      chargingSchedule: {
        startSchedule: "2026-01-01T00:00:00Z",
        chargingRateUnit: "A",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }],
      },
    },
  },
};

export type SetChargingProfileRequest = Static<typeof setChargingProfileRequest>;
export type SetChargingProfileResponse = Static<typeof setChargingProfileResponse>;
