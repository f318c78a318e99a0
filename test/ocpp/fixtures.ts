import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { WebSocket } from "ws";
import { type Clock, systemClock } from "../../lib/clock.ts";
import type { Heard } from "../../lib/ocpp/facts.ts";
import type {
  Admission,
  ConnectRequest,
  StationConnection,
  StationDirectory,
  StationPort,
} from "../../lib/ocpp/port.ts";
import { createEndpoint, type Endpoint, type EndpointOptions } from "../../lib/ocpp/server/endpoint.ts";

export const BOOT = { chargePointVendor: "Test", chargePointModel: "T1" };
export const NOW = "2026-06-01T12:00:00.000Z";

/** A station that answers everything and writes down what happened to it. */
export class RecordingStation implements StationPort {
  readonly identity: string;
  readonly log: string[] = [];
  readonly requests: unknown[] = [];
  readonly deviations: string[] = [];
  connection: StationConnection | null = null;
  /** False: nobody has adopted it. */
  served = true;
  /** What Authorize and DataTransfer wait for. */
  gate: Promise<unknown> = Promise.resolve();

  constructor(identity: string) {
    this.identity = identity;
  }

  attached(connection: StationConnection): void {
    this.log.push("attached");
    this.connection = connection;
  }
  detached(connection: StationConnection, reason: string): void {
    this.log.push(`detached: ${reason}`);
    if (this.connection === connection) this.connection = null;
  }
  booted(_boot: object, heard: Heard) {
    return this.#note(heard, { wallMs: Date.parse(NOW), intervalS: 60, status: "Accepted" as const });
  }
  heartbeat(heard: Heard): number {
    return this.#note({ ...heard, action: `Heartbeat ${heard.messageId}` }, Date.parse(NOW));
  }
  signRequested(_csr: string, heard: Heard): boolean {
    return this.#note(heard, false);
  }
  status(_status: object, heard: Heard): void {
    this.#note(heard, undefined);
  }
  async authorize(_idTag: string, heard: Heard) {
    await this.gate;
    return this.#note(heard, { status: "Accepted" as const });
  }
  started(_start: object, heard: Heard) {
    const transactionId = String(this.requests.length + 1);
    return this.#note(heard, { transactionId, badge: { status: "Accepted" as const } });
  }
  stopped(_stop: object, heard: Heard): null {
    return this.#note(heard, null);
  }
  measured(_samples: object, heard: Heard): void {
    this.#note(heard, undefined);
  }
  data(heard: Heard): Promise<"Accepted"> {
    return this.gate.then(() => this.#note(heard, "Accepted" as const));
  }
  notified(_event: string, _payload: object, heard: Heard): void {
    this.#note(heard, undefined);
  }
  conflict(): void {
    this.log.push("conflict");
  }
  deviation(text: string): void {
    this.deviations.push(text);
  }

  #note<T>({ action, payload }: Heard, answer: T): T {
    this.log.push(action);
    this.requests.push(payload);
    return answer;
  }
}

/** Admits everyone but `unknown` and, with a password set, those who do not know it. */
export class TestDirectory implements StationDirectory {
  readonly stations = new Map<string, RecordingStation>();
  readonly requests: ConnectRequest[] = [];
  password: string | null = null;

  isStranger(identity: string): boolean {
    return this.stations.get(identity)?.served === false || identity.startsWith("stranger");
  }

  admit(request: ConnectRequest): Admission | Promise<Admission> {
    this.requests.push(request);
    if (request.identity === "unknown") return { admitted: false, httpStatus: 404, reason: "Unknown" };
    if (request.identity === "broken") throw new Error("the directory is broken");
    if (this.password !== null && request.basic?.password.toString() !== this.password) {
      return { admitted: false, httpStatus: 401, reason: "Wrong password" };
    }
    return { admitted: true, station: this.station(request.identity), authenticated: this.password !== null };
  }

  station(identity: string): RecordingStation {
    const known = this.stations.get(identity);
    if (known) return known;
    const station = new RecordingStation(identity);
    station.served = !this.isStranger(identity);
    this.stations.set(identity, station);
    return station;
  }
}

/** An open endpoint on 127.0.0.1 with what hangs on it; `close` ends it all. */
export interface Bench {
  endpoint: Endpoint;
  directory: TestDirectory;
  port: number;
  url: string;
  station(identity: string): RecordingStation;
  /** Opens a charge point's raw WebSocket. */
  dial(identity: string, options?: DialOptions): Promise<RawClient>;
  close(): Promise<void>;
}

export interface DialOptions {
  protocols?: string[];
  headers?: Record<string, string>;
  autoPong?: boolean;
  tls?: ConnectionOptions;
}

export async function openBench(options: Partial<EndpointOptions> = {}, clock: Clock = systemClock): Promise<Bench> {
  const directory = new TestDirectory();
  const endpoint = createEndpoint({ host: "127.0.0.1", port: 0, ...options }, directory, clock);
  const { port } = await endpoint.listen();
  const url = `ws://127.0.0.1:${port}`;
  const clients: RawClient[] = [];
  return {
    endpoint,
    directory,
    port,
    url,
    station: (identity) => directory.station(identity),
    dial: async (identity, dialOptions) => {
      const client = new RawClient(`${url}/${identity}`, dialOptions);
      clients.push(client);
      await client.opened;
      return client;
    },
    close: async () => {
      for (const client of clients) client.socket.terminate();
      await endpoint.close();
    },
  };
}

/** A WebSocket without any OCPP behind it: what is sent and expected is up to the test. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames: string[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<number>;

  constructor(url: string, { protocols = ["ocpp1.6"], headers = {}, autoPong = true, tls = {} }: DialOptions = {}) {
    this.socket = new WebSocket(url, protocols, { ...tls, headers, autoPong });
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data) => this.frames.push(data.toString()));
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("unexpected-response", (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
      this.socket.once("error", reject);
    });
    // Not every test waits for it.
    this.opened.catch(() => undefined);
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Resolves with the first frame, parsed, that has this message id. */
  async answer(id: string | number): Promise<unknown[]> {
    const search = () => this.frames.map((text) => JSON.parse(text) as unknown[]).find((frame) => frame[1] === id);
    return until(() => search());
  }

  /** Sends a CALL and resolves with its answer. */
  ask(id: string | number, action: string, payload: unknown = {}): Promise<unknown[]> {
    this.send([2, id, action, payload]);
    return this.answer(id);
  }
}

/** Looks again on each turn of the event loop until there is a value. */
export async function until<T>(look: () => T | undefined | null | false): Promise<T> {
  const endMs = performance.now() + 5000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > endMs) throw new Error(`Waited in vain for: ${look}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Sends bytes to a port and resolves with all that comes back until the other side closes. */
export async function rawExchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket: Socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  return received;
}
