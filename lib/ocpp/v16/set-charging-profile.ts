import type { Static } from "typebox";
import { chargingProfile } from "./charging-profile.ts";
import { integer, message, statusOnly } from "./schema.ts";

/** SetChargingProfile.req (OCPP 1.6 §5.16). */
export const setChargingProfileRequest = message({
  connectorId: integer(0),
  csChargingProfiles: chargingProfile,
});

/** SetChargingProfile.conf (OCPP 1.6 §5.16). */
export const setChargingProfileResponse = statusOnly(["Accepted", "Rejected", "NotSupported"]);

export type SetChargingProfileRequest = Static<typeof setChargingProfileRequest>;
export type SetChargingProfileResponse = Static<typeof setChargingProfileResponse>;
