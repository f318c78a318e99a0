import type { Static } from "typebox";
import { dateTime, empty, message } from "./schema.ts";

/** Heartbeat.req (OCPP 1.6 §4.6). */
export const heartbeatRequest = empty();

/** Heartbeat.conf (OCPP 1.6 §4.6). */
export const heartbeatResponse = message({ currentTime: dateTime() });

export type HeartbeatRequest = Static<typeof heartbeatRequest>;
export type HeartbeatResponse = Static<typeof heartbeatResponse>;
