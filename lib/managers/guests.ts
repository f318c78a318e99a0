import type { Socket } from "node:net";

/** So many clients are served at once; beyond it the one that was silent longest goes, a stranger before a writer. */
const MOST_GUESTS = 32;

interface Guest {
  peer: string;
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
    if (this.#guests.size >= MOST_GUESTS && !this.#makeRoom(peer)) {
      socket.destroy();
      return false;
    }
    this.#guests.set(socket, { peer, heardMs: performance.now() });
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

  /** @returns false when all that are connected come before this peer */
  #makeRoom(peer: string): boolean {
    const isKnown = this.#isKnown(peer);
    const others = [...this.#guests].filter(([, guest]) => isKnown || !this.#isKnown(guest.peer));
    const strangers = others.filter(([, guest]) => !this.#isKnown(guest.peer));
    const [first] = (strangers.length > 0 ? strangers : others).sort(([, a], [, b]) => a.heardMs - b.heardMs);
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

  /** Does a piece of work and counts its time. @returns how long the next one has to wait, ms; 0 = not at all */
  spend(work: () => void): number {
    const beganMs = performance.now();
    if (beganMs - this.#sinceMs >= this.#windowMs) {
      this.#sinceMs = beganMs;
      this.#spentMs = 0;
    }
    work();
    const nowMs = performance.now();
    this.#spentMs += nowMs - beganMs;
    return this.#spentMs < this.#mostMs ? 0 : Math.max(1, this.#sinceMs + this.#windowMs - nowMs);
  }
}
