import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { dottedOf, elements, inside, TAG, textOf, unarmoured } from "./der.ts";

/** What a charge point asks to be signed, checked: it has the key that belongs to it. */
export interface SigningRequest {
  /** The one common name. */
  name: string;
  /** Its operator, where it names one. */
  organization: string | null;
  key: KeyObject;
}

const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";

/** By what a request may be signed: ECDSA and RSA with SHA-2 (RFC 5758, RFC 4055). */
const SIGNATURES: Readonly<Record<string, string>> = {
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
};

const CURVES: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1"]);
/** Security white paper A00.FR.504: 2048 bits at least. More than the other number take a charge point, and us, too long. */
const [LEAST_RSA_BITS, MOST_RSA_BITS] = [2048, 4096];
const LONGEST_NAME = 64;

/**
 * Reads a signing request (PKCS#10, RFC 2986) in PEM form.
 * @throws Error that says in a few words what is wrong with it: form, name, key or signature
 */
export function readSigningRequest(pem: string): SigningRequest {
  const [info, algorithm, signature] = inside(requestIn(pem), TAG.sequence);
  if (!info || !algorithm || signature?.tag !== TAG.bits) throw new Error("it has another form");
  const [, subject, publicKey] = elements(info.content);
  if (subject?.tag !== TAG.sequence || !publicKey) throw new Error("it has another form");
  const key = keyOf(publicKey.whole);
  const [id] = elements(algorithm.content);
  const hash = id && SIGNATURES[dottedOf(id.content)];
  if (!hash) throw new Error("it is signed in a way that is not known here");
  if (!verify(hash, info.whole, key, signature.content.subarray(1))) throw new Error("its signature is wrong");
  return { name: theName(subject.content), organization: named(subject.content, ORGANIZATION)[0] ?? null, key };
}

/** Some charge points write NEW CERTIFICATE REQUEST, as old tools do. */
function requestIn(pem: string): Buffer {
  return unarmoured(pem.replaceAll("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST"), "CERTIFICATE REQUEST");
}

function keyOf(spki: Buffer): KeyObject {
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  const { namedCurve = "", modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const isGood =
    key.asymmetricKeyType === "ec"
      ? CURVES.has(namedCurve)
      : key.asymmetricKeyType === "rsa" && modulusLength >= LEAST_RSA_BITS && modulusLength <= MOST_RSA_BITS;
  if (!isGood) throw new Error("its key is of another kind than EC P-256 to P-521 or RSA 2048 to 4096");
  return key;
}

function theName(subject: Buffer): string {
  const names = named(subject, COMMON_NAME);
  const [name = ""] = names;
  if (names.length !== 1 || name === "" || name.length > LONGEST_NAME) throw new Error("it has no one common name");
  return name;
}

/** Values of an attribute of a name. */
function named(subject: Buffer, attribute: string): string[] {
  return elements(subject)
    .flatMap((part) => elements(part.content))
    .flatMap((pair) => {
      const [id, value] = elements(pair.content);
      if (!id || !value || dottedOf(id.content) !== attribute) return [];
      return textOf(value) ?? [];
    });
}
