import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { EvError, messageOf } from "../errors.ts";
import { makeFolder, PRIVATE_FILE } from "../private-files.ts";
import { authorityCertificate, clientCertificate, newAuthorityKey, type Signer } from "./certificate.ts";
import type { SigningRequest } from "./signing-request.ts";

const DAY_MS = 86_400_000;
/** As long as a charge point is in service: a new root has to be installed on each. */
const ROOT_DAYS = 20 * 365;
const CHARGE_POINT_DAYS = 365;
/** Charge points whose clock is late would not take one that begins now. */
const EARLIER_MS = DAY_MS;

/** The certificate authority of a site: key and certificate in one file, made when they are first needed. */
export class Authority {
  readonly #path: string;
  #known: { signer: Signer; cert: string } | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Its certificate in PEM form, which charge points and the server trust. @throws EvError EV_TLS_CERTIFICATE */
  root(nowWallMs: number): string {
    return this.#open(nowWallMs).cert;
  }

  /** A certificate for the key of a request. @param name checked before: the charge point's own @throws EvError EV_TLS_CERTIFICATE */
  issue({ name, organization, key }: SigningRequest, nowWallMs: number): string {
    const { signer } = this.#open(nowWallMs);
    const validity = { fromWallMs: nowWallMs - EARLIER_MS, untilWallMs: nowWallMs + CHARGE_POINT_DAYS * DAY_MS };
    return clientCertificate(signer, { name, organization }, key, validity);
  }

  #open(nowWallMs: number): { signer: Signer; cert: string } {
    try {
      if (!existsSync(this.#path)) this.#make(nowWallMs);
      this.#known ??= this.#read();
      return this.#known;
    } catch (error) {
      throw new EvError("EV_TLS_CERTIFICATE", `certificates: ${this.#path}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Whole or not at all: a key that is half written would be lost with all that it signed. */
  #make(nowWallMs: number): void {
    this.#known = null;
    const key = newAuthorityKey();
    const subject = { name: "Phasewise charge points", organization: null };
    const validity = { fromWallMs: nowWallMs - EARLIER_MS, untilWallMs: nowWallMs + ROOT_DAYS * DAY_MS };
    const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
    makeFolder(dirname(this.#path));
    const part = `${this.#path}.part`;
    rmSync(part, { force: true });
    writeFileSync(part, pem + authorityCertificate({ key, subject }, validity), { mode: PRIVATE_FILE, flush: true });
    renameSync(part, this.#path);
  }

  #read(): { signer: Signer; cert: string } {
    const text = readFileSync(this.#path, "utf8");
    const key = createPrivateKey(text);
    const read = new X509Certificate(text.slice(text.indexOf("-----BEGIN CERTIFICATE-----")));
    if (!read.checkPrivateKey(key)) throw new Error("the key does not belong to the certificate");
    const [, name = ""] = /^CN=(.*)$/m.exec(read.subject) ?? [];
    return { signer: { key, subject: { name, organization: null } }, cert: read.toString() };
  }
}
