/** What Node-RED tells an open editor: the messages of debug nodes and the status below each node. */
import { strict as assert } from "node:assert";
import { WebSocket } from "ws";
import { until } from "./net.ts";

export interface Status {
  fill?: string;
  shape?: string;
  text?: string;
}

/** A message as a debug node showed it. */
export interface Shown<T = Record<string, unknown>> {
  nodeId: string;
  /** Wall time of arrival. */
  atMs: number;
  message: T;
}

export class EditorFeed {
  readonly shown: Shown[] = [];
  readonly statuses = new Map<string, Status>();
  /** All that came, with the wall time of arrival. */
  readonly #statusLog: { nodeId: string; atMs: number; status: Status }[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#read(data.toString()));
  }

  /** @param token of the user who has opened it, where there are users */
  static async open(url: string, token: string | null = null): Promise<EditorFeed> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/comms`);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    if (token) await letIn(socket, token);
    const feed = new EditorFeed(socket);
    for (const topic of ["debug", "status/#"]) socket.send(JSON.stringify({ subscribe: topic }));
    return feed;
  }

  /** Every message of a debug node after a moment, oldest first. */
  of<T>(nodeId: string, sinceMs = 0): Shown<T>[] {
    return this.shown.filter((one) => one.nodeId === nodeId && one.atMs > sinceMs) as Shown<T>[];
  }

  /** The first message of a debug node since `sinceMs` (default: now) for which `accept` holds. */
  async next<T>(
    what: string,
    nodeId: string,
    accept: (message: T) => boolean,
    withinMs = 30_000,
    sinceMs = Date.now(),
  ): Promise<Shown<T>> {
    let found: Shown<T> | undefined;
    const look = () => {
      found = this.of<T>(nodeId, sinceMs).find(({ message }) => accept(message));
      return found !== undefined;
    };
    await until(what, look, withinMs).catch((error: Error) => {
      throw new Error(`${error.message}; last shown: ${JSON.stringify(this.of(nodeId).at(-1)?.message)}`);
    });
    return found!;
  }

  /** Every status below a node since a moment, oldest first. */
  statusesOf(nodeId: string, sinceMs: number): Status[] {
    const since = this.#statusLog.filter((one) => one.nodeId === nodeId && one.atMs >= sinceMs);
    return since.map(({ status }) => status);
  }

  /** Waits until the status below a node is as wanted. */
  async status(what: string, nodeId: string, accept: (status: Status) => boolean, withinMs = 30_000): Promise<Status> {
    await until(what, () => accept(this.statuses.get(nodeId) ?? {}), withinMs).catch((error: Error) => {
      throw new Error(`${error.message}; status: ${JSON.stringify(this.statuses.get(nodeId))}`);
    });
    return this.statuses.get(nodeId)!;
  }

  close(): void {
    this.#socket.close();
  }

  #read(text: string): void {
    const events = JSON.parse(text) as { topic?: string; data?: unknown }[];
    for (const { topic = "", data } of Array.isArray(events) ? events : [events]) {
      if (topic.startsWith("status/")) this.#note(topic.slice("status/".length), data as Status);
      if (topic === "debug") this.#show(data as { id: string; msg: string; format: string; topic?: string });
    }
  }

  #note(nodeId: string, status: Status): void {
    this.statuses.set(nodeId, status);
    this.#statusLog.push({ nodeId, atMs: Date.now(), status });
  }

  #show({ id, msg, format, topic }: { id: string; msg: string; format: string; topic?: string }): void {
    const isObject = format === "Object" || format.startsWith("array");
    const message = (isObject ? JSON.parse(msg) : { topic, payload: msg }) as Record<string, unknown>;
    this.shown.push({ nodeId: id, atMs: Date.now(), message });
  }
}

async function letIn(socket: WebSocket, token: string): Promise<void> {
  const answered = new Promise((resolve) => socket.once("message", (data) => resolve(JSON.parse(data.toString()))));
  socket.send(JSON.stringify({ auth: token }));
  assert.deepEqual(await answered, { auth: "ok" });
}
