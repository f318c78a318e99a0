import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { message, pem, statusOnly } from "./schema.ts";

/** CertificateSigned.req (security white paper §5.1–5.2). */
export const certificateSignedRequest = message({
  certificateChain: pem(
    "The certificate in PEM form, and those between it and the root; CertificateSignedMaxChainSize may limit it.",
    10_000,
  ),
});

/** CertificateSigned.conf (security white paper §5.1–5.2). */
export const certificateSignedResponse = statusOnly(
  "Rejected: the certificate does not fit the charge point's key or root.",
  ["Accepted", "Rejected"],
);

export const certificateSigned: ActionSpec = {
  action: "CertificateSigned",
  initiator: "centralSystem",
  feature: "Security",
  description: "Hands the charge point the certificate that it asked for.",
  request: certificateSignedRequest,
  response: certificateSignedResponse,
  sample: { certificateChain: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----" },
};

export type CertificateSignedRequest = Static<typeof certificateSignedRequest>;
export type CertificateSignedResponse = Static<typeof certificateSignedResponse>;
