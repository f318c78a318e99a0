import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { EvError, messageOf } from "../errors.ts";
import { makeFolder, PRIVATE_FILE } from "../private-files.ts";

/** A line of the file: SHA-256 of a certificate, and whose it was. */
const LINE = /^([0-9a-f]{64}) \S+$/;

/**
 * Certificates that a person removed, in a file beside that of the authority: an older copy of the database that is put back lets none
 * of them in again. Lines are added, never taken away. It holds no secret.
 */
export class RemovedList {
  readonly #path: string;
  /** By fingerprint; null = not read yet. */
  #known: Set<string> | null = null;
  /** Lines that the disk did not take: they go with the next ones. */
  #unwritten: string[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** @param fingerprint SHA-256, hexadecimal @throws EvError EV_TLS_CERTIFICATE where the file is there and cannot be read */
  has(fingerprint: string): boolean {
    return this.#all().has(fingerprint);
  }

  /** They count from now on, whether or not they can be written; durable when it returns. @throws EvError EV_TLS_CERTIFICATE */
  add(identity: string, fingerprints: readonly string[]): void {
    const known = this.#all();
    for (const one of fingerprints) {
      if (!known.has(one)) this.#unwritten.push(`${one} ${encodeURIComponent(identity)}\n`);
      known.add(one);
    }
    if (this.#unwritten.length === 0) return;
    this.#try(() => {
      makeFolder(dirname(this.#path));
      // A line that was cut by a power failure before ends here.
      writeFileSync(this.#path, `\n${this.#unwritten.join("")}`, { flag: "a", mode: PRIVATE_FILE, flush: true });
    });
    this.#unwritten = [];
  }

  #all(): Set<string> {
    this.#known ??= this.#try(() => {
      const lines = textOf(this.#path).split("\n");
      return new Set(lines.flatMap((line) => LINE.exec(line)?.[1] ?? []));
    });
    return this.#known;
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new EvError("EV_TLS_CERTIFICATE", `certificates: ${this.#path}: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** Empty where there is no such file: nothing was removed. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return "";
    throw error;
  }
}
