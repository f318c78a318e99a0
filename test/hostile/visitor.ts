/** A dashboard's visitor without a browser: speaks Socket.IO by hand, so that it can say what no page would. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { until } from "../e2e/net.ts";

/** Between packets of one HTTP answer (Engine.IO 4). */
const SEPARATOR = "\x1e";

export class DashboardVisitor {
  /** What the dashboard has told: name of the event and its arguments. */
  readonly heard: { event: string; args: unknown[] }[] = [];
  #socket: WebSocket | null = null;
  #joined = false;
  #probed = false;

  /**
   * As a page does: the first packets by HTTP, the others by WebSocket.
   * @param path of the dashboard @param headers as a proxy in front of the dashboard would add them
   * @param claims what the browser says of itself when it joins
   */
  static async open(
    url: string,
    path: string,
    headers: Record<string, string> = {},
    claims: object = {},
  ): Promise<DashboardVisitor> {
    const visitor = new DashboardVisitor();
    const address = `${url}${path}/socket.io/?EIO=4&transport=`;
    const opened = await (await fetch(`${address}polling`, { headers })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    await fetch(`${address}polling&sid=${sid}`, { method: "POST", headers, body: `40${JSON.stringify(claims)}` });
    visitor.#readAll(await (await fetch(`${address}polling&sid=${sid}`, { headers })).text());
    const socket = new WebSocket(`${address.replace("http", "ws")}websocket&sid=${sid}`, { headers });
    visitor.#socket = socket;
    socket.on("error", () => {});
    socket.on("message", (data) => visitor.#readAll(data.toString()));
    await once(socket, "open");
    socket.send("2probe");
    await until("the dashboard changes to the WebSocket", () => visitor.#probed);
    socket.send("5");
    await until("the dashboard lets a visitor in", () => visitor.#joined);
    return visitor;
  }

  /** Sends an event as a page does: `widget-action`, `widget-change`, `widget-load` … with the id of a widget's node. */
  emit(event: string, ...args: unknown[]): void {
    this.emitText(JSON.stringify([event, ...args]));
  }

  /** Sends an event in words of its own: a JSON list of its name and its arguments. */
  emitText(text: string): void {
    this.#socket?.send(`42${text}`);
  }

  close(): void {
    this.#socket?.terminate();
  }

  #readAll(text: string): void {
    for (const packet of text.split(SEPARATOR)) this.#read(packet);
  }

  /** Engine.IO: 2 ping, 3 pong, 4 message; Socket.IO in it: 0 connected, 2 event. */
  #read(packet: string): void {
    if (packet === "2") this.#socket?.send("3");
    else if (packet === "3probe") this.#probed = true;
    else if (packet.startsWith("40")) this.#joined = true;
    else if (packet.startsWith("42")) {
      const [event, ...args] = JSON.parse(packet.slice(2)) as [string, ...unknown[]];
      this.heard.push({ event, args });
    }
  }
}
