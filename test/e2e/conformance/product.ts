/** A central system of each kind of protection, as a user has it: the packed product in a Node-RED of its own. */
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import { messageOf } from "../../../lib/errors.ts";
import type { StationEvent } from "../../../lib/messages.ts";
import { Authority, type Issued } from "../../certificates.ts";
import type { FlowNode } from "../flows.ts";
import { freePort, until } from "../net.ts";
import { type Major, NodeRed } from "../node-red.ts";
import { type DialOptions, Wire } from "./wire.ts";

/** How a central system is protected: security profiles 0 to 3 of the OCPP 1.6 security white paper. */
export const PROTECTIONS = ["open", "passwords", "TLS", "mutual TLS"] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** Further central systems, all open: one parks strangers, one is lenient and impatient, one asks the list of badges. */
export const EXTRAS = ["parking", "lenient", "badges"] as const;
export type Extra = (typeof EXTRAS)[number];

export const PASSWORD = "0123456789abcdef";

/** The list of badges, which one of the central systems asks. */
const BADGES = [
  { idTag: "USER-1", parentIdTag: "FAMILY" },
  { idTag: "EXPIRED-1", expiryDate: "2020-01-01T00:00:00Z" },
  { idTag: "BLOCKED-1", blocked: true },
  { idTag: "ONCE-1", maxConcurrent: 1 },
  { idTag: "ELSEWHERE-1", chargePoints: ["NOWHERE"] },
];

/** What `ev-command` gave back. */
export interface Commanded {
  ok: boolean;
  payload: Record<string, unknown>;
  error?: { kind: string; code: string; description: string };
}

const SCRIPT = `const { chargePoint, action, payload, force } = msg.payload;
return { req: msg.req, res: msg.res, chargePoint, action, payload, force };`;
// What follows an answer is no answer.
const REPORT = `if (msg.step) return null; msg.payload = { ok: msg.ok, payload: msg.payload, error: msg.error }; msg.statusCode = 200; return msg;`;

export class Product {
  readonly nodeRed: NodeRed;
  readonly ports: Readonly<Record<Protection | Extra, number>>;
  readonly events: StationEvent[] = [];
  readonly authority: Authority;
  #feed: WebSocket | null = null;
  #listeners = new Set<(event: StationEvent) => void>();

  private constructor(nodeRed: NodeRed, ports: Product["ports"], authority: Authority) {
    this.nodeRed = nodeRed;
    this.ports = ports;
    this.authority = authority;
  }

