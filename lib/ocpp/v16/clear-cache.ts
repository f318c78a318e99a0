import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { empty, statusOnly } from "./schema.ts";

/** ClearCache.req (OCPP 1.6 §5.4). */
export const clearCacheRequest = empty();

/** ClearCache.conf (OCPP 1.6 §5.4). */
export const clearCacheResponse = statusOnly("Rejected: it has no such memory, or could not empty it.", [
  "Accepted",
  "Rejected",
]);

export const clearCache: ActionSpec = {
  action: "ClearCache",
  initiator: "centralSystem",
  feature: "Core",
  description: "Empties the charge point's memory of badges.",
  request: clearCacheRequest,
  response: clearCacheResponse,
};

export type ClearCacheRequest = Static<typeof clearCacheRequest>;
export type ClearCacheResponse = Static<typeof clearCacheResponse>;
