import type { Static } from "typebox";
import { chargingProfile } from "./charging-profile.ts";
import { idToken, integer, message, optional, statusOnly } from "./schema.ts";

/** RemoteStartTransaction.req (OCPP 1.6 §5.11). */
export const remoteStartTransactionRequest = message({
  connectorId: optional(integer(1)),
  idTag: idToken(),
  chargingProfile: optional(chargingProfile),
});

/** RemoteStartTransaction.conf (OCPP 1.6 §5.11). */
export const remoteStartTransactionResponse = statusOnly(["Accepted", "Rejected"]);

export type RemoteStartTransactionRequest = Static<typeof remoteStartTransactionRequest>;
export type RemoteStartTransactionResponse = Static<typeof remoteStartTransactionResponse>;
