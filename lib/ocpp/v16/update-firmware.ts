import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { address, dateTime, empty, integer, message, optional, seconds } from "./schema.ts";

/** UpdateFirmware.req (OCPP 1.6 §5.19). */
export const updateFirmwareRequest = message({
  location: address("Firmware file to fetch, as a URL; or the name of one that is here, empty = the only one."),
  retrieveDate: dateTime("Not before then."),
  retries: optional(integer("How often to try again; the charge point decides when left out.", 0)),
  retryInterval: optional(seconds("How long to wait before another try.")),
});

/** UpdateFirmware.conf (OCPP 1.6 §5.19). */
export const updateFirmwareResponse = empty();

export const updateFirmware: ActionSpec = {
  action: "UpdateFirmware",
  initiator: "centralSystem",
  feature: "FirmwareManagement",
  description: "Tells the charge point where and when to fetch new firmware.",
  request: updateFirmwareRequest,
  response: updateFirmwareResponse,
  sample: { location: "https://192.0.2.1/firmware.bin", retrieveDate: "2030-01-01T00:00:00Z" },
};

export type UpdateFirmwareRequest = Static<typeof updateFirmwareRequest>;
export type UpdateFirmwareResponse = Static<typeof updateFirmwareResponse>;
