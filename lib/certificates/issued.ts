import type { X509Certificate } from "node:crypto";
import { record } from "../fields.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import type { RemovedList } from "./removed-list.ts";

/** One certificate of a charge point. Wall times are ms since 1970. */
export interface IssuedCertificate {
  serial: string;
  /** SHA-256, hexadecimal. */
  fingerprint: string;
  fromWallMs: number;
  untilWallMs: number;
  /** `sent`: no answer is known. `removed`: refused from then on. */
  state: "sent" | "accepted" | "refused" | "removed";
}

/** So many are kept of a charge point, beside those that are removed and would be valid otherwise. */
const MOST_KEPT = 10;

const PREFIX = "certificates/";
const STATES = ["sent", "accepted", "refused", "removed"] as const;

/** What was issued to whom, oldest first; kept over restarts. */
export class IssuedCertificates {
  readonly #store: Pick<Store, "documents" | "keepDocument">;
  readonly #removed: RemovedList;
  #isListed = false;
  /** By identity; null = not read yet. It is asked for with each connection, and every few seconds. */
  #known: Map<string, IssuedCertificate[]> | null = null;

  constructor(store: Pick<Store, "documents" | "keepDocument">, removed: RemovedList) {
    this.#store = store;
    this.#removed = removed;
  }

  of(identity: string): readonly IssuedCertificate[] {
    return this.#all().get(identity) ?? [];
  }

  /** Every charge point that ever had one. Empty while the database cannot be read. */
  identities(): string[] {
    return [...this.#all().keys()];
  }

  /** The one that counts: the newest that the charge point has taken; null = none. */
  current(identity: string): IssuedCertificate | null {
    return this.of(identity).findLast(({ state }) => state === "accepted") ?? null;
  }

  /** Also where the database is an older one that does not know of it, and while the list of removed ones cannot be read. */
  isRemoved(identity: string, fingerprint: string): boolean {
    if (this.of(identity).some((one) => one.state === "removed" && one.fingerprint === fingerprint)) return true;
    try {
      return this.#removed.has(fingerprint);
    } catch {
      return true;
    }
  }

  /** Resolves when it is durable. @throws EvError of the store */
  put(identity: string, certificate: IssuedCertificate, nowWallMs: number): Promise<void> {
    const others = this.of(identity).filter(({ fingerprint }) => fingerprint !== certificate.fingerprint);
    const all = [...others, certificate];
    const isDenied = ({ state, untilWallMs }: IssuedCertificate) => state === "removed" && untilWallMs > nowWallMs;
    const kept = all.filter((one, index) => isDenied(one) || index >= all.length - MOST_KEPT);
    return this.#save(identity, kept);
  }

  /**
   * From now on they are refused, also where they cannot be written down.
   * @param shown one that the charge point has shown, which the database may not know; null = none
   * @returns how many they are @throws EvError of the store; EV_TLS_CERTIFICATE where the list cannot be written
   */
  async remove(identity: string, shown: string | null): Promise<number> {
    const before = this.of(identity);
    const gone = new Set(before.filter(({ state }) => state !== "removed").map(({ fingerprint }) => fingerprint));
    if (shown !== null && !this.isRemoved(identity, shown)) gone.add(shown);
    if (gone.size === 0) return 0;
    const saved = this.#save(
      identity,
      before.map((one) => ({ ...one, state: "removed" })),
    );
    await Promise.all([saved, Promise.resolve().then(() => this.#removed.add(identity, [...gone]))]);
    return gone.size;
  }

  #all(): Map<string, IssuedCertificate[]> {
    try {
      this.#known ??= new Map(
        this.#store.documents(PREFIX).map(([key, saved]) => [key.slice(PREFIX.length), readAll(saved)]),
      );
    } catch {
      // The store reports its own failure; the next question tries again.
      return new Map();
    }
    this.#listRemoved(this.#known);
    return this.#known;
  }

  /** Those that were removed by an earlier release stand in the database alone. */
  #listRemoved(known: ReadonlyMap<string, readonly IssuedCertificate[]>): void {
    if (this.#isListed) return;
    this.#isListed = true;
    try {
      for (const [identity, all] of known) {
        const removed = all.filter(({ state }) => state === "removed");
        this.#removed.add(
          identity,
          removed.map(({ fingerprint }) => fingerprint),
        );
      }
    } catch {
      // They are refused by the database; the next start tries again.
    }
  }

  /** What counts from now on, also where it cannot be written: a removed certificate lets nobody in. */
  #save(identity: string, all: IssuedCertificate[]): Promise<void> {
    this.#all().set(identity, all);
    return this.#store.keepDocument(PREFIX + identity, all as unknown as JsonValue);
  }
}

/** What is known of a certificate by itself. @throws errors of OpenSSL */
export function issuedOf(certificate: X509Certificate): IssuedCertificate {
  return {
    serial: certificate.serialNumber.toLowerCase(),
    fingerprint: plainFingerprint(certificate.fingerprint256),
    fromWallMs: Date.parse(certificate.validFrom),
    untilWallMs: Date.parse(certificate.validTo),
    state: "sent",
  };
}

/** As OpenSSL writes it, and as it is kept. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}

function readAll(saved: JsonValue): IssuedCertificate[] {
  if (!Array.isArray(saved)) return [];
  return saved.flatMap((one) => {
    const { serial, fingerprint, fromWallMs, untilWallMs, state } = record(one);
    const known = STATES.find((name) => name === state);
    if (typeof serial !== "string" || typeof fingerprint !== "string" || !known) return [];
    if (typeof fromWallMs !== "number" || typeof untilWallMs !== "number") return [];
    return [{ serial, fingerprint, fromWallMs, untilWallMs, state: known }];
  });
}
