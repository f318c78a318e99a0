/** Certificates for tests, made while they run: no key lies in the repository, and none expires. X.509 v3, RFC 5280; P-256, or RSA. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Issued {
  cert: string;
  key: string;
}

const ECDSA_SHA256 = "2a8648ce3d040302";
const COMMON_NAME = "550403";
const BASIC_CONSTRAINTS = "551d13";
const ALTERNATIVE_NAMES = "551d11";
const DAY_MS = 86_400_000;

/** A certificate authority, valid from yesterday for a year, as are those it issues. */
export class Authority {
  readonly cert: string;
  readonly #name: string;
  readonly #privateKey: KeyObject;

  constructor(name: string) {
    const { privateKey, publicKey } = newKeys();
    this.#name = name;
    this.#privateKey = privateKey;
    this.cert = this.#certificate(name, publicKey, [extension(BASIC_CONSTRAINTS, der(0x30, boolean(true)), true)]);
  }

  /** @param hosts names a server answers to @param kind of its key */
  issue(name: string, hosts: string[] = [], kind: "ECDSA" | "RSA" = "ECDSA"): Issued {
    const { privateKey, publicKey } = kind === "RSA" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : newKeys();
    const names = hosts.map((host) => {
      const octets = host.split(".").map(Number);
      return octets.length === 4 && octets.every(Number.isInteger)
        ? der(0x87, Buffer.from(octets))
        : der(0x82, Buffer.from(host));
    });
    const extensions = names.length > 0 ? [extension(ALTERNATIVE_NAMES, der(0x30, ...names))] : [];
    return { cert: this.#certificate(name, publicKey, extensions), key: pemOf(privateKey) };
  }

  /** A certificate for a key that somebody else has. */
  sign(name: string, key: KeyObject): string {
    return this.#certificate(name, createPublicKey(key), []);
  }

  #certificate(name: string, publicKey: KeyObject, extensions: Buffer[]): string {
    const algorithm = der(0x30, oid(ECDSA_SHA256));
    const content = der(
      0x30,
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      algorithm,
      nameOf(this.#name),
      der(0x30, time(Date.now() - DAY_MS), time(Date.now() + 365 * DAY_MS)),
      nameOf(name),
      publicKey.export({ type: "spki", format: "der" }),
      ...(extensions.length > 0 ? [der(0xa3, der(0x30, ...extensions))] : []),
    );
    const signature = der(0x03, Buffer.from([0]), sign("sha256", content, this.#privateKey));
    const body = der(0x30, content, algorithm, signature).toString("base64");
    const lines = (body.match(/.{1,64}/g) ?? []).join("\n");
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  }
}

const RSA_SHA256 = "2a864886f70d01010b";

/** A signing request (RFC 2986) in PEM form. @param signer whose key signs it: its own, unless it is to be wrong */
export function signingRequest(name: string, key: KeyObject, signer: KeyObject = key): string {
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  const info = der(0x30, der(0x02, Buffer.from([0])), nameOf(name), publicKey, der(0xa0));
  const isRsa = key.asymmetricKeyType === "rsa";
  const algorithm = der(0x30, oid(isRsa ? RSA_SHA256 : ECDSA_SHA256), ...(isRsa ? [der(0x05)] : []));
  const signature = der(0x03, Buffer.from([0]), sign("sha256", info, signer));
  const lines = (
    der(0x30, info, algorithm, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  ).join("\n");
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}\n-----END CERTIFICATE REQUEST-----\n`;
}

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));
const nameOf = (name: string): Buffer =>
  der(0x30, der(0x31, der(0x30, oid(COMMON_NAME), der(0x0c, Buffer.from(name)))));
const time = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\..*/g, "")}Z`));

function extension(id: string, content: Buffer, critical = false): Buffer {
  return der(0x30, oid(id), ...(critical ? [boolean(true)] : []), der(0x04, content));
}

/** One element: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
