import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { integer, message, statusOnly } from "./schema.ts";

/** RemoteStopTransaction.req (OCPP 1.6 §5.12). */
export const remoteStopTransactionRequest = message({
  transactionId: integer("The transaction, as transaction.start told it."),
});

/** RemoteStopTransaction.conf (OCPP 1.6 §5.12). */
export const remoteStopTransactionResponse = statusOnly("Accepted: it will try, not that the transaction has ended.", [
  "Accepted",
  "Rejected",
]);

export const remoteStopTransaction: ActionSpec = {
  action: "RemoteStopTransaction",
  initiator: "centralSystem",
  feature: "Core",
  description: "Asks to end a transaction; accepted means taken, not done.",
  request: remoteStopTransactionRequest,
  response: remoteStopTransactionResponse,
  sample: { transactionId: 1 },
};

export type RemoteStopTransactionRequest = Static<typeof remoteStopTransactionRequest>;
export type RemoteStopTransactionResponse = Static<typeof remoteStopTransactionResponse>;