  /** Starts it with these charge points on each central system. @param identities by central system */
  static async start(major: Major, identities: (of: Protection | Extra) => string[]): Promise<Product> {
    const ports = Object.fromEntries(
      await Promise.all([...PROTECTIONS, ...EXTRAS].map(async (name) => [name, await freePort()] as const)),
    ) as Product["ports"];
    const product = new Product(await NodeRed.start(major), ports, new Authority("Conformance"));
    try {
      await product.nodeRed.deploy(product.#flow(identities));
      await product.#listen();
      await product.nodeRed.press("list", { topic: "badges/add", payload: BADGES });
      await product.event("the badges are listed", ({ topic }) => topic === "badges/add");
    } catch (error) {
      await product.stop();
      throw new Error(`the product did not start: ${messageOf(error)}\n${product.nodeRed.log}`, { cause: error });
    }
    return product;
  }

  /** Sends a command through the node. @param force also where it would break off a charge */
  async command(chargePoint: string, action: string, payload: object = {}, force = false): Promise<Commanded> {
    const answer = await fetch(`${this.nodeRed.url}/command`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ chargePoint, action, payload, force }),
    });
    return (await answer.json()) as Commanded;
  }

  /** The first event since the start for which `accept` holds. */
  event(what: string, accept: (event: StationEvent) => boolean, withinMs = 5000): Promise<StationEvent> {
    const found = this.events.find(accept);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(listen);
        reject(new Error(`no event within ${withinMs} ms: ${what}`));
      }, withinMs);
      const listen = (event: StationEvent): void => {
        if (!accept(event)) return;
        clearTimeout(timer);
        this.#listeners.delete(listen);
        resolve(event);
      };
      this.#listeners.add(listen);
    });
  }

  async stop(): Promise<void> {
    this.#feed?.terminate();
    await this.nodeRed.stop();
  }

  async #listen(): Promise<void> {
    const feed = new WebSocket(`${this.nodeRed.url.replace("http", "ws")}/events`);
    this.#feed = feed;
    feed.on("message", (data) => {
      const event = JSON.parse(data.toString()) as StationEvent;
      this.events.push(event);
      for (const listen of [...this.#listeners]) listen(event);
    });
    await new Promise((resolve, reject) => feed.once("open", resolve).once("error", reject));
    for (const port of Object.values(this.ports)) await until(`port ${port} listens`, () => listens(port));
  }

  #flow(identities: (of: Protection | Extra) => string[]): FlowNode[] {
    const [ecdsa, rsa] = (["ECDSA", "RSA"] as const).map((kind) =>
      this.authority.issue("localhost", ["localhost", "127.0.0.1"], kind),
    ) as [Issued, Issued];
    const both = { cert: ecdsa.cert + rsa.cert, key: ecdsa.key + rsa.key };
    const common = { site: "site", host: "127.0.0.1", unknownChargePoints: "reject", heartbeatS: 300 };
    const systems: Record<Protection | Extra, object> = {
      open: {},
      passwords: { requirePassword: true },
      TLS: { requirePassword: true, tls: "tls" },
      "mutual TLS": { tls: "mutual" },
      parking: { unknownChargePoints: "park" },
      badges: { authorization: "list" },
      lenient: { allowMissingSubprotocol: true, pingS: 2, callTimeoutS: 2 },
    };
    const names = [...PROTECTIONS, ...EXTRAS];
    const place = { z: "tab", x: 100, y: 100 };
    return [
      { id: "tab", type: "tab", label: "Conformance" },
      { id: "site", type: "ev-site", name: "Building" },
      tlsConfig("tls", both, ""),
      tlsConfig("mutual", rsa, this.authority.cert),
      ...names.map((name) => ({
        ...{ id: `cs ${name}`, type: "ev-central-system", ...common, port: this.ports[name] },
        ...systems[name],
      })),
      ...names.flatMap((name) => identities(name).map((identity) => chargePoint(name, identity))),
      { ...place, id: "in", type: "http in", url: "/command", method: "post", wires: [["unpack"]] },
      { ...place, id: "unpack", type: "function", func: SCRIPT, outputs: 1, wires: [["command"]] },
      { ...place, id: "command", type: "ev-command", payload: "payload", payloadType: "msg", wires: [["report"]] },
      { ...place, id: "report", type: "function", func: REPORT, outputs: 1, wires: [["out"]] },
      { ...place, id: "out", type: "http response", wires: [] },
      { ...place, id: "list", type: "inject", props: [], wires: [["authorization"]] },
      { ...place, id: "authorization", type: "ev-authorization", site: "site", wires: [[], ["told"]] },
      { ...place, id: "event", type: "ev-event", wires: [["told"]] },
      { ...place, id: "told", type: "websocket out", server: "events", client: "", wires: [] },
      { id: "events", type: "websocket-listener", path: "/events", wholemsg: "true" },
    ];
  }
}

/** One charge point at one of the central systems. */
export class Bench {
  readonly product: Product;
  readonly system: Protection | Extra;
  readonly identity: string;
  readonly #wires: Wire[] = [];
  readonly #sockets: Socket[] = [];

  constructor(product: Product, system: Protection | Extra, identity: string) {
    this.product = product;
    this.system = system;
    this.identity = identity;
  }

  get port(): number {
    return this.product.ports[this.system];
  }

  /** Whether a newcomer proves who it is: then it takes the place of an older connection at once. */
  get authenticated(): boolean {
    return this.system === "passwords" || this.system === "TLS" || this.system === "mutual TLS";
  }

  /** The same central system, another charge point. */
  as(identity: string): Bench {
    return new Bench(this.product, this.system, identity);
  }

