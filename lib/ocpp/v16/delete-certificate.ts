import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { certificateHashData } from "./certificate.ts";
import { message, statusOnly } from "./schema.ts";

/** DeleteCertificate.req (security white paper §5.3–5.4). */
export const deleteCertificateRequest = message({ certificateHashData });

/** DeleteCertificate.conf (security white paper §5.3–5.4). */
export const deleteCertificateResponse = statusOnly("NotFound: it has no such certificate.", [
  "Accepted",
  "Failed",
  "NotFound",
]);

export const deleteCertificate: ActionSpec = {
  action: "DeleteCertificate",
  initiator: "centralSystem",
  feature: "Security",
  description: "Removes a certificate from the charge point.",
  request: deleteCertificateRequest,
  response: deleteCertificateResponse,
  sample: {
    certificateHashData: { hashAlgorithm: "SHA256", issuerNameHash: "00", issuerKeyHash: "00", serialNumber: "1" },
  },
};

export type DeleteCertificateRequest = Static<typeof deleteCertificateRequest>;
export type DeleteCertificateResponse = Static<typeof deleteCertificateResponse>;
