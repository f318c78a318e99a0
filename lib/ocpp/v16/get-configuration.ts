import Type, { type Static } from "typebox";
import { list, message, optional, text } from "./schema.ts";

/** GetConfiguration.req (OCPP 1.6 §5.8). */
export const getConfigurationRequest = message({ key: optional(list(text(50))) });

/** GetConfiguration.conf (OCPP 1.6 §5.8). */
export const getConfigurationResponse = message({
  configurationKey: optional(list(message({ key: text(50), readonly: Type.Boolean(), value: optional(text(500)) }))),
  unknownKey: optional(list(text(50))),
});

export type GetConfigurationRequest = Static<typeof getConfigurationRequest>;
export type GetConfigurationResponse = Static<typeof getConfigurationResponse>;
