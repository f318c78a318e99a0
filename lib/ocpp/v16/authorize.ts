import type { Static } from "typebox";
import { idTagInfo } from "./id-tag-info.ts";
import { idToken, message } from "./schema.ts";

/** Authorize.req (OCPP 1.6 §4.1). */
export const authorizeRequest = message({ idTag: idToken() });

/** Authorize.conf (OCPP 1.6 §4.1). */
export const authorizeResponse = message({ idTagInfo });

export type AuthorizeRequest = Static<typeof authorizeRequest>;
export type AuthorizeResponse = Static<typeof authorizeResponse>;
