import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { idTagInfo } from "./id-tag-info.ts";
import { dateTime, idToken, integer, message, optional, wattHours } from "./schema.ts";

/** StartTransaction.req (OCPP 1.6 §4.8). */
export const startTransactionRequest = message({
  connectorId: integer("The connector.", 1),
  idTag: idToken("The badge that it began with."),
  meterStart: wattHours("Register of the meter at the start."),
  reservationId: optional(integer("The reservation that it used up.")),
  timestamp: dateTime("When it began."),
});

/** StartTransaction.conf (OCPP 1.6 §4.8). */
export const startTransactionResponse = message({
  idTagInfo,
  transactionId: integer("Number of the transaction; unique for ever."),
});

export const startTransaction: ActionSpec = {
  action: "StartTransaction",
  initiator: "chargePoint",
  feature: "Core",
  description: "Reports that charging began and asks for a transaction id.",
  request: startTransactionRequest,
  response: startTransactionResponse,
};

export type StartTransactionRequest = Static<typeof startTransactionRequest>;
export type StartTransactionResponse = Static<typeof startTransactionResponse>;
