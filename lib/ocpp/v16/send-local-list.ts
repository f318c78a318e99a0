import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { idTagInfo } from "./id-tag-info.ts";
import { choice, idToken, integer, list, message, object, optional, statusOnly } from "./schema.ts";

/** SendLocalList.req (OCPP 1.6 §5.15). */
export const sendLocalListRequest = message({
  listVersion: integer("Version of the list once this has been applied.", 1),
  updateType: choice(
    "Full replaces the list; Differential changes the badges named, and removes those without idTagInfo.",
    ["Differential", "Full"],
  ),
  localAuthorizationList: optional(
    list(
      "The badges; SendLocalListMaxLength says how many at once. A Full update without any empties the list.",
      object("One badge.", { idTag: idToken("Its number; each number once."), idTagInfo: optional(idTagInfo) }),
    ),
  ),
});

/** SendLocalList.conf (OCPP 1.6 §5.15). */
export const sendLocalListResponse = statusOnly(
  "VersionMismatch: the list is not at the version before; send it in full.",
  ["Accepted", "Failed", "NotSupported", "VersionMismatch"],
);

export const sendLocalList: ActionSpec = {
  action: "SendLocalList",
  initiator: "centralSystem",
  feature: "LocalAuthListManagement",
  description: "Replaces or amends the local list of badges.",
  request: sendLocalListRequest,
  response: sendLocalListResponse,
  sample: { listVersion: 1, localAuthorizationList: [], updateType: "Full" },
};

export type SendLocalListRequest = Static<typeof sendLocalListRequest>;
export type SendLocalListResponse = Static<typeof sendLocalListResponse>;
