import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { integer, message, statusOnly } from "./schema.ts";

/** CancelReservation.req (OCPP 1.6 §5.1). */
export const cancelReservationRequest = message({
  reservationId: integer("Number that the reservation was made with."),
});

/** CancelReservation.conf (OCPP 1.6 §5.1). */
export const cancelReservationResponse = statusOnly("Whether there was such a reservation.", ["Accepted", "Rejected"]);

export const cancelReservation: ActionSpec = {
  action: "CancelReservation",
  initiator: "centralSystem",
  feature: "Reservation",
  description: "Cancels a reservation.",
  request: cancelReservationRequest,
  response: cancelReservationResponse,
  sample: { reservationId: 1 },
};

export type CancelReservationRequest = Static<typeof cancelReservationRequest>;
export type CancelReservationResponse = Static<typeof cancelReservationResponse>;
