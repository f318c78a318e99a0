import type { Clock } from "../clock.ts";
import type { Store } from "../store/types.ts";

/** How long after the end of a lease the old limit still counts (S8). */
const AFTER_LEASE_MS = 30_000;

/** No lease is longer; a stored one that claims to be comes from a wall clock that was set back. */
const LONGEST_LEASE_MS = 960_000;

/** `zero`: 0 A was refused; `limits`: another limit was refused; `unsupported`: the charge point takes no profiles. */
export type Refusal = "zero" | "limits" | "unsupported";

interface Entry {
  /** null before the first accepted limit. */
  acceptedA: number | null;
  /** What the charge point falls back to, as last written into it. */
  safeA: number;
  /** Monotonic; null when the accepted limit carries no tail. */
  leaseUntilMs: number | null;
  /** The tail of the last accepted limit still holds. */
  tailAccepted: boolean;
  baselineAccepted: boolean;
  /** A limit that may or may not have been taken: the call was not answered. */
  uncertain: { limitA: number; leaseUntilMs: number } | null;
  refusal: Refusal | null;
  /** Monotonic time since which nothing was refused or left unanswered. */
  obeysSinceMs: number;
}

const UNKNOWN: Readonly<Entry> = {
  acceptedA: null,
  safeA: 0,
  leaseUntilMs: null,
  tailAccepted: false,
  baselineAccepted: false,
  uncertain: null,
  refusal: null,
  obeysSinceMs: Number.NEGATIVE_INFINITY,
};

/** An accepted limit as the charge point now holds it. */
export interface AcceptedLimit {
  limitA: number;
  safeA: number;
  /** Monotonic. */
  leaseUntilMs: number;
}

/**
 * What limit may be in force at each connector, whatever happened since: the basis of every reservation for charge
 * points that are away, refuse limits or did not answer (safety.md S2, S7, S8). Accepted limits are durable.
 */
