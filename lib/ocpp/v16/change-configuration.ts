import type { Static } from "typebox";
import { message, statusOnly, text } from "./schema.ts";

/** ChangeConfiguration.req (OCPP 1.6 §5.3). */
export const changeConfigurationRequest = message({ key: text(50), value: text(500) });

/** ChangeConfiguration.conf (OCPP 1.6 §5.3). */
export const changeConfigurationResponse = statusOnly(["Accepted", "Rejected", "RebootRequired", "NotSupported"]);

export type ChangeConfigurationRequest = Static<typeof changeConfigurationRequest>;
export type ChangeConfigurationResponse = Static<typeof changeConfigurationResponse>;
