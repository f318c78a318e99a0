import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContextOptions, TLSSocket, type TlsOptions } from "node:tls";
import { EvError, messageOf } from "../../errors.ts";
import type { ConnectRequest } from "../port.ts";

/** Certificates and keys of a server, and whom it lets in. PEM texts, or one PKCS#12 file. */
export interface TlsMaterial {
  cert?: string | Buffer;
  key?: string | Buffer;
  /** Certificates of the authorities that sign client certificates. */
  ca?: string | Buffer | readonly (string | Buffer)[];
  pfx?: Buffer;
  passphrase?: string;
  /** Only clients with a certificate signed by `ca` get through the handshake (security profile 3). */
  clientCertificates: boolean;
  /** Clients are asked for such a certificate, and get through without one, too. */
  asksForCertificates?: boolean;
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/g;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Time a client has to finish the TLS handshake (ms). */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** What may be exchanged while a server runs. TLS 1.2 is the oldest spoken (white paper, A00.FR.306). */
export function contextOptions({ cert, key, ca, pfx, passphrase }: TlsMaterial): SecureContextOptions {
  return {
    minVersion: "TLSv1.2",
    ...(cert && key && certificatesOf(String(cert), String(key), passphrase)),
    ...(ca && { ca: [ca].flat() }),
    ...(pfx && { pfx }),
    ...(passphrase && { passphrase }),
  };
}

/**
 * Each certificate with its key and the chain behind it. A text may hold several: charge points want the cipher suites of an ECDSA
 * and of an RSA certificate (A00.FR.317). @throws errors of OpenSSL
 */
function certificatesOf(cert: string, key: string, passphrase?: string): Pick<SecureContextOptions, "cert" | "key"> {
  const keys = key.match(PRIVATE_KEY) ?? [];
  if (keys.length === 0) return { cert, key };
  const read = keys.map((pem) => ({ pem, key: createPrivateKey({ key: pem, ...(passphrase && { passphrase }) }) }));
  const found: { cert: string; key: string }[] = [];
  for (const pem of cert.match(CERTIFICATE) ?? []) {
    const own = read.find((one) => new X509Certificate(pem).checkPrivateKey(one.key));
    const last = found.at(-1);
    if (own) found.push({ cert: pem, key: own.pem });
    else if (last) last.cert += `\n${pem}`;
  }
  // OpenSSL itself takes a key of another kind for one of a certificate that is still to come.
  if (found.length === 0) throw new Error("the private key does not belong to the certificate");
  return { cert: found.map((one) => one.cert), key: found.map((one) => one.key) };
}

/** Options of a TLS server for charge points. */
export function serverOptions(material: TlsMaterial): TlsOptions {
  const { clientCertificates, asksForCertificates = false } = material;
  return {
    ...contextOptions(material),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    requestCert: clientCertificates || asksForCertificates,
    rejectUnauthorized: clientCertificates,
  };
}

/** @throws EvError EV_TLS_CERTIFICATE when the certificate and key cannot be used */
export function checkTls(material: TlsMaterial): void {
  const { cert, key, ca, pfx, clientCertificates } = material;
  if (!pfx && !(cert && key))
    throw new EvError("EV_TLS_CERTIFICATE", "tls: a server needs a certificate and its private key.");
  if (clientCertificates && !ca)
    throw new EvError("EV_TLS_CERTIFICATE", "tls: without the certificate of an authority no client can be checked.");
  try {
    createSecureContext(contextOptions(material));
  } catch (error) {
    throw new EvError("EV_TLS_CERTIFICATE", `tls: ${messageOf(error)}`, { cause: error });
  }
}

/** When the first of the server's certificates ends, ms since 1970; null = they cannot be read. */
export function certificateEndMs({ cert, pfx, passphrase }: TlsMaterial): number | null {
  try {
    const own = pfx ? [inPfx(pfx, passphrase)] : (String(cert).match(CERTIFICATE) ?? []);
    const endsMs = own.map((one) => Date.parse(new X509Certificate(one).validTo));
    return endsMs.length > 0 && endsMs.every(Number.isFinite) ? Math.min(...endsMs) : null;
  } catch {
    return null;
  }
}

/** The certificate that OpenSSL took out of a PKCS#12 file. @throws errors of OpenSSL */
function inPfx(pfx: Buffer, passphrase?: string): Buffer {
  const { context } = createSecureContext({ pfx, ...(passphrase && { passphrase }) });
  return (context as { getCertificate(): Buffer }).getCertificate();
}

/** How a socket is protected: whether it is encrypted, and common name and fingerprint of the client certificate that TLS has verified. */
export function protectionOf(
  socket: Duplex,
): Required<Pick<ConnectRequest, "encrypted" | "certificateName" | "certificateFingerprint">> {
  const none = { certificateName: null, certificateFingerprint: null };
  if (!(socket instanceof TLSSocket)) return { encrypted: false, ...none };
  const { subject, fingerprint256 } = socket.authorized ? socket.getPeerCertificate() : {};
  const name: unknown = subject?.CN;
  if (typeof name !== "string") return { encrypted: true, ...none };
  const certificateFingerprint = fingerprint256?.replaceAll(":", "").toLowerCase() ?? null;
  return { encrypted: true, certificateName: name, certificateFingerprint };
}