export class LimitBook {
  readonly #store: Store;
  readonly #clock: Clock;
  /** By charge point and connector. */
  readonly #entries = new Map<string, Map<number, Entry>>();
  #restored = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.restore();
  }

  /** Takes over what the database knows (S11); does nothing once that succeeded. */
  restore(): void {
    if (this.#restored) return;
    try {
      const nowMs = this.#clock.nowMs();
      const wallMs = this.#clock.wallMs();
      for (const limit of this.#store.limits()) {
        const leftMs = limit.leaseUntilWallMs === null ? null : limit.leaseUntilWallMs - wallMs;
        if (this.#find(limit.chargePoint, limit.connector)) continue;
        Object.assign(this.#entry(limit.chargePoint, limit.connector), {
          acceptedA: limit.acceptedA,
          safeA: limit.safeA,
          leaseUntilMs: leftMs === null ? null : nowMs + Math.min(leftMs, LONGEST_LEASE_MS),
          tailAccepted: leftMs !== null,
          baselineAccepted: limit.baselineAccepted,
        } satisfies Partial<Entry>);
      }
      this.#restored = true;
    } catch {
      // Without the database nothing is known, and an unknown connector reserves its maximum.
    }
  }

  /** A leased limit was accepted. Returns false when it could not be made durable. */
  accepted(chargePoint: string, connector: number, limit: AcceptedLimit): boolean {
    const entry = this.#entry(chargePoint, connector);
    if (entry.refusal !== null || entry.uncertain !== null) entry.obeysSinceMs = this.#clock.nowMs();
    Object.assign(entry, {
      acceptedA: limit.limitA,
      safeA: limit.safeA,
      leaseUntilMs: limit.leaseUntilMs,
      tailAccepted: true,
      uncertain: null,
      refusal: null,
    } satisfies Partial<Entry>);
    return this.#save(chargePoint, connector, entry);
  }

  /** The permanent baseline was accepted. Returns false when it could not be made durable. */
  baselineAccepted(chargePoint: string, connector: number, safeA: number): boolean {
    const entry = this.#entry(chargePoint, connector);
    entry.baselineAccepted = true;
    entry.safeA = entry.tailAccepted ? Math.max(entry.safeA, safeA) : safeA;
    return this.#save(chargePoint, connector, entry);
  }

  /** A limit was sent and not answered: the higher of old and new counts from now on. */
  uncertain(chargePoint: string, connector: number, limit: AcceptedLimit): void {
    const entry = this.#entry(chargePoint, connector);
    entry.uncertain = {
      limitA: Math.max(limit.limitA, entry.uncertain?.limitA ?? 0),
      leaseUntilMs: Math.max(limit.leaseUntilMs, entry.uncertain?.leaseUntilMs ?? 0),
    };
  }

  /** A limit was refused; what was in force stays in force. Refusing a real limit weighs more than refusing 0 A. */
  refused(chargePoint: string, connector: number, refusal: Refusal): void {
    const entry = this.#entry(chargePoint, connector);
    if (refusal !== "zero" || entry.refusal === null) entry.refusal = refusal;
  }

  /** The charge point booted: it may have lost its profiles, and may take what it refused before. */
  rebooted(chargePoint: string): void {
    for (const entry of this.#entries.get(chargePoint)?.values() ?? []) {
      if (entry.refusal !== null) entry.obeysSinceMs = this.#clock.nowMs();
      Object.assign(entry, { tailAccepted: false, baselineAccepted: false, refusal: null } satisfies Partial<Entry>);
    }
  }

  /** The highest limit that may be in force at this moment, A per phase; `maxA` for a connector of which nothing is known. */
  inForceA(chargePoint: string, connector: number, maxA: number, nowMs: number): number {
    const entry = this.#find(chargePoint, connector);
    if (!entry) return maxA;
    const fallbackA = entry.tailAccepted || entry.baselineAccepted ? entry.safeA : maxA;
    const leased = entry.leaseUntilMs !== null && nowMs < entry.leaseUntilMs + AFTER_LEASE_MS;
    const uncertain = entry.uncertain !== null && nowMs < entry.uncertain.leaseUntilMs + AFTER_LEASE_MS;
    return Math.max(fallbackA, leased ? (entry.acceptedA ?? 0) : 0, uncertain ? entry.uncertain!.limitA : 0);
  }

  /** Why the connector cannot be controlled now: refused, or `unanswered`; null when it obeys. */
  trouble(chargePoint: string, connector: number): Refusal | "unanswered" | null {
    const entry = this.#find(chargePoint, connector);
    return entry?.refusal ?? (entry?.uncertain ? "unanswered" : null);
  }

  /** Since when the connector takes what it is given (monotonic); null while it does not. Refusing only 0 A does not count. */
  obeysSinceMs(chargePoint: string, connector: number): number | null {
    const trouble = this.trouble(chargePoint, connector);
    if (trouble !== null && trouble !== "zero") return null;
    return this.#find(chargePoint, connector)?.obeysSinceMs ?? Number.NEGATIVE_INFINITY;
  }

  #find(chargePoint: string, connector: number): Entry | undefined {
    return this.#entries.get(chargePoint)?.get(connector);
  }

  #entry(chargePoint: string, connector: number): Entry {
    let entries = this.#entries.get(chargePoint);
    if (!entries) {
      entries = new Map();
      this.#entries.set(chargePoint, entries);
    }
    let entry = entries.get(connector);
    if (!entry) {
      entry = { ...UNKNOWN };
      entries.set(connector, entry);
    }
    return entry;
  }

  #save(chargePoint: string, connector: number, entry: Entry): boolean {
    const { safeA, leaseUntilMs, baselineAccepted } = entry;
    const acceptedA = entry.acceptedA ?? safeA;
    const leaseUntilWallMs =
      leaseUntilMs === null ? null : Math.round(this.#clock.wallMs() + leaseUntilMs - this.#clock.nowMs());
    try {
      this.#store.saveLimit({ chargePoint, connector, acceptedA, safeA, leaseUntilWallMs, baselineAccepted });
      return true;
    } catch {
      return false;
    }
  }
}
