import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, integer, message, statusOnly } from "./schema.ts";

/** ChangeAvailability.req (OCPP 1.6 §5.2). */
export const changeAvailabilityRequest = message({
  connectorId: integer("The connector; 0 = the charge point with all of them.", 0),
  type: choice("Operative takes it into service, Inoperative out of it.", ["Inoperative", "Operative"]),
});

/** ChangeAvailability.conf (OCPP 1.6 §5.2). */
export const changeAvailabilityResponse = statusOnly("Scheduled: once the running transaction has ended.", [
  "Accepted",
  "Rejected",
  "Scheduled",
]);

export const changeAvailability: ActionSpec = {
  action: "ChangeAvailability",
  initiator: "centralSystem",
  feature: "Core",
  description: "Takes a connector, or with connector 0 the charge point, in or out of service.",
  request: changeAvailabilityRequest,
  response: changeAvailabilityResponse,
  sample: { connectorId: 1, type: "Operative" },
};

export type ChangeAvailabilityRequest = Static<typeof changeAvailabilityRequest>;
export type ChangeAvailabilityResponse = Static<typeof changeAvailabilityResponse>;
