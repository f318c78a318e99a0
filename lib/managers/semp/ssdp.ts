/** Lets managers find a server by SSDP (UPnP Device Architecture 1.1, section 1): announces it, and answers searches. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";
import type { Clock, Timer } from "../../clock.ts";

/** What is announced. */
export interface Found {
  uuid: string;
  /** Such as `urn:…:device:Gateway:1`. */
  type: string;
  port: number;
  /** Of its description. */
  path: string;
  /** Address of one network card; empty = all. */
  host: string;
}

const GROUP = "239.255.255.250";
const PORT = 1900;
/** Who has heard an announcement may keep it so long, s; it is repeated in half of that. */
const MAX_AGE_S = 1800;
const REPEAT_MS = (MAX_AGE_S / 2) * 1000;
/** The first one may get lost. */
const AGAIN_MS = 3000;
/** Network cards come and go. */
const LOOK_MS = 60_000;
/** A search is answered within this time, so that not all answer at once, ms. */
const WITHIN_MS = 1000;
/** So many searches are answered within a second. */
const MOST_PER_SECOND = 20;
/** A search is much shorter, bytes. */
const LONGEST_SEARCH = 2048;

/** A network card. */
interface Card {
  address: string;
  socket: Socket;
  near: BlockList;
}

export class SsdpAnnouncer {
  readonly #found: Found;
  readonly #clock: Clock;
  readonly #failed: (error: Error) => void;
  readonly #timers: Timer[] = [];
  readonly #waiting = new Set<Timer>();
  #listener: Socket | null = null;
  #cards: Card[] = [];
  #second = { sinceMs: Number.NEGATIVE_INFINITY, answers: 0 };

