import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { meterValue } from "./meter-value.ts";
import { empty, integer, list, message, optional } from "./schema.ts";

/** MeterValues.req (OCPP 1.6 §4.7). */
export const meterValuesRequest = message({
  connectorId: integer("The connector; 0 = the main meter.", 0),
  transactionId: optional(integer("The transaction that the values belong to.")),
  meterValue: list("Values by moment.", meterValue, 1),
});

/** MeterValues.conf (OCPP 1.6 §4.7). */
export const meterValuesResponse = empty();

export const meterValues: ActionSpec = {
  action: "MeterValues",
  initiator: "chargePoint",
  feature: "Core",
  description: "Reports samples of current, power, energy and more.",
  request: meterValuesRequest,
  response: meterValuesResponse,
};

export type MeterValuesRequest = Static<typeof meterValuesRequest>;
export type MeterValuesResponse = Static<typeof meterValuesResponse>;
