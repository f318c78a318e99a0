import type { Clock } from "../../clock.ts";
import type { Asked } from "../../ocpp/asked.ts";

/** So many callers are remembered, and so many of one network address: one that invents names takes no place of another. */
const MOST = 60;
const MOST_OF_ONE_ADDRESS = 6;
/** Who has not dialled for so long is forgotten, ms: chargers try again within minutes. */
const FORGET_MS = 6 * 3_600_000;
/** Letters of what was asked for that are kept. */
const LONGEST = 60;

/** A charge point that dialled and cannot be served. */
export interface UnservedCaller extends Asked {
  identity: string;
  /** Key of the central system that it dialled. */
  origin: string;
  address: string;
  lastSeenWallMs: number;
}

/**
 * Charge points that ask for what is not spoken here, so that somebody can set them right. Bounded: when there is no room, a newcomer
 * takes the place of the oldest one of the address that has the most, and otherwise none.
 */
export class UnservedCallers {
  readonly #clock: Clock;
  /** By identity and central system, the one that dialled last at the end. */
  readonly #callers = new Map<string, UnservedCaller>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(caller: Omit<UnservedCaller, "lastSeenWallMs">): void {
    this.#expire();
    const key = keyOf(caller.identity, caller.origin);
    const isKnown = this.#callers.delete(key);
    if (!isKnown && !this.#makeRoomFor(caller.address)) return;
    const protocols = plain(caller.protocols);
    this.#callers.set(key, { ...caller, protocols, lastSeenWallMs: this.#clock.wallMs() });
  }

  /** It is served now, or nobody wants to see it any more. */
  forget(identity: string, origin: string): void {
    this.#callers.delete(keyOf(identity, origin));
  }

  /** The one that dialled last at the end. */
  list(): readonly UnservedCaller[] {
    this.#expire();
    return [...this.#callers.values()];
  }

  /** @returns whether there is room for one more of this address */
  #makeRoomFor(address: string): boolean {
    const own = this.#of(address);
    if (own.length >= MOST_OF_ONE_ADDRESS) return this.#drop(own);
    if (this.#callers.size < MOST) return true;
    const addresses = new Set([...this.#callers.values()].map((one) => one.address));
    const largest = [...addresses].map((one) => this.#of(one)).sort((a, b) => b.length - a.length)[0] ?? [];
    return largest.length > own.length + 1 && this.#drop(largest);
  }

  #of(address: string): [string, UnservedCaller][] {
    return [...this.#callers].filter(([, one]) => one.address === address);
  }

  #drop([oldest]: [string, UnservedCaller][]): boolean {
    return oldest !== undefined && this.#callers.delete(oldest[0]);
  }

  #expire(): void {
    const wallMs = this.#clock.wallMs();
    for (const [key, { lastSeenWallMs }] of this.#callers)
      if (Math.abs(wallMs - lastSeenWallMs) > FORGET_MS) this.#callers.delete(key);
  }
}

/** In plain letters, and not many: it came from a stranger. */
function plain(text: string): string {
  return text.replace(/[^\w.,+ -]/g, "").slice(0, LONGEST);
}

const keyOf = (identity: string, origin: string): string => `${origin} ${identity.toLowerCase()}`;
