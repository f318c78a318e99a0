import { Bonjour } from "bonjour-service";

/** A server that is announced in the local network. */
export interface Announced {
  name: string;
  /** Of DNS-SD, without the underscore: `victron-car-charger`. */
  type: string;
  port: number;
}

/** Announces servers by mDNS until it is closed. What fails on the network is told, and ends nothing. */
export class Announcer {
  readonly #bonjour: Bonjour;

  constructor(services: readonly Announced[], failed: (error: Error) => void) {
    this.#bonjour = new Bonjour({}, failed);
    for (const { name, type, port } of services)
      this.#bonjour.publish({ name, type, port, protocol: "tcp", probe: false });
  }

  /** Says goodbye and stops. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#bonjour.unpublishAll(() => this.#bonjour.destroy(() => resolve())));
  }
}
