/** A network of their own for charge points: what really happens to a socket when a cable is pulled. */
import { execFileSync } from "node:child_process";

/** Names and addresses are of this process: drills run side by side. */
const ours = process.pid % 250;

export class NetworkOfItsOwn {
  readonly #name = `phasewise-${process.pid}`;
  readonly #link = `pw${process.pid}`;
  /** The address of this machine in it. */
  readonly host = `10.231.${ours}.1`;

  /** Why there can be none here; null when there can. */
  static missing(): string | null {
    try {
      new NetworkOfItsOwn().remove();
      return null;
    } catch {
      return "only root with iproute2 can make a network";
    }
  }

  /** @throws Error where that is not allowed */
  constructor() {
    const peer = `${this.#link}p`;
    ip("netns", "add", this.#name);
    try {
      ip("link", "add", this.#link, "type", "veth", "peer", "name", peer);
      ip("link", "set", peer, "netns", this.#name);
      ip("addr", "add", `${this.host}/30`, "dev", this.#link);
      ip("link", "set", this.#link, "up");
      ip("-n", this.#name, "addr", "add", `10.231.${ours}.2/30`, "dev", peer);
      ip("-n", this.#name, "link", "set", "lo", "up");
      ip("-n", this.#name, "link", "set", peer, "up");
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Runs the command that follows it within. */
  get wrapper(): string[] {
    return ["ip", "netns", "exec", this.#name];
  }

  /** Somebody pulls the plug. */
  down(): void {
    ip("link", "set", this.#link, "down");
  }

  up(): void {
    ip("link", "set", this.#link, "up");
  }

  remove(): void {
    for (const what of [
      ["link", "del", this.#link],
      ["netns", "del", this.#name],
    ]) {
      try {
        ip(...what);
      } catch {
        // It was not made, or has gone with the other.
      }
    }
  }
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: "ignore" });
}
