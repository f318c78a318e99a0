import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { empty, integer, message } from "./schema.ts";

/** GetLocalListVersion.req (OCPP 1.6 §5.10). */
export const getLocalListVersionRequest = empty();

/** GetLocalListVersion.conf (OCPP 1.6 §5.10). */
export const getLocalListVersionResponse = message({
  listVersion: integer("Version of the list; 0 = empty, -1 = not supported."),
});

export const getLocalListVersion: ActionSpec = {
  action: "GetLocalListVersion",
  initiator: "centralSystem",
  feature: "LocalAuthListManagement",
  description: "Asks for the version of the local list of badges.",
  request: getLocalListVersionRequest,
  response: getLocalListVersionResponse,
};

export type GetLocalListVersionRequest = Static<typeof getLocalListVersionRequest>;
export type GetLocalListVersionResponse = Static<typeof getLocalListVersionResponse>;
