import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { chargingProfile } from "./charging-profile.ts";
import { idToken, integer, message, optional, statusOnly } from "./schema.ts";

/** RemoteStartTransaction.req (OCPP 1.6 §5.11). */
export const remoteStartTransactionRequest = message({
  connectorId: optional(integer("The connector; the charge point chooses when left out.", 1)),
  idTag: idToken("The badge to charge for."),
  chargingProfile: optional(chargingProfile),
});

/** RemoteStartTransaction.conf (OCPP 1.6 §5.11). */
export const remoteStartTransactionResponse = statusOnly("Accepted: it will try, not that a car charges.", [
  "Accepted",
  "Rejected",
]);

export const remoteStartTransaction: ActionSpec = {
  action: "RemoteStartTransaction",
  initiator: "centralSystem",
  feature: "Core",
  description: "Asks to start charging for a badge; accepted means taken, not done.",
  request: remoteStartTransactionRequest,
  response: remoteStartTransactionResponse,
  sample: { connectorId: 1, idTag: "TAG" },
};

export type RemoteStartTransactionRequest = Static<typeof remoteStartTransactionRequest>;
export type RemoteStartTransactionResponse = Static<typeof remoteStartTransactionResponse>;
