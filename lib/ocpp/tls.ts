import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContextOptions, TLSSocket, type TlsOptions } from "node:tls";
import { EvError, messageOf } from "../errors.ts";

/** Certificate and key of a server, and whom it lets in. PEM texts, or one PKCS#12 file. */
export interface TlsMaterial {
  cert?: string | Buffer;
  key?: string | Buffer;
  /** Certificates of the authorities that sign client certificates. */
  ca?: string | Buffer;
  pfx?: Buffer;
  passphrase?: string;
  /** Only clients with a certificate signed by `ca` get through the handshake (security profile 3). */
  clientCertificates: boolean;
}

/** Time a client has to finish the TLS handshake (ms). */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** What may be exchanged while a server runs. TLS 1.2 is the oldest spoken (white paper, A00.FR.306). */
export function contextOptions({ cert, key, ca, pfx, passphrase }: TlsMaterial): SecureContextOptions {
  return {
    minVersion: "TLSv1.2",
    ...(cert && { cert }),
    ...(key && { key }),
    ...(ca && { ca }),
    ...(pfx && { pfx }),
    ...(passphrase && { passphrase }),
  };
}

/** Options of a TLS server for charge points. */
export function serverOptions(material: TlsMaterial): TlsOptions {
  const { clientCertificates } = material;
  return {
    ...contextOptions(material),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    requestCert: clientCertificates,
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

/** How a socket is protected: whether it is encrypted, and the common name of the client certificate that TLS has verified. */
export function protectionOf(socket: Duplex): { encrypted: boolean; certificateName: string | null } {
  if (!(socket instanceof TLSSocket)) return { encrypted: false, certificateName: null };
  const name: unknown = socket.authorized ? socket.getPeerCertificate().subject?.CN : null;
  return { encrypted: true, certificateName: typeof name === "string" ? name : null };
}
