import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { integer, message, statusOnly } from "./schema.ts";

/** UnlockConnector.req (OCPP 1.6 §5.18). */
export const unlockConnectorRequest = message({ connectorId: integer("The connector.", 1) });

/** UnlockConnector.conf (OCPP 1.6 §5.18). */
export const unlockConnectorResponse = statusOnly("NotSupported: it has no lock, or there is no such connector.", [
  "Unlocked",
  "UnlockFailed",
  "NotSupported",
]);

export const unlockConnector: ActionSpec = {
  action: "UnlockConnector",
  initiator: "centralSystem",
  feature: "Core",
  description: "Releases the cable at a connector.",
  request: unlockConnectorRequest,
  response: unlockConnectorResponse,
  sample: { connectorId: 1 },
};

export type UnlockConnectorRequest = Static<typeof unlockConnectorRequest>;
export type UnlockConnectorResponse = Static<typeof unlockConnectorResponse>;
