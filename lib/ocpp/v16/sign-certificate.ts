import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { message, pem, statusOnly } from "./schema.ts";

/** SignCertificate.req (security white paper §5.17–5.18). */
export const signCertificateRequest = message({ csr: pem("The signing request (RFC 2986) in PEM form.", 5500) });

/** SignCertificate.conf (security white paper §5.17–5.18). */
export const signCertificateResponse = statusOnly("Accepted when the request goes to a certificate authority.", [
  "Accepted",
  "Rejected",
]);

export const signCertificate: ActionSpec = {
  action: "SignCertificate",
  initiator: "chargePoint",
  feature: "Security",
  description: "Asks for a certificate for the charge point's own key.",
  request: signCertificateRequest,
  response: signCertificateResponse,
};

export type SignCertificateRequest = Static<typeof signCertificateRequest>;
export type SignCertificateResponse = Static<typeof signCertificateResponse>;
