import type { Static } from "typebox";
import { choice, integer, message, statusOnly } from "./schema.ts";

/** ChangeAvailability.req (OCPP 1.6 §5.2). */
export const changeAvailabilityRequest = message({
  connectorId: integer(0),
  type: choice(["Inoperative", "Operative"]),
});

/** ChangeAvailability.conf (OCPP 1.6 §5.2). */
export const changeAvailabilityResponse = statusOnly(["Accepted", "Rejected", "Scheduled"]);

export type ChangeAvailabilityRequest = Static<typeof changeAvailabilityRequest>;
export type ChangeAvailabilityResponse = Static<typeof changeAvailabilityResponse>;
