import type { Static } from "typebox";
import { chargingProfilePurpose } from "./charging-profile.ts";
import { integer, message, optional, statusOnly } from "./schema.ts";

/** ClearChargingProfile.req (OCPP 1.6 §5.5). */
export const clearChargingProfileRequest = message({
  id: optional(integer()),
  connectorId: optional(integer(0)),
  chargingProfilePurpose: optional(chargingProfilePurpose()),
  stackLevel: optional(integer(0)),
});

/** ClearChargingProfile.conf (OCPP 1.6 §5.5). */
export const clearChargingProfileResponse = statusOnly(["Accepted", "Unknown"]);

export type ClearChargingProfileRequest = Static<typeof clearChargingProfileRequest>;
export type ClearChargingProfileResponse = Static<typeof clearChargingProfileResponse>;
