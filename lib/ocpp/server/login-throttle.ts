import { isIPv6 } from "node:net";
import type { Clock } from "../../clock.ts";

/** Wrong passwords of one address for one identity that cost nothing: typing errors while commissioning. */
const FREE_TRIES = 5;
/** The first wait, and the longest (ms). */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** Without a further failure for so long, all is forgiven (ms). */
const FORGET_MS = 600_000;
/** So many pairs of address and identity are remembered. */
const MOST_PAIRS = 10_000;

interface Failures {
  count: number;
  lastMs: number;
}

/**
 * Slows down who guesses passwords. Kept per address and identity together: an identity alone is never locked, so nobody can
 * lock out the real charge point from elsewhere, and what is connected stays connected.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  /** In the order of the last failure. */
  readonly #failures = new Map<string, Failures>();
  /** Passwords being looked at. */
  readonly #tries = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Time until this address may try this identity again (s); 0 = now. */
  waitS(remoteAddress: string, identity: string): number {
    const key = keyOf(remoteAddress, identity);
    const failures = this.#failures.get(key);
    const tries = this.#tries.get(key) ?? 0;
    if (tries > 0 && tries + (failures?.count ?? 0) >= FREE_TRIES) return 1;
    if (!failures || failures.count < FREE_TRIES) return 0;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures.count - FREE_TRIES));
    return Math.max(0, Math.ceil((failures.lastMs + waitMs - this.#clock.nowMs()) / 1000));
  }

  /**
   * A password is about to be looked at: many at once are no more than one after the other.
   * @returns to be called, once, when it has been
   */
  trying(remoteAddress: string, identity: string): () => void {
    const key = keyOf(remoteAddress, identity);
    this.#tries.set(key, (this.#tries.get(key) ?? 0) + 1);
    return () => {
      const others = (this.#tries.get(key) ?? 1) - 1;
      if (others > 0) this.#tries.set(key, others);
      else this.#tries.delete(key);
    };
  }

  failed(remoteAddress: string, identity: string): void {
    const key = keyOf(remoteAddress, identity);
    const nowMs = this.#clock.nowMs();
    const before = this.#failures.get(key);
    const count = before && nowMs - before.lastMs < FORGET_MS ? before.count + 1 : 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastMs: nowMs });
    for (const [oldest, { lastMs }] of this.#failures) {
      if (this.#failures.size <= MOST_PAIRS && nowMs - lastMs < FORGET_MS) break;
      this.#failures.delete(oldest);
    }
  }

  succeeded(remoteAddress: string, identity: string): void {
    this.#failures.delete(keyOf(remoteAddress, identity));
  }
}

function keyOf(remoteAddress: string, identity: string): string {
  return `${networkOf(remoteAddress)} ${identity.toLowerCase()}`;
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address.replace(/^::ffff:/i, "");
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const groups = head.split(":").filter(Boolean);
  const last = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - last.length) }, () => "0");
  return [...groups, ...zeros, ...last].slice(0, 4).join(":");
}
