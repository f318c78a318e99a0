import type { StartTransactionRequest, StartTransactionResponse } from "../start-transaction.ts";
import type { Handler } from "./handler.ts";

/** §4.8: confirmed when the transaction is durable. */
export const startTransaction: Handler<StartTransactionRequest, StartTransactionResponse> = (
  request,
  station,
  context,
) => station.startTransaction(request, context);
