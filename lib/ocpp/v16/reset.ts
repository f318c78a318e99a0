import type { Static } from "typebox";
import { choice, message, statusOnly } from "./schema.ts";

/** Reset.req (OCPP 1.6 §5.14). */
export const resetRequest = message({ type: choice(["Hard", "Soft"]) });

/** Reset.conf (OCPP 1.6 §5.14). */
export const resetResponse = statusOnly(["Accepted", "Rejected"]);

export type ResetRequest = Static<typeof resetRequest>;
export type ResetResponse = Static<typeof resetResponse>;
