import type { Static } from "typebox";
import { empty, statusOnly } from "./schema.ts";

/** ClearCache.req (OCPP 1.6 §5.4). */
export const clearCacheRequest = empty();

/** ClearCache.conf (OCPP 1.6 §5.4). */
export const clearCacheResponse = statusOnly(["Accepted", "Rejected"]);

export type ClearCacheRequest = Static<typeof clearCacheRequest>;
export type ClearCacheResponse = Static<typeof clearCacheResponse>;
