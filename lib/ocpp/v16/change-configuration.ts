import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { configurationKey, message, statusOnly, text } from "./schema.ts";

/** ChangeConfiguration.req (OCPP 1.6 §5.3). */
export const changeConfigurationRequest = message({
  key: configurationKey("Which setting, of the standard or of the vendor."),
  value: text("What to set it to, as text: numbers and true or false as well.", 500),
});

/** ChangeConfiguration.conf (OCPP 1.6 §5.3). */
export const changeConfigurationResponse = statusOnly(
  "RebootRequired: taken, and in force after a restart. NotSupported: no such key.",
  ["Accepted", "Rejected", "RebootRequired", "NotSupported"],
);

export const changeConfiguration: ActionSpec = {
  action: "ChangeConfiguration",
  initiator: "centralSystem",
  feature: "Core",
  description: "Changes one configuration key; the value is always text.",
  request: changeConfigurationRequest,
  response: changeConfigurationResponse,
  sample: { key: "MeterValueSampleInterval", value: "10" },
};

export type ChangeConfigurationRequest = Static<typeof changeConfigurationRequest>;
export type ChangeConfigurationResponse = Static<typeof changeConfigurationResponse>;
