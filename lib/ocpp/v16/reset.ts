import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { choice, message, statusOnly } from "./schema.ts";

/** Reset.req (OCPP 1.6 §5.14). */
export const resetRequest = message({
  type: choice(
    "Soft ends transactions properly and restarts the software; Hard restarts everything at once, messages may get lost.",
    ["Hard", "Soft"],
  ),
});

/** Reset.conf (OCPP 1.6 §5.14). */
export const resetResponse = statusOnly("Whether it will restart.", ["Accepted", "Rejected"]);

export const reset: ActionSpec = {
  action: "Reset",
  initiator: "centralSystem",
  feature: "Core",
  description: "Restarts the charge point.",
  request: resetRequest,
  response: resetResponse,
  sample: { type: "Soft" },
};

export type ResetRequest = Static<typeof resetRequest>;
export type ResetResponse = Static<typeof resetResponse>;
