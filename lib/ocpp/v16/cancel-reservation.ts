import type { Static } from "typebox";
import { integer, message, statusOnly } from "./schema.ts";

/** CancelReservation.req (OCPP 1.6 §5.1). */
export const cancelReservationRequest = message({ reservationId: integer() });

/** CancelReservation.conf (OCPP 1.6 §5.1). */
export const cancelReservationResponse = statusOnly(["Accepted", "Rejected"]);

export type CancelReservationRequest = Static<typeof cancelReservationRequest>;
export type CancelReservationResponse = Static<typeof cancelReservationResponse>;
