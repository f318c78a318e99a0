import type { Static } from "typebox";
import { integer, message, statusOnly } from "./schema.ts";

/** UnlockConnector.req (OCPP 1.6 §5.18). */
export const unlockConnectorRequest = message({ connectorId: integer(1) });

/** UnlockConnector.conf (OCPP 1.6 §5.18). */
export const unlockConnectorResponse = statusOnly(["Unlocked", "UnlockFailed", "NotSupported"]);

export type UnlockConnectorRequest = Static<typeof unlockConnectorRequest>;
export type UnlockConnectorResponse = Static<typeof unlockConnectorResponse>;
