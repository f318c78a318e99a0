import Type, { type Static } from "typebox";
import { dateTime, empty, integer, message, optional } from "./schema.ts";

/** UpdateFirmware.req (OCPP 1.6 §5.19). */
export const updateFirmwareRequest = message({
  location: Type.String(),
  retries: optional(integer(0)),
  retrieveDate: dateTime(),
  retryInterval: optional(integer(0)),
});

/** UpdateFirmware.conf (OCPP 1.6 §5.19). */
export const updateFirmwareResponse = empty();

export type UpdateFirmwareRequest = Static<typeof updateFirmwareRequest>;
export type UpdateFirmwareResponse = Static<typeof updateFirmwareResponse>;
