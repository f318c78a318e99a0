import type { StopTransactionRequest, StopTransactionResponse } from "../stop-transaction.ts";
import type { Handler } from "./handler.ts";

/** §4.10: confirmed when the end is durable. */
export const stopTransaction: Handler<StopTransactionRequest, StopTransactionResponse> = (request, station, context) =>
  station.stopTransaction(request, context);
