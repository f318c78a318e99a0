import Type, { type Static } from "typebox";
import { dateTime, integer, message, optional, text } from "./schema.ts";

/** GetDiagnostics.req (OCPP 1.6 §5.9). */
export const getDiagnosticsRequest = message({
  location: Type.String(),
  retries: optional(integer(0)),
  retryInterval: optional(integer(0)),
  startTime: optional(dateTime()),
  stopTime: optional(dateTime()),
});

/** GetDiagnostics.conf (OCPP 1.6 §5.9). */
export const getDiagnosticsResponse = message({ fileName: optional(text(255)) });

export type GetDiagnosticsRequest = Static<typeof getDiagnosticsRequest>;
export type GetDiagnosticsResponse = Static<typeof getDiagnosticsResponse>;
