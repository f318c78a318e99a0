/** Stands between chargers and the central system and notes every frame with the time it passed. */
import { once } from "node:events";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { until } from "./net.ts";

export interface Frame {
  /** Wall time. */
  atMs: number;
  identity: string;
  from: "charger" | "server";
  /** Action of a CALL, empty for answers. */
  action: string;
  payload: unknown;
}

export class WireTap {
  readonly frames: Frame[] = [];
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, target: number) {
    this.#server = server;
    server.on("connection", (charger, request) => this.#join(charger, request.url ?? "/", target));
  }

  /** @param target port of the central system */
  static async open(target: number): Promise<WireTap> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    return new WireTap(server, target);
  }

  /** What to dial in place of the central system. */
  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** The first CALL of an action since a moment, by the side given, for which `accept` holds. */
  async next(
    from: Frame["from"],
    action: string,
    sinceMs: number,
    accept: (payload: never) => boolean,
    withinMs = 10_000,
  ): Promise<Frame> {
    let found: Frame | undefined;
    const look = () => {
      found = this.frames.find(
        (frame) =>
          frame.from === from && frame.action === action && frame.atMs >= sinceMs && accept(frame.payload as never),
      );
      return found !== undefined;
    };
    await until(`${action} from the ${from}`, look, withinMs);
    return found!;
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(charger: WebSocket, path: string, target: number): void {
    const server = new WebSocket(`ws://127.0.0.1:${target}${path}`, charger.protocol || []);
    const identity = decodeURIComponent(path.split("/").at(-1) ?? "");
    const waiting: string[] = [];
    charger.on("message", (data) => {
      const text = this.#note(data, identity, "charger");
      if (server.readyState === WebSocket.OPEN) server.send(text);
      else waiting.push(text);
    });
    server.on("open", () => {
      for (const text of waiting) server.send(text);
    });
    server.on("message", (data) => charger.send(this.#note(data, identity, "server")));
    server.on("close", () => charger.terminate());
    server.on("error", () => charger.terminate());
    charger.on("close", () => server.terminate());
    charger.on("error", () => server.terminate());
  }

  #note(data: RawData, identity: string, from: Frame["from"]): string {
    const text = data.toString();
    const [type, , action, payload] = JSON.parse(text) as [number, string, string, unknown];
    this.frames.push({ atMs: Date.now(), identity, from, action: type === 2 ? action : "", payload });
    return text;
  }
}
