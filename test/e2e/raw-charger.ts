/** A charge point as bare as can be: a WebSocket of the test's own that speaks OCPP 1.6J frames. */
import { once } from "node:events";
import { WebSocket } from "ws";

export class RawCharger {
  closed = false;
  /** Code of the close frame, 1006 where there was none; null while it is open. */
  closeCode: number | null = null;
  /** CALLs of the central system, oldest first. */
  readonly heard: { action: string; payload: unknown }[] = [];
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, unknown[]>();
  readonly #waiting = new Map<string, () => void>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("close", (code) => {
      this.closed = true;
      this.closeCode = code;
    });
    socket.on("error", () => {});
    socket.on("message", (data) => this.#read(data.toString()));
  }

  /** @throws where it is not let in, with the HTTP status */
  static async dial(port: number, identity: string, password?: string): Promise<RawCharger> {
    const login = Buffer.from(`${identity}:${password}`).toString("base64");
    const headers = password === undefined ? {} : { authorization: `Basic ${login}` };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, "ocpp1.6", { headers });
    const charger = new RawCharger(socket);
    const refused = once(socket, "unexpected-response").then(([, response]) => {
      throw new Error(`HTTP ${(response as { statusCode: number }).statusCode}`);
    });
    await Promise.race([once(socket, "open"), refused]);
    return charger;
  }

  /** Sends a CALL. @returns the whole answer, CALLRESULT or CALLERROR */
  async call(action: string, payload: unknown, withinMs = 5000): Promise<unknown[]> {
    const messageId = `raw-${++this.#calls}`;
    this.send(JSON.stringify([2, messageId, action, payload]));
    const answered = new Promise<void>((resolve) => this.#waiting.set(messageId, resolve));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not within ${withinMs} ms: an answer to ${action}`)), withinMs);
    });
    await Promise.race([answered, late]).finally(() => clearTimeout(timer));
    const answer = this.#answers.get(messageId)!;
    this.#answers.delete(messageId);
    return answer;
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
    const [type, messageId, action, payload] = JSON.parse(text) as [number, string, string, unknown];
    if (type === 2) {
      this.heard.push({ action, payload });
      this.send(JSON.stringify([3, messageId, { status: "Accepted", configurationKey: [], unknownKey: [] }]));
    } else {
      this.#answers.set(messageId, JSON.parse(text) as unknown[]);
      this.#waiting.get(messageId)?.();
      this.#waiting.delete(messageId);
    }
  }
}