  /** Opens a charge point's WebSocket with all that this central system asks for. @param path in place of the identity's */
  async dial({ path, headers, ...more }: Partial<DialOptions> & { path?: string } = {}): Promise<Wire> {
    const scheme = this.#tls ? "wss" : "ws";
    const wire = await Wire.dial({
      url: `${scheme}://127.0.0.1:${this.port}/${path ?? encodeURIComponent(this.identity)}`,
      headers: { ...this.#authorization(), ...headers },
      ...(this.#tls && { tls: this.#tls }),
      ...more,
    });
    this.#wires.push(wire);
    return wire;
  }

  /** Opens it, and boots. */
  async booted(options: Parameters<Bench["dial"]>[0] = {}): Promise<Wire> {
    const wire = await this.dial(options);
    await wire.boot();
    return wire;
  }

  /** An upgrade request as text. */
  request(path = encodeURIComponent(this.identity), lines: Record<string, string> = {}): string {
    const headers = {
      Host: "127.0.0.1",
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
      "Sec-WebSocket-Protocol": "ocpp1.6",
      ...this.#authorization(),
      ...lines,
    };
    const text = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `GET /${path} HTTP/1.1\r\n${text.join("")}\r\n`;
  }

  /** A bare socket, through TLS where the central system wants it. */
  async socket(): Promise<Socket> {
    const tls = this.#tls;
    const socket = tls ? connectTls({ ...tls, port: this.port, host: "127.0.0.1" }) : connect(this.port, "127.0.0.1");
    this.#sockets.push(socket);
    await new Promise((resolve, reject) => {
      socket.once(tls ? "secureConnect" : "connect", () => resolve(undefined)).once("error", reject);
    });
    socket.on("error", () => undefined);
    return socket;
  }

  /** Sends bytes and resolves with all that comes back until the other side closes, or until it is `enough`. */
  async raw(bytes: string | Buffer, enough: (answer: string) => boolean = () => false): Promise<string> {
    const socket = await this.socket();
    let answer = "";
    const ended = new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
        if (enough(answer)) resolve();
      });
    });
    socket.write(bytes);
    await ended;
    socket.destroy();
    return answer;
  }

  /** Sends a command to this charge point through `ev-command`. */
  command(action: string, payload: object = {}, force = false): Promise<Commanded> {
    return this.product.command(this.identity, action, payload, force);
  }

  /** The first event of this charge point for which `accept` holds. */
  event(name: string, accept: (event: StationEvent) => boolean = () => true): Promise<StationEvent> {
    const isIt = (event: StationEvent) => event.chargePoint === this.identity && event.event === name && accept(event);
    return this.product.event(`${name} of ${this.identity}`, isIt);
  }

  /** Events of this charge point so far. */
  events(name: string): StationEvent[] {
    return this.product.events.filter(({ chargePoint, event }) => chargePoint === this.identity && event === name);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#wires.map((wire) => wire.close()));
  }

  #authorization(): Record<string, string> {
    if (this.system !== "passwords" && this.system !== "TLS") return {};
    return { Authorization: `Basic ${Buffer.from(`${this.identity}:${PASSWORD}`).toString("base64")}` };
  }

  get #tls(): ConnectionOptions | null {
    const { authority } = this.product;
    if (this.system === "TLS") return { ca: authority.cert };
    return this.system === "mutual TLS" ? { ca: authority.cert, ...authority.issue(this.identity) } : null;
  }
}

function tlsConfig(id: string, { cert, key }: Issued, ca: string): FlowNode {
  const credentials = { certdata: cert, keydata: key, ...(ca && { cadata: ca }) };
  const names = { certname: "server.pem", keyname: "server.key", ...(ca && { caname: "ca.pem" }) };
  return { id, type: "tls-config", cert: "", key: "", ca: "", verifyservercert: true, ...names, credentials };
}

function chargePoint(system: Protection | Extra, identity: string): FlowNode {
  const hasPassword = system === "passwords" || system === "TLS";
  const connectors = [1, 2].map((number) => ({ number, phases: 3, rotation: "RST", maxA: 32, minA: 6 }));
  return {
    ...{ id: `cp ${identity}`, type: "ev-charge-point", centralSystem: `cs ${system}`, identity, zone: "", connectors },
    ...(hasPassword && { credentials: { password: PASSWORD } }),
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
