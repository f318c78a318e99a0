import { createHash, X509Certificate } from "node:crypto";
import type { CertificateHashData } from "../../ocpp/v16/certificate.ts";

type Use = "CentralSystemRootCertificate" | "ManufacturerRootCertificate";

/** A simulated charge point has room for so many. */
const MOST = 10;

/** The root certificates that a charge point trusts. */
export class Certificates {
  readonly #held: { use: Use; hash: CertificateHashData }[] = [];

  /** InstallCertificate: refused when it is none, or when there is no room. */
  install(use: Use, pem: string): "Accepted" | "Rejected" {
    const hash = hashOf(pem);
    if (!hash || this.#held.length >= MOST) return "Rejected";
    this.delete(hash);
    this.#held.push({ use, hash });
    return "Accepted";
  }

  list(use: Use): CertificateHashData[] {
    return this.#held.filter((held) => held.use === use).map(({ hash }) => hash);
  }

  delete(hash: CertificateHashData): "Accepted" | "NotFound" {
    const at = this.#held.findIndex((held) => same(held.hash, hash));
    if (at < 0) return "NotFound";
    this.#held.splice(at, 1);
    return "Accepted";
  }
}

/** Whether a text is a certificate in PEM form. */
export function isCertificate(pem: string): boolean {
  return hashOf(pem) !== null;
}

/** What tells the certificate from others (security white paper §6.1); the issuer's key stands for itself where it is self-signed. */
function hashOf(pem: string): CertificateHashData | null {
  try {
    const { issuer, publicKey, serialNumber } = new X509Certificate(pem);
    const key = publicKey.export({ type: "spki", format: "der" });
    return {
      hashAlgorithm: "SHA256",
      issuerNameHash: sha256(Buffer.from(issuer)),
      issuerKeyHash: sha256(key),
      serialNumber: serialNumber.replace(/^0+(?=.)/, "").toLowerCase(),
    };
  } catch {
    return null;
  }
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function same(a: CertificateHashData, b: CertificateHashData): boolean {
  const text = (hash: CertificateHashData): string =>
    [hash.hashAlgorithm, hash.issuerNameHash, hash.issuerKeyHash, hash.serialNumber].join(" ").toLowerCase();
  return text(a) === text(b);
}
