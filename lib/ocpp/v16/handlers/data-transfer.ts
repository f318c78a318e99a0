import type { DataTransferRequest, DataTransferResponse } from "../data-transfer.ts";
import type { Handler } from "./handler.ts";

/** §4.3. */
export const dataTransfer: Handler<DataTransferRequest, DataTransferResponse> = (request, station, context) =>
  station.dataTransfer(request, context);
