import type { Store } from "../../store/types.ts";

/** Security profiles of the white paper: 1 password, 2 password over TLS, 3 client certificate; 0 = none of them. */
export type SecurityProfile = 0 | 1 | 2 | 3;

/** Remembers the highest profile each charge point has connected with, over restarts (A05.FR.09). */
export class SecurityProfiles {
  readonly #store: Pick<Store, "document" | "saveDocument" | "failure">;
  readonly #known = new Map<string, SecurityProfile>();

  constructor(store: Pick<Store, "document" | "saveDocument" | "failure">) {
    this.#store = store;
  }

  /** 0 for a charge point that was never seen. */
  highest(identity: string): SecurityProfile {
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const stored = this.#store.document(documentOf(identity));
    const profile = stored === 1 || stored === 2 || stored === 3 ? stored : 0;
    // Nothing is known while the database cannot be read: it is asked again.
    if (profile > 0 || this.#store.failure === null) this.#known.set(identity, profile);
    return profile;
  }

  /** A charge point has connected with this profile. */
  seen(identity: string, profile: SecurityProfile): void {
    if (profile > this.highest(identity)) this.#set(identity, profile);
  }

  /** A person allows it to connect with a lower profile again; the next connection's is remembered. */
  allowLower(identity: string): void {
    this.#set(identity, 0);
  }

  #set(identity: string, profile: SecurityProfile): void {
    this.#known.set(identity, profile);
    this.#store.saveDocument(documentOf(identity), profile);
  }
}

const documentOf = (identity: string): string => `securityProfile/${identity}`;
