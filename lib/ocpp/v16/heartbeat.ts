import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { dateTime, empty, message } from "./schema.ts";

/** Heartbeat.req (OCPP 1.6 §4.6). */
export const heartbeatRequest = empty();

/** Heartbeat.conf (OCPP 1.6 §4.6). */
export const heartbeatResponse = message({ currentTime: dateTime("The central system's time.") });

export const heartbeat: ActionSpec = {
  action: "Heartbeat",
  initiator: "chargePoint",
  feature: "Core",
  description: "Shows that the charge point is alive and asks for the time.",
  request: heartbeatRequest,
  response: heartbeatResponse,
};

export type HeartbeatRequest = Static<typeof heartbeatRequest>;
export type HeartbeatResponse = Static<typeof heartbeatResponse>;
