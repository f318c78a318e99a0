/** A charge point of the conformance table: an open WebSocket, and what its row needs to say, to hear and to leave unsaid. */
import { once } from "node:events";
import type { ConnectionOptions } from "node:tls";
import { WebSocket } from "ws";

/** A frame of the central system, parsed. */
export type Frame = unknown[];

/** A CALL of the central system. */
export interface Call {
  id: string;
  action: string;
  payload: Record<string, unknown>;
}

export interface DialOptions {
  url: string;
  protocols?: string[];
  headers?: Record<string, string>;
  tls?: ConnectionOptions;
  autoPong?: boolean;
  reply?: (call: Call) => unknown;
}

/** What a charge point that takes everything answers, where a bare acceptance would not be one. */
const ANSWERS: Readonly<Record<string, object>> = {
  GetConfiguration: { configurationKey: [], unknownKey: [] },
  GetDiagnostics: {},
  UpdateFirmware: {},
  UnlockConnector: { status: "Unlocked" },
  GetLocalListVersion: { listVersion: 0 },
  GetCompositeSchedule: { status: "Rejected" },
  GetInstalledCertificateIds: { status: "NotFound" },
};

/** The answer of a charge point that takes everything. */
export const takeAll = ({ action }: Call): object => ANSWERS[action] ?? { status: "Accepted" };

export class Wire {
  readonly socket: WebSocket;
  /** Everything the central system sent, oldest first. */
  readonly frames: Frame[] = [];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  /** Answers a CALL; undefined leaves it unanswered, an array is sent as the frame it is. */
  reply: (call: Call) => unknown;
  #listeners = new Set<(frame: Frame) => void>();
  #asked = 0;

  private constructor({ url, protocols = ["ocpp1.6"], headers = {}, tls = {}, autoPong = true, reply }: DialOptions) {
    this.reply = reply ?? takeAll;
    this.socket = new WebSocket(url, protocols, { ...tls, headers, autoPong, handshakeTimeout: 10_000 });
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data) => this.#receive(data.toString()));
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
  }

  /** @throws Error "HTTP 404", say, when the upgrade is refused */
  static async dial(options: DialOptions): Promise<Wire> {
    const wire = new Wire(options);
    await new Promise<void>((resolve, reject) => {
      wire.socket.once("open", resolve).once("error", reject);
      wire.socket.once("unexpected-response", (request, response) => {
        request.destroy();
        reject(new Error(`HTTP ${response.statusCode}`));
      });
    });
    return wire;
  }

  /** CALLs of the central system so far. */
  get calls(): Call[] {
    return this.frames.filter(([type]) => type === 2).map(callOf);
  }

  /** Answers with this message id so far. */
  answers(id: string | number): Frame[] {
    return this.frames.filter(([type, frameId]) => type !== 2 && frameId === id);
  }

  /** Sends a frame as JSON, or whatever text as it is. */
  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Sends a CALL. @returns the whole answer, CALLRESULT or CALLERROR */
  ask(action: string, payload: unknown = {}, id: string | number = this.nextId()): Promise<Frame> {
    return this.exchange([2, id, action, payload], id);
  }

  /** Sends a CALL that must be confirmed. @returns its confirmation */
  async confirmed(action: string, payload: unknown = {}, id?: string): Promise<Record<string, unknown>> {
    const answer = await this.ask(action, payload, id);
    if (answer[0] !== 3) throw new Error(`${action} was not confirmed: ${JSON.stringify(answer)}`);
    return answer[2] as Record<string, unknown>;
  }

  /** Sends a frame and waits for the answer with this id. */
  exchange(frame: unknown, id: string | number): Promise<Frame> {
    const answered = this.next(`an answer to ${id}`, ([type, frameId]) => type !== 2 && frameId === id);
    this.send(frame);
    return answered;
  }

  /** The next CALL of an action; an earlier one does not count. */
  async nextCall(action: string, accept: (call: Call) => boolean = () => true, withinMs = 5000): Promise<Call> {
    const isIt = (frame: Frame) => frame[0] === 2 && frame[2] === action && accept(callOf(frame));
    return callOf(await this.next(action, isIt, withinMs));
  }

  /** All that was sent before has been dealt with: answers leave in the order of the CALLs. */
  async settled(): Promise<void> {
    await this.ask("Heartbeat");
  }

  nextId(): string {
    this.#asked += 1;
    return `ask-${this.#asked}`;
  }

  /** The next frame for which `accept` holds. */
  next(what: string, accept: (frame: Frame) => boolean, withinMs = 5000): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listen);
        this.socket.off("close", onClose);
      };
      const fail = (why: string): void => {
        end();
        reject(new Error(`${why} while waiting for ${what}; last: ${JSON.stringify(this.frames.at(-1))}`));
      };
      const listen = (frame: Frame): void => {
        if (!accept(frame)) return;
        end();
        resolve(frame);
      };
      const onClose = (code: number): void => fail(`closed with ${code}`);
      const timer = setTimeout(() => fail(`${withinMs} ms passed`), withinMs);
      this.#listeners.add(listen);
      this.socket.once("close", onClose);
    });
  }

  /** Says BootNotification and waits until the set-up that follows has asked its first question. */
  async boot(more: object = {}): Promise<Record<string, unknown>> {
    return this.confirmed("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box", ...more });
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.terminate();
    await once(this.socket, "close");
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as Frame;
    this.frames.push(frame);
    if (frame[0] === 2) this.#answer(callOf(frame));
    for (const listen of [...this.#listeners]) listen(frame);
  }

  #answer(call: Call): void {
    const reply = this.reply(call);
    if (reply !== undefined && this.socket.readyState === WebSocket.OPEN)
      this.send(Array.isArray(reply) || typeof reply === "string" ? reply : [3, call.id, reply]);
  }
}

function callOf([, id, action, payload]: Frame): Call {
  return { id: id as string, action: action as string, payload: payload as Record<string, unknown> };
}
