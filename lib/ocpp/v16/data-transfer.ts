import type { Static } from "typebox";
import { anyText, choice, message, optional, text } from "./schema.ts";

/** DataTransfer.req (OCPP 1.6 §4.3). */
export const dataTransferRequest = message({
  vendorId: text(255),
  messageId: optional(text(50)),
  data: optional(anyText()),
});

/** DataTransfer.conf (OCPP 1.6 §4.3). */
export const dataTransferResponse = message({
  status: choice(["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]),
  data: optional(anyText()),
});

export type DataTransferRequest = Static<typeof dataTransferRequest>;
export type DataTransferResponse = Static<typeof dataTransferResponse>;
