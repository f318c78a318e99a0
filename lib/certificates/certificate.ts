import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { armoured, bits, der, integer, octets, oid, sequence, set, TAG, time, yes } from "./der.ts";

/** Whom a certificate is for. */
export interface Subject {
  name: string;
  organization: string | null;
}

export interface Validity {
  fromWallMs: number;
  untilWallMs: number;
}

/** A key that signs, and its certificate's name. */
export interface Signer {
  key: KeyObject;
  subject: Subject;
}

const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
/** Key usages of RFC 5280 §4.2.1.3, as bits from the left, and how many bits of the last byte are not used. */
const DIGITAL_SIGNATURE = bits(Buffer.from([0x80]), 7);
const SIGNS_CERTIFICATES = bits(Buffer.from([0x06]), 1);
const SERIAL_BYTES = 16;

/** A new key of an authority: EC P-256, which every charge point with OCPP's security extension verifies. */
export function newAuthorityKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

/** The certificate of an authority, signed by itself, in PEM form. It signs charge points and no other authority. */
export function authorityCertificate(signer: Signer, validity: Validity): string {
  const publicKey = createPublicKey(signer.key);
  return certificate(signer, signer.subject, publicKey, validity, [
    extension("2.5.29.19", sequence(yes(), integer(Buffer.from([0]))), true),
    extension("2.5.29.15", SIGNS_CERTIFICATES, true),
    extension("2.5.29.14", octets(keyId(publicKey))),
  ]);
}

/** The certificate of a charge point, in PEM form: it can show who it is, and sign nothing else. */
export function clientCertificate(signer: Signer, subject: Subject, publicKey: KeyObject, validity: Validity): string {
  return certificate(signer, subject, publicKey, validity, [
    extension("2.5.29.19", sequence(), true),
    extension("2.5.29.15", DIGITAL_SIGNATURE, true),
    extension("2.5.29.37", sequence(oid(CLIENT_AUTHENTICATION))),
    extension("2.5.29.14", octets(keyId(publicKey))),
    extension("2.5.29.35", sequence(der(0x80, keyId(createPublicKey(signer.key))))),
  ]);
}

function certificate(
  { key, subject: issuer }: Signer,
  subject: Subject,
  publicKey: KeyObject,
  { fromWallMs, untilWallMs }: Validity,
  extensions: readonly Buffer[],
): string {
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // The first bit is clear, so that it is never longer than it says, and the second set, so that it is never shorter.
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(SERIAL_BYTES - 1)])),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(time(fromWallMs), time(untilWallMs)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  return armoured(sequence(content, ECDSA_SHA256, bits(sign("sha256", content, key))), "CERTIFICATE");
}

function nameOf({ name, organization }: Subject): Buffer {
  const part = (attribute: string, text: string): Buffer =>
    set(sequence(oid(attribute), der(TAG.utf8, Buffer.from(text, "utf8"))));
  return sequence(...(organization ? [part("2.5.4.10", organization)] : []), part("2.5.4.3", name));
}

function extension(id: string, content: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes()] : []), octets(content));
}

/** RFC 7093 §2, method 1, of the whole public key. */
function keyId(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest().subarray(0, 20);
}
