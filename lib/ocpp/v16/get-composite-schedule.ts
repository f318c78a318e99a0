import type { Static } from "typebox";
import { chargingRateUnit, chargingSchedule } from "./charging-profile.ts";
import { choice, dateTime, integer, message, optional } from "./schema.ts";

/** GetCompositeSchedule.req (OCPP 1.6 §5.7). */
export const getCompositeScheduleRequest = message({
  connectorId: integer(0),
  duration: integer(0),
  chargingRateUnit: optional(chargingRateUnit()),
});

/** GetCompositeSchedule.conf (OCPP 1.6 §5.7). */
export const getCompositeScheduleResponse = message({
  status: choice(["Accepted", "Rejected"]),
  connectorId: optional(integer(0)),
  scheduleStart: optional(dateTime()),
  chargingSchedule: optional(chargingSchedule),
});

export type GetCompositeScheduleRequest = Static<typeof getCompositeScheduleRequest>;
export type GetCompositeScheduleResponse = Static<typeof getCompositeScheduleResponse>;
