import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { anyText, choice, message, optional, text } from "./schema.ts";

/** DataTransfer.req (OCPP 1.6 §4.3). */
export const dataTransferRequest = message({
  vendorId: text("Whose message this is, as its documentation names it.", 255),
  messageId: optional(text("Which of the vendor's messages it is.", 50)),
  data: optional(anyText("What it carries, as text; often JSON.")),
});

/** DataTransfer.conf (OCPP 1.6 §4.3). */
export const dataTransferResponse = message({
  status: choice("Whether the message was understood and taken.", [
    "Accepted",
    "Rejected",
    "UnknownMessageId",
    "UnknownVendorId",
  ]),
  data: optional(anyText("What is answered, as text.")),
});

export const dataTransfer: ActionSpec = {
  action: "DataTransfer",
  initiator: "both",
  feature: "Core",
  description: "Carries a vendor's own message.",
  request: dataTransferRequest,
  response: dataTransferResponse,
  sample: { vendorId: "vendor", messageId: "message", data: "" },
};

export type DataTransferRequest = Static<typeof dataTransferRequest>;
export type DataTransferResponse = Static<typeof dataTransferResponse>;
