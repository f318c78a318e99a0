import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { address, dateTime, integer, message, object, optional, pem, seconds, statusOnly } from "./schema.ts";

/** SignedUpdateFirmware.req (security white paper §5.21–5.22). */
export const signedUpdateFirmwareRequest = message({
  requestId: integer("Number of this request, of your choice; SignedFirmwareStatusNotification repeats it."),
  firmware: object("What to fetch and install, and when.", {
    location: address("Firmware file to fetch, as a URL; or the name of one that is here, empty = the only one.", 512),
    retrieveDateTime: dateTime("Not before then."),
    installDateTime: optional(dateTime("When to install it; at once when left out.")),
    signingCertificate: pem("The maker's certificate that it was signed with, in PEM form.", 5500),
    signature: pem("The signature in Base64, as the maker supplies it.", 800),
  }),
  retries: optional(integer("How often to try again; the charge point decides when left out.", 0)),
  retryInterval: optional(seconds("How long to wait before another try.")),
});

/** SignedUpdateFirmware.conf (security white paper §5.21–5.22). */
export const signedUpdateFirmwareResponse = statusOnly(
  "AcceptedCanceled: it will, and has broken off an earlier update for it.",
  ["Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"],
);

export const signedUpdateFirmware: ActionSpec = {
  action: "SignedUpdateFirmware",
  initiator: "centralSystem",
  feature: "Security",
  description: "Tells the charge point where and when to fetch new firmware, with the maker's signature.",
  request: signedUpdateFirmwareRequest,
  response: signedUpdateFirmwareResponse,
  sample: {
    requestId: 1,
    firmware: {
      location: "https://192.0.2.1/firmware.bin",
      retrieveDateTime: "2030-01-01T00:00:00Z",
      signingCertificate: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----",
      signature: "…",
    },
  },
};

export type SignedUpdateFirmwareRequest = Static<typeof signedUpdateFirmwareRequest>;
export type SignedUpdateFirmwareResponse = Static<typeof signedUpdateFirmwareResponse>;
