import type { Static } from "typebox";
import { idTagInfo } from "./id-tag-info.ts";
import { choice, idToken, integer, list, message, optional, statusOnly } from "./schema.ts";

/** SendLocalList.req (OCPP 1.6 §5.15). */
export const sendLocalListRequest = message({
  listVersion: integer(1),
  localAuthorizationList: optional(list(message({ idTag: idToken(), idTagInfo: optional(idTagInfo) }))),
  updateType: choice(["Differential", "Full"]),
});

/** SendLocalList.conf (OCPP 1.6 §5.15). */
export const sendLocalListResponse = statusOnly(["Accepted", "Failed", "NotSupported", "VersionMismatch"]);

export type SendLocalListRequest = Static<typeof sendLocalListRequest>;
export type SendLocalListResponse = Static<typeof sendLocalListResponse>;
