import type { Socket } from "node:net";

/** So many clients are served at once; beyond it the one that was silent longest goes, a stranger before a writer. */
const MOST_GUESTS = 32;

interface Guest {
  isKnown: boolean;
  heardMs: number;
}

/** The connections of one listening port. */
export class Guests {
  readonly #isKnown: (peer: string) => boolean;
  readonly #guests = new Map<Socket, Guest>();

  /** @param isKnown whether a peer keeps its place when strangers want it */
  constructor(isKnown: (peer: string) => boolean) {
    this.#isKnown = isKnown;
  }

  /** Connections that are open now. */
  get count(): number {
    return this.#guests.size;
  }

  /** @returns false for a connection that was closed instead, because all the others come before it */
  admit(socket: Socket, peer: string): boolean {
    const isKnown = this.#isKnown(peer);
    if (this.#guests.size >= MOST_GUESTS && !this.#makeRoom(isKnown)) {
      socket.destroy();
      return false;
    }
    this.#guests.set(socket, { isKnown, heardMs: performance.now() });
    socket.once("close", () => this.#guests.delete(socket));
    return true;
  }

  /** It said something: others go before it. */
  heard(socket: Socket): void {
    const guest = this.#guests.get(socket);
    if (guest) guest.heardMs = performance.now();
  }

  /** Drops all of them. */
  dismiss(): void {
    for (const socket of this.#guests.keys()) socket.destroy();
  }

  /** @returns false when all that are connected come before this one */
  #makeRoom(isKnown: boolean): boolean {
    const strangers = [...this.#guests].filter(([, guest]) => !guest.isKnown);
    const others = strangers.length > 0 || !isKnown ? strangers : [...this.#guests];
    const [first] = others.sort(([, a], [, b]) => a.heardMs - b.heardMs);
    if (!first) return false;
    this.#guests.delete(first[0]);
    first[0].destroy();
    return true;
  }
}

/** How much of a kind is done within a second, whoever asks. */
export class Budget {
  readonly #most: number;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #taken = 0;

  constructor(mostPerSecond: number) {
    this.#most = mostPerSecond;
  }

  /** @returns false when it is used up for this second */
  take(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#sinceMs >= 1000) {
      this.#sinceMs = nowMs;
      this.#taken = 0;
    }
    this.#taken++;
    return this.#taken <= this.#most;
  }

  /** Whether it is used up for this second. */
  get isSpent(): boolean {
    return this.#taken >= this.#most && this.waitMs > 0;
  }

  /** Until there is more, ms. */
  get waitMs(): number {
    return Math.max(0, this.#sinceMs + 1000 - performance.now());
  }
}

/** A part of the event loop's time for requests of a kind, whoever sends them. */
export class TimeShare {
  readonly #windowMs: number;
  readonly #mostMs: number;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #spentMs = 0;

  /** @param mostMs in each window of `windowMs` */
  constructor(mostMs: number, windowMs: number) {
    this.#mostMs = mostMs;
    this.#windowMs = windowMs;
  }

  /** Until there is time for the next piece of work, ms; 0 = there is now. */
  get waitMs(): number {
    const leftMs = this.#sinceMs + this.#windowMs - performance.now();
    return this.#spentMs < this.#mostMs || leftMs <= 0 ? 0 : Math.max(1, leftMs);
  }

  /** Does a piece of work and counts its time. */
  spend(work: () => void): void {
    const beganMs = performance.now();
    if (beganMs - this.#sinceMs >= this.#windowMs) {
      this.#sinceMs = beganMs;
      this.#spentMs = 0;
    }
    work();
    this.#spentMs += performance.now() - beganMs;
  }
}
