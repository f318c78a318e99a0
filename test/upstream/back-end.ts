/** A back end that nobody here wrote: the server of ocpp-rpc, strict about every message by schemas of its own. */
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { createRPCError, type IHandlersOption, RPCServer } from "ocpp-rpc";

export type Payload = Record<string, unknown>;

/** One transaction as this back end has it. */
export interface TheirTransaction {
  transactionId: number;
  identity: string;
  start: Payload;
  samples: Payload[];
  stop: Payload | null;
}

export interface Heard {
  identity: string;
  action: string;
  payload: Payload;
}

/** A charge point that is connected, as ocpp-rpc's server gives it. */
interface RPCServerClient {
  identity: string;
  call(action: string, payload: object): Promise<unknown>;
  close(options: { force: boolean }): Promise<unknown>;
  on(event: "strictValidationFailure", listener: (fault: unknown) => void): void;
  handle(handler: (call: IHandlersOption) => Promise<never>): void;
}

export class ForeignBackEnd {
  readonly heard: Heard[] = [];
  readonly faults: unknown[] = [];
  readonly transactions = new Map<number, TheirTransaction>();
  /** Clients that are connected, by identity. */
  readonly clients = new Map<string, RPCServerClient>();
  /** Who may connect. */
  allows: (identity: string, password: Buffer | undefined) => boolean = () => true;
  /** Called before a message is answered; what it throws is a CALLERROR. */
  before: (heard: Heard) => void | Promise<void> = () => {};
  /** Called when a message has been worked off and before its answer leaves: an answer may be lost here. */
  after: (heard: Heard) => void | Promise<void> = () => {};
  bootStatus = "Accepted";
  tagStatus = "Accepted";
  port = 0;
  #nextId = 7000;
  #rpc: RPCServer | null = null;
  #http: Server | null = null;
  readonly #tls: ServerOptions | null;

  constructor(tls: ServerOptions | null = null) {
    this.#tls = tls;
  }

  get url(): string {
    return `${this.#tls ? "wss" : "ws"}://127.0.0.1:${this.port}/ocpp`;
  }

  /** Opens, on the same port again after it was closed. */
  async open(): Promise<void> {
    const rpc = new RPCServer({ protocols: ["ocpp1.6"], strictMode: true, pingIntervalMs: 0 });
    rpc.auth((accept, reject, handshake) => {
      const { identity, password } = handshake as { identity: string; password?: Buffer };
      if (this.allows(identity, password)) accept({ protocol: "ocpp1.6" });
      else reject(401, "not known here");
    });
    rpc.on("client", (client: RPCServerClient) => this.#welcome(client));
    const http = this.#tls ? createTlsServer(this.#tls) : createServer();
    http.on("upgrade", rpc.handleUpgrade);
    await new Promise<void>((resolve) => http.listen(this.port, "127.0.0.1", resolve));
    this.port = (http.address() as AddressInfo).port;
    this.#rpc = rpc;
    this.#http = http;
  }

  /** Ends every connection as a cut cable does. */
  cut(): void {
    for (const client of this.clients.values()) void client.close({ force: true }).catch(() => undefined);
    this.clients.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await this.#rpc?.close({ force: true }).catch(() => undefined);
    this.#http?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#http ? this.#http.close(() => resolve()) : resolve()));
    this.#rpc = null;
    this.#http = null;
  }

  /** Commands a charge point. */
  async command(identity: string, action: string, payload: Payload = {}): Promise<Payload> {
    return (await this.clients.get(identity)!.call(action, payload)) as Payload;
  }

  actions(identity?: string): string[] {
    return this.heard.filter((one) => identity === undefined || one.identity === identity).map(({ action }) => action);
  }

  /** Its books, each transaction with its energy. */
  get books(): { transactionId: number; idTag: unknown; wh: number | null; from: unknown; to: unknown }[] {
    return [...this.transactions.values()].map(({ transactionId, start, stop }) => ({
      transactionId,
      idTag: start["idTag"],
      wh: stop && Number(stop["meterStop"]) - Number(start["meterStart"]),
      from: start["timestamp"],
      to: stop?.["timestamp"] ?? null,
    }));
  }

  #welcome(client: RPCServerClient): void {
    const { identity } = client;
    this.clients.set(identity, client);
    client.on("strictValidationFailure", (fault) => this.faults.push(fault));
    client.handle(async ({ method: action = "", params = {} }) => {
      const heard = { identity, action, payload: params as Payload };
      await this.before(heard);
      this.heard.push(heard);
      const answer = this.#answer(heard);
      await this.after(heard);
      return answer as never;
    });
  }

  #answer({ identity, action, payload }: Heard): Payload {
    const currentTime = new Date().toISOString();
    switch (action) {
      case "BootNotification":
        return { status: this.bootStatus, interval: 300, currentTime };
      case "Heartbeat":
        return { currentTime };
      case "DataTransfer":
        return { status: "Accepted", data: "theirs" };
      case "Authorize":
        return { idTagInfo: { status: this.tagStatus } };
      case "StartTransaction": {
        const transactionId = this.#nextId++;
        this.transactions.set(transactionId, { transactionId, identity, start: payload, samples: [], stop: null });
        return { transactionId, idTagInfo: { status: this.tagStatus } };
      }
      case "MeterValues":
        this.#of(payload).samples.push(payload);
        return {};
      case "StopTransaction":
        this.#of(payload).stop = payload;
        return {};
      case "StatusNotification":
      case "FirmwareStatusNotification":
      case "DiagnosticsStatusNotification":
        return {};
      default:
        throw createRPCError("NotImplemented");
    }
  }

  #of(payload: Payload): TheirTransaction {
    const found = this.transactions.get(Number(payload["transactionId"]));
    if (!found) throw createRPCError("PropertyConstraintViolation", "an unknown transaction");
    return found;
  }
}
