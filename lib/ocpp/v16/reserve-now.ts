import type { Static } from "typebox";
import { dateTime, idToken, integer, message, optional, statusOnly } from "./schema.ts";

/** ReserveNow.req (OCPP 1.6 §5.13). */
export const reserveNowRequest = message({
  connectorId: integer(0),
  expiryDate: dateTime(),
  idTag: idToken(),
  parentIdTag: optional(idToken()),
  reservationId: integer(),
});

/** ReserveNow.conf (OCPP 1.6 §5.13). */
export const reserveNowResponse = statusOnly(["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]);

export type ReserveNowRequest = Static<typeof reserveNowRequest>;
export type ReserveNowResponse = Static<typeof reserveNowResponse>;
