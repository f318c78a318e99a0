/** A charge point as bare as can be: a WebSocket of the test's own that speaks OCPP 1.6J frames. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { until } from "./net.ts";

export class RawCharger {
  closed = false;
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, unknown[]>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("close", () => {
      this.closed = true;
    });
    socket.on("error", () => {});
    socket.on("message", (data) => this.#read(data.toString()));
  }

  static async dial(port: number, identity: string): Promise<RawCharger> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, "ocpp1.6");
    const charger = new RawCharger(socket);
    await once(socket, "open");
    return charger;
  }

  /** Sends a CALL. @returns the whole answer, CALLRESULT or CALLERROR */
  async call(action: string, payload: unknown, withinMs = 5000): Promise<unknown[]> {
    const messageId = `raw-${++this.#calls}`;
    this.send(JSON.stringify([2, messageId, action, payload]));
    await until(`an answer to ${action}`, () => this.#answers.has(messageId), withinMs);
    return this.#answers.get(messageId)!;
  }

  /** Sends whatever text. */
  send(text: string | Buffer): void {
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.terminate();
  }

  /** Keeps answers; answers every CALL of the central system with an empty acceptance. */
  #read(text: string): void {
    const [type, messageId] = JSON.parse(text) as [number, string];
    if (type === 2)
      this.send(JSON.stringify([3, messageId, { status: "Accepted", configurationKey: [], unknownKey: [] }]));
    else this.#answers.set(messageId, JSON.parse(text) as unknown[]);
  }
}
