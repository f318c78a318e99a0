import type { MeterValuesRequest, MeterValuesResponse } from "../meter-values.ts";
import { emptyAfter, type Handler } from "./handler.ts";

/** §4.7. */
export const meterValues: Handler<MeterValuesRequest, MeterValuesResponse> = (request, station, context) =>
  emptyAfter(station.meterValues(request, context));
