/** A charge point gone wild: sends what `Frames` makes, batch by batch, and has each batch judged. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { FairWatch } from "../starvation.ts";
import { dutyOf, type Frames, type Sent } from "./ocpp-frames.ts";
import { Judge } from "./ocpp-judge.ts";

/** Longest a batch may take to be answered, ms, less what the machine gives to others meanwhile; and how often that is looked at. */
const WITHIN_MS = 10_000;
const LOOK_MS = 250;

/** What went wrong, and what had been sent since all was well. */
export interface Violation {
  identity: string;
  faults: string[];
  batch: Sent[];
}

export class Fuzzer {
  readonly #url: string;
  readonly #identity: string;
  readonly #pid: number;
  readonly #random: () => number;
  readonly #judge = new Judge();
  #socket: WebSocket | null = null;
  #heard: (frame: unknown[]) => void = () => undefined;
  #syncs = 0;

  /** @param pid of the central system */
  constructor(port: number, pid: number, identity: string, random: () => number) {
    this.#pid = pid;
    this.#url = `ws://127.0.0.1:${port}/${identity}`;
    this.#identity = identity;
    this.#random = random;
  }

  /** Sends so many frames. @returns what went wrong; null = nothing */
  async run(frames: Frames, count: number, perBatch = 50): Promise<Violation | null> {
    for (let sent = 0; sent < count; sent += perBatch) {
      const batch = Array.from({ length: Math.min(perBatch, count - sent) }, () => frames.next());
      const faults = await this.send(batch);
      if (faults.length > 0) return { identity: this.#identity, faults, batch };
    }
    return null;
  }

  /** Sends a batch, then a heartbeat: when that is answered, everything before it has been. @returns faults */
  async send(batch: readonly Sent[]): Promise<string[]> {
    let expected = 0;
    try {
      for (const one of batch) {
        const socket = await this.#open();
        this.#put(socket, one);
        if (!("closes" in one)) continue;
        expected = one.closes;
        const code = await this.#within(this.#closed(socket), `a close with ${one.closes}`);
        // Answers to what went before may have been on their way.
        this.#judge.forget();
        if (code !== expected) return [`the socket was closed with ${code} in place of ${expected}`];
      }
      await this.#sync(await this.#open());
    } catch (error) {
      return [(error as Error).message, ...this.#judge.verdict()];
    }
    return this.#judge.verdict();
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    socket.terminate();
    await once(socket, "close");
  }

  async #open(): Promise<WebSocket> {
    const open = this.#socket;
    if (open?.readyState === WebSocket.OPEN) return open;
    if (open && open.readyState !== WebSocket.CLOSED) await once(open, "close");
    const socket = new WebSocket(this.#url, "ocpp1.6");
    this.#socket = socket;
    socket.on("error", () => undefined);
    socket.on("message", (data) => this.#hear(JSON.parse(data.toString()) as unknown[]));
    await this.#within(opened(socket), "the handshake");
    return socket;
  }

  #put(socket: WebSocket, one: Sent): void {
    if ("bytes" in one) socket.send(one.bytes, { binary: one.binary });
    else {
      const parts = "text" in one ? [one.text] : one.fragments;
      this.#judge.owe(dutyOf(parts.join("")));
      for (const [index, part] of parts.entries()) socket.send(part, { fin: index === parts.length - 1 });
    }
  }

  async #sync(socket: WebSocket): Promise<void> {
    const id = `sync-${++this.#syncs}`;
    let lose: (code: number) => void = () => undefined;
    const answered = new Promise<void>((resolve, reject) => {
      this.#heard = (frame) => frame[0] === 3 && frame[1] === id && resolve();
      lose = (code) => reject(new Error(`the socket was closed with ${code}`));
    });
    socket.on("close", lose);
    this.#judge.owe({ kind: "answer", id });
    socket.send(JSON.stringify([2, id, "Heartbeat", {}]));
    try {
      await this.#within(answered, "the answer to a heartbeat after the batch");
    } finally {
      socket.off("close", lose);
      this.#heard = () => undefined;
    }
  }

  #hear(frame: unknown[]): void {
    if (frame[0] === 2) this.#reply(String(frame[1]));
    else this.#judge.hear(frame);
    this.#heard(frame);
  }

  /** Answers a CALL of the central system well, badly, twice, or not. */
  #reply(id: string): void {
    const answers: unknown[][] = [
      [[3, id, { status: "Accepted", configurationKey: [], unknownKey: [] }]],
      [[3, id, { status: "Accepted" }]],
      [[3, id, null]],
      [[3, id, { status: { a: [1, { b: 2 }] } }]],
      [[3, id, []]],
      [[4, id, "NotSupported", "", {}]],
      [[4, id]],
      [[4, id, {}, [], "x"]],
      [
        [3, id, { status: "Accepted" }],
        [3, id, { status: "Rejected" }],
      ],
      [],
    ];
    const chosen = answers[Math.floor(this.#random() * answers.length)]!;
    for (const answer of chosen)
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(answer));
  }

  async #within<T>(promise: Promise<T>, what: string): Promise<T> {
    const watch = new FairWatch(this.#pid);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setInterval(() => {
        if (watch.tookMs() > WITHIN_MS) reject(new Error(`not within ${WITHIN_MS} ms: ${what}`));
      }, LOOK_MS);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearInterval(timer);
    }
  }

  async #closed(socket: WebSocket): Promise<number> {
    const [code] = (await once(socket, "close")) as [number];
    return code;
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve).once("error", reject);
  });
}
