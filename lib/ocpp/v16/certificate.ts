import type { Static } from "typebox";
import { choice, object, text } from "./schema.ts";

/** Which root a certificate is for (security white paper §6.4). */
export const certificateUse = (description: string) =>
  choice(description, ["CentralSystemRootCertificate", "ManufacturerRootCertificate"]);

/** What tells one installed certificate from all others (security white paper §6.1, after RFC 6960). */
export const certificateHashData = object(
  "The certificate, by its hashes and number as GetInstalledCertificateIds lists them.",
  {
    hashAlgorithm: choice("How the two hashes were made.", ["SHA256", "SHA384", "SHA512"]),
    issuerNameHash: text("Hash of the issuer's name, in hexadecimal digits.", 128),
    issuerKeyHash: text("Hash of the issuer's public key, in hexadecimal digits.", 128),
    serialNumber: text("Serial number in hexadecimal digits, without leading zeros and without 0x.", 40),
  },
);

export type CertificateHashData = Static<typeof certificateHashData>;
