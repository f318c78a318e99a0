import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { chargingRateUnit, chargingSchedule } from "./charging-profile.ts";
import { choice, dateTime, integer, message, optional, seconds } from "./schema.ts";

/** GetCompositeSchedule.req (OCPP 1.6 §5.7). */
export const getCompositeScheduleRequest = message({
  connectorId: integer("The connector; 0 = what the charge point as a whole will draw.", 0),
  duration: seconds("How far to look ahead."),
  chargingRateUnit: optional(chargingRateUnit("Unit to answer in.")),
});

/** GetCompositeSchedule.conf (OCPP 1.6 §5.7). */
export const getCompositeScheduleResponse = message({
  status: choice("Whether it could answer.", ["Accepted", "Rejected"]),
  connectorId: optional(integer("The connector.", 0)),
  scheduleStart: optional(dateTime("When the schedule starts.")),
  chargingSchedule: optional(chargingSchedule),
});

export const getCompositeSchedule: ActionSpec = {
  action: "GetCompositeSchedule",
  initiator: "centralSystem",
  feature: "SmartCharging",
  description: "Asks which limits the charge point will apply over the next seconds.",
  request: getCompositeScheduleRequest,
  response: getCompositeScheduleResponse,
  sample: { connectorId: 1, duration: 300, chargingRateUnit: "A" },
};

export type GetCompositeScheduleRequest = Static<typeof getCompositeScheduleRequest>;
export type GetCompositeScheduleResponse = Static<typeof getCompositeScheduleResponse>;
