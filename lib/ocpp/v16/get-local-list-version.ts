import type { Static } from "typebox";
import { empty, integer, message } from "./schema.ts";

/** GetLocalListVersion.req (OCPP 1.6 §5.10). */
export const getLocalListVersionRequest = empty();

/** GetLocalListVersion.conf (OCPP 1.6 §5.10). */
export const getLocalListVersionResponse = message({ listVersion: integer() });

export type GetLocalListVersionRequest = Static<typeof getLocalListVersionRequest>;
export type GetLocalListVersionResponse = Static<typeof getLocalListVersionResponse>;
