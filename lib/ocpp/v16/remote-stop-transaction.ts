import type { Static } from "typebox";
import { integer, message, statusOnly } from "./schema.ts";

/** RemoteStopTransaction.req (OCPP 1.6 §5.12). */
export const remoteStopTransactionRequest = message({ transactionId: integer() });

/** RemoteStopTransaction.conf (OCPP 1.6 §5.12). */
export const remoteStopTransactionResponse = statusOnly(["Accepted", "Rejected"]);

export type RemoteStopTransactionRequest = Static<typeof remoteStopTransactionRequest>;
export type RemoteStopTransactionResponse = Static<typeof remoteStopTransactionResponse>;
