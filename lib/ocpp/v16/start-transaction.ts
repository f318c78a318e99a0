import type { Static } from "typebox";
import { idTagInfo } from "./id-tag-info.ts";
import { dateTime, idToken, integer, message, optional, wattHours } from "./schema.ts";

/** StartTransaction.req (OCPP 1.6 §4.8). */
export const startTransactionRequest = message({
  connectorId: integer(1),
  idTag: idToken(),
  meterStart: wattHours(),
  reservationId: optional(integer()),
  timestamp: dateTime(),
});

/** StartTransaction.conf (OCPP 1.6 §4.8). */
export const startTransactionResponse = message({ idTagInfo, transactionId: integer() });

export type StartTransactionRequest = Static<typeof startTransactionRequest>;
export type StartTransactionResponse = Static<typeof startTransactionResponse>;