  /** @param failed what the network refuses is told, and ends nothing */
  constructor(found: Found, clock: Clock, failed: (error: Error) => void) {
    this.#found = found;
    this.#clock = clock;
    this.#failed = failed;
    this.#listen();
    this.#look();
    this.#timers.push(
      clock.setTimeout(() => this.#announce("ssdp:alive", this.#cards), AGAIN_MS),
      clock.setInterval(() => this.#announce("ssdp:alive", this.#cards), REPEAT_MS),
      clock.setInterval(() => this.#look(), LOOK_MS),
    );
  }

  /** Says goodbye and stops. */
  async close(): Promise<void> {
    for (const timer of [...this.#timers, ...this.#waiting]) this.#clock.clear(timer);
    await this.#announce("ssdp:byebye", this.#cards);
    for (const { socket } of this.#cards.splice(0)) socket.close();
    this.#listener?.close();
    this.#listener = null;
  }

  #listen(): void {
    const listener = createSocket({ type: "udp4", reuseAddr: true });
    this.#listener = listener;
    listener.on("error", this.#failed);
    listener.on("message", (message, from) => this.#heard(message, from));
    listener.bind(PORT, () => this.#join());
  }

  /** Follows the network cards: those that are new are announced on. */
  #look(): void {
    const wanted = addressesOf(this.#found.host);
    const gone = this.#cards.filter(({ address }) => !wanted.has(address));
    for (const { socket } of gone) socket.close();
    this.#cards = this.#cards.filter((card) => !gone.includes(card));
    for (const [address, near] of wanted) {
      if (this.#cards.some((card) => card.address === address)) continue;
      const socket = createSocket("udp4");
      const card = { address, socket, near };
      this.#cards.push(card);
      socket.on("error", this.#failed);
      socket.bind({ address, port: 0 }, () => {
        if (!this.#cards.includes(card)) return;
        this.#attempt(() => socket.setMulticastInterface(address));
        this.#attempt(() => socket.setMulticastTTL(2));
        this.#join();
        void this.#announce("ssdp:alive", [card]);
      });
    }
  }

  /** Hears searches on every card; what is heard already stays so. */
  #join(): void {
    for (const { address } of this.#cards) {
      try {
        this.#listener?.addMembership(GROUP, address);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EADDRINUSE" && code !== "ERR_SOCKET_DGRAM_NOT_RUNNING") this.#failed(error as Error);
      }
    }
  }

  #attempt(change: () => void): void {
    try {
      change();
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  /** What it is found as, each with its own name. */
  get #targets(): [target: string, name: string][] {
    const uuid = `uuid:${this.#found.uuid}`;
    const { type } = this.#found;
    return [
      ["upnp:rootdevice", `${uuid}::upnp:rootdevice`],
      [uuid, uuid],
      [type, `${uuid}::${type}`],
    ];
  }

  async #announce(what: "ssdp:alive" | "ssdp:byebye", cards: readonly Card[]): Promise<void> {
    const sent = cards.flatMap((card) =>
      this.#targets.map(([target, name]) => {
        const lines = [
          "NOTIFY * HTTP/1.1",
          `HOST: ${GROUP}:${PORT}`,
          `NT: ${target}`,
          `NTS: ${what}`,
          `USN: ${name}`,
          ...(what === "ssdp:alive" ? this.#where(card) : []),
        ];
        return this.#send(card, lines, PORT, GROUP);
      }),
    );
    await Promise.all(sent);
  }

  #where({ address }: Card): string[] {
    const { port, path } = this.#found;
    return [
      `CACHE-CONTROL: max-age=${MAX_AGE_S}`,
      `LOCATION: http://${address}:${port}${path}`,
      "SERVER: Node.js UPnP/1.1 node-red-ev-charging/1",
    ];
  }

  #heard(message: Buffer, { address, port }: RemoteInfo): void {
    if (message.length > LONGEST_SEARCH) return;
    const wanted = searchOf(message.toString("latin1"));
    // An answer goes to the own networks alone: nobody elsewhere can be made to get what was not asked for.
    const card = this.#cards.find(({ near }) => near.check(address));
    if (wanted === null || !card) return;
    const found = this.#targets.filter(([target]) => wanted === "ssdp:all" || wanted === target);
    if (found.length === 0 || this.#busy()) return;
    const timer = this.#clock.setTimeout(() => {
      this.#waiting.delete(timer);
      for (const [target, name] of found) {
        const lines = ["HTTP/1.1 200 OK", "EXT:", `ST: ${target}`, `USN: ${name}`, ...this.#where(card)];
        void this.#send(card, lines, port, address);
      }
    }, Math.random() * WITHIN_MS);
    this.#waiting.add(timer);
  }

  #busy(): boolean {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#second.sinceMs >= 1000) this.#second = { sinceMs: nowMs, answers: 0 };
    this.#second.answers++;
    return this.#second.answers > MOST_PER_SECOND;
  }

  #send({ socket }: Card, lines: readonly string[], port: number, address: string): Promise<void> {
    const message = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
    return new Promise((resolve) => {
      const done = (error?: Error | null) => {
        if (error) this.#failed(error);
        resolve();
      };
      try {
        socket.send(message, port, address, done);
      } catch (error) {
        done(error as Error);
      }
    });
  }
}

/** What a search looks for; null = it is none. */
export function searchOf(message: string): string | null {
  const [first, ...lines] = message.split("\r\n");
  if (first !== "M-SEARCH * HTTP/1.1") return null;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).trim().toUpperCase(), line.slice(colon + 1).trim());
  }
  return fields.get("MAN") === '"ssdp:discover"' ? (fields.get("ST") ?? null) : null;
}

/** Addresses of network cards, each with those that are near. @param host one of them; empty = all but this machine's own */
function addressesOf(host: string): Map<string, BlockList> {
  const found = new Map<string, BlockList>();
  const isAny = host === "" || host === "0.0.0.0" || host === "::";
  for (const { address, family, internal, cidr } of Object.values(networkInterfaces()).flatMap((one) => one ?? [])) {
    if (family !== "IPv4" || (isAny ? internal : address !== host)) continue;
    const near = new BlockList();
    near.addSubnet(address, Number(cidr?.split("/")[1] ?? 32), "ipv4");
    found.set(address, near);
  }
  return found;
}
