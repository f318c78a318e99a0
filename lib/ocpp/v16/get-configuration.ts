import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { configurationKey, flag, list, message, object, optional, text } from "./schema.ts";

/** GetConfiguration.req (OCPP 1.6 §5.8). */
export const getConfigurationRequest = message({
  key: optional(
    list(
      "Which settings; all of them when left out. GetConfigurationMaxKeys says how many at once.",
      configurationKey("A setting, of the standard or of the vendor."),
    ),
  ),
});

/** GetConfiguration.conf (OCPP 1.6 §5.8). */
export const getConfigurationResponse = message({
  configurationKey: optional(
    list(
      "The settings.",
      object("One setting.", {
        key: text("Its name.", 50),
        readonly: flag("It cannot be changed."),
        value: optional(text("Its value; left out where it is not set, or secret.", 500)),
      }),
    ),
  ),
  unknownKey: optional(list("Names that the charge point does not know.", text("A name.", 50))),
});

export const getConfiguration: ActionSpec = {
  action: "GetConfiguration",
  initiator: "centralSystem",
  feature: "Core",
  description: "Reads the named configuration keys, or all of them.",
  request: getConfigurationRequest,
  response: getConfigurationResponse,
  sample: {},
};

export type GetConfigurationRequest = Static<typeof getConfigurationRequest>;
export type GetConfigurationResponse = Static<typeof getConfigurationResponse>;
