import type { Static } from "typebox";
import { meterValue } from "./meter-value.ts";
import { empty, integer, list, message, optional } from "./schema.ts";

/** MeterValues.req (OCPP 1.6 §4.7). */
export const meterValuesRequest = message({
  connectorId: integer(0),
  transactionId: optional(integer()),
  meterValue: list(meterValue, { minItems: 1 }),
});

/** MeterValues.conf (OCPP 1.6 §4.7). */
export const meterValuesResponse = empty();

export type MeterValuesRequest = Static<typeof meterValuesRequest>;
export type MeterValuesResponse = Static<typeof meterValuesResponse>;
