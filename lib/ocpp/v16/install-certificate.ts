import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { certificateUse } from "./certificate.ts";
import { message, pem, statusOnly } from "./schema.ts";

/** InstallCertificate.req (security white paper §5.11–5.12). */
export const installCertificateRequest = message({
  certificateType: certificateUse("What it is the root of: central systems, or firmware."),
  certificate: pem("The certificate (X.509) in PEM form.", 5500),
});

/** InstallCertificate.conf (security white paper §5.11–5.12). */
export const installCertificateResponse = statusOnly(
  "Rejected: it is not valid, or there is no room for another. Failed: for another reason.",
  ["Accepted", "Failed", "Rejected"],
);

export const installCertificate: ActionSpec = {
  action: "InstallCertificate",
  initiator: "centralSystem",
  feature: "Security",
  description: "Gives the charge point a root certificate to trust.",
  request: installCertificateRequest,
  response: installCertificateResponse,
  sample: {
    certificateType: "CentralSystemRootCertificate",
    certificate: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----",
  },
};

export type InstallCertificateRequest = Static<typeof installCertificateRequest>;
export type InstallCertificateResponse = Static<typeof installCertificateResponse>;
