import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { chargingProfilePurpose } from "./charging-profile.ts";
import { integer, message, optional, statusOnly } from "./schema.ts";

/** ClearChargingProfile.req (OCPP 1.6 §5.5). */
export const clearChargingProfileRequest = message({
  id: optional(integer("Number of the one profile to remove; the other fields are then ignored.")),
  connectorId: optional(integer("Only profiles of this connector; 0 = those of the charge point as a whole.", 0)),
  chargingProfilePurpose: optional(chargingProfilePurpose("Only profiles of this purpose.")),
  stackLevel: optional(integer("Only profiles of this stack level.", 0)),
});

/** ClearChargingProfile.conf (OCPP 1.6 §5.5). */
export const clearChargingProfileResponse = statusOnly("Unknown: no profile matched.", ["Accepted", "Unknown"]);

export const clearChargingProfile: ActionSpec = {
  action: "ClearChargingProfile",
  initiator: "centralSystem",
  feature: "SmartCharging",
  description: "Removes the charging profiles that match every given field.",
  request: clearChargingProfileRequest,
  response: clearChargingProfileResponse,
  sample: { connectorId: 1 },
};

export type ClearChargingProfileRequest = Static<typeof clearChargingProfileRequest>;
export type ClearChargingProfileResponse = Static<typeof clearChargingProfileResponse>;
