import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { idTagInfo } from "./id-tag-info.ts";
import { idToken, message } from "./schema.ts";

/** Authorize.req (OCPP 1.6 §4.1). */
export const authorizeRequest = message({ idTag: idToken("The badge that was held to the reader.") });

/** Authorize.conf (OCPP 1.6 §4.1). */
export const authorizeResponse = message({ idTagInfo });

export const authorize: ActionSpec = {
  action: "Authorize",
  initiator: "chargePoint",
  feature: "Core",
  description: "Asks whether a badge may charge.",
  request: authorizeRequest,
  response: authorizeResponse,
};

export type AuthorizeRequest = Static<typeof authorizeRequest>;
export type AuthorizeResponse = Static<typeof authorizeResponse>;
