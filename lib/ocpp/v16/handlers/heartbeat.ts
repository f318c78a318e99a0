import type { HeartbeatRequest, HeartbeatResponse } from "../heartbeat.ts";
import type { Handler } from "./handler.ts";

/** §4.6. */
export const heartbeat: Handler<HeartbeatRequest, HeartbeatResponse> = (_request, station, context) =>
  station.heartbeat(context);
