import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { dateTime, idToken, integer, message, optional, statusOnly } from "./schema.ts";

/** ReserveNow.req (OCPP 1.6 §5.13). */
export const reserveNowRequest = message({
  connectorId: integer("The connector; 0 = any one, where ReserveConnectorZeroSupported.", 0),
  expiryDate: dateTime("When the reservation ends."),
  idTag: idToken("The badge that it is for."),
  parentIdTag: optional(idToken("Group of badges that it is for.")),
  reservationId: integer("Number of the reservation, of your choice; the same number again replaces it."),
});

/** ReserveNow.conf (OCPP 1.6 §5.13). */
export const reserveNowResponse = statusOnly("Whether it was made, or what is in its way.", [
  "Accepted",
  "Faulted",
  "Occupied",
  "Rejected",
  "Unavailable",
]);

export const reserveNow: ActionSpec = {
  action: "ReserveNow",
  initiator: "centralSystem",
  feature: "Reservation",
  description: "Reserves a connector for a badge until a time.",
  request: reserveNowRequest,
  response: reserveNowResponse,
  sample: { connectorId: 1, expiryDate: "2030-01-01T00:00:00Z", idTag: "TAG", reservationId: 1 },
};

export type ReserveNowRequest = Static<typeof reserveNowRequest>;
export type ReserveNowResponse = Static<typeof reserveNowResponse>;
