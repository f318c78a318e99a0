/** A cable that can be cut, crushed and confused: a TCP proxy with faults that are switched while it runs. */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Clock, Timer } from "../../lib/clock.ts";
import { seeded } from "../../lib/simulator/random.ts";

/** What the cable does. Anything absent is well. Times are milliseconds of the drill. */
export interface CableFault {
  /** Nothing passes any more, nobody is told: half-open. New connections are taken and lead nowhere. */
  blackHole?: boolean;
  /** New connections are refused, those there are reset. */
  cut?: boolean;
  /** Each chunk comes so much later, in each direction, in order. */
  delayMs?: number | (() => number);
  /** Each so-many-th chunk from the server comes through noise: from somewhere on its bytes are others. */
  noiseEvery?: number;
  /** Changes each chunk from the server in its place. */
  garble?: (chunk: Buffer) => void;
  /** Every second chunk from the server comes after the next one. */
  swap?: boolean;
}

interface Wire {
  client: Socket;
  server: Socket;
}

/** Hears what passes one connection: its bytes as they come in, before any fault. */
export interface Ear {
  toServer(chunk: Buffer): void;
  toClient(chunk: Buffer): void;
  over(): void;
}

export class Cable {
  readonly #random: () => number;
  readonly #wires = new Set<Wire>();
  readonly #stray = new Set<Socket>();
  /** When the last chunk towards a socket is due: none overtakes another. */
  readonly #dueMs = new WeakMap<Socket, number>();
  readonly #timers = new Set<Timer>();
  readonly #clock: Clock;
  readonly #listener: Server;
  #target: number;
  #fault: CableFault = {};
  #connections = 0;
  #held: { socket: Socket; chunk: Buffer } | null = null;
  #chunksBack = 0;
  /** Makes an ear for each new connection. */
  listens: (() => Ear) | null = null;

  private constructor(listener: Server, target: number, clock: Clock, seed: number) {
    this.#listener = listener;
    this.#clock = clock;
    this.#target = target;
    this.#random = seeded(seed);
    listener.on("connection", (client) => this.#join(client));
  }

  /** @param target port on this machine that it leads to; it may listen later, or change with `leadTo`. @param host address at which it begins */
  static async lay(target: number, clock: Clock, seed = 1, host = "127.0.0.1"): Promise<Cable> {
    const listener = createServer();
    listener.listen(0, host);
    await once(listener, "listening");
    return new Cable(listener, target, clock, seed);
  }

  /** Where it begins. */
  get port(): number {
    return (this.#listener.address() as { port: number }).port;
  }

  /** Connections through it. */
  get wires(): number {
    return this.#wires.size;
  }

  /** Connections that were ever made through it. */
  get connections(): number {
    return this.#connections;
  }

  /** Where new connections lead from now on. */
  leadTo(target: number): void {
    this.#target = target;
  }

  /** Acts a fault out from now on, in the place of the one before; `{}` mends it. What was lost stays lost. */
  act(fault: CableFault): void {
    this.#fault = fault;
    if (fault.cut) this.reset();
    for (const wire of this.#wires) this.#breathe(wire);
    if (!fault.blackHole) for (const socket of this.#stray) socket.destroy();
  }

  /** Resets every connection there is; new ones are taken. */
  reset(): void {
    for (const { client, server } of this.#wires) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    for (const socket of this.#stray) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) this.#clock.clear(timer);
    this.reset();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  /** In a black hole nothing is read; after it, what was under way arrives, and an end that gave up meanwhile is missed. */
  #breathe({ client, server }: Wire): void {
    if (this.#fault.blackHole) {
      client.pause();
      server.pause();
      return;
    }
    if (client.destroyed || server.destroyed) {
      client.destroy();
      server.destroy();
    }
    client.resume();
    server.resume();
  }

  #join(client: Socket): void {
    client.on("error", () => client.destroy());
    client.setNoDelay(true);
    if (this.#fault.cut) {
      client.resetAndDestroy();
      return;
    }
    if (this.#fault.blackHole) {
      this.#stray.add(client);
      client.on("close", () => this.#stray.delete(client));
      return;
    }
    const server = connect(this.#target, "127.0.0.1");
    server.setNoDelay(true);
    const wire = { client, server };
    const ear = this.listens?.();
    this.#connections++;
    this.#wires.add(wire);
    server.on("error", () => server.destroy());
    client.on("data", (chunk: Buffer) => {
      ear?.toServer(chunk);
      this.#pass(server, chunk);
    });
    server.on("data", (chunk: Buffer) => {
      ear?.toClient(chunk);
      this.#passBack(client, chunk);
    });
    const over = () => {
      if (this.#fault.blackHole || !this.#wires.has(wire)) return;
      ear?.over();
      client.destroy();
      server.destroy();
      this.#wires.delete(wire);
    };
    client.on("close", over);
    server.on("close", over);
  }

  #passBack(client: Socket, chunk: Buffer): void {
    const { noiseEvery, garble, swap } = this.#fault;
    garble?.(chunk);
    if (noiseEvery && ++this.#chunksBack % noiseEvery === 0) {
      for (let at = Math.floor(this.#random() * chunk.length); at < chunk.length; at++)
        chunk[at] = Math.floor(this.#random() * 256);
    }
    if (swap && this.#held?.socket !== client) {
      this.#held = { socket: client, chunk };
      return;
    }
    this.#pass(client, chunk);
    if (this.#held?.socket !== client) return;
    this.#pass(client, this.#held.chunk);
    this.#held = null;
  }

  #pass(to: Socket, chunk: Buffer): void {
    const { delayMs = 0, blackHole } = this.#fault;
    if (blackHole) return;
    const nowMs = this.#clock.nowMs();
    const dueMs = Math.max(this.#dueMs.get(to) ?? 0, nowMs + (typeof delayMs === "number" ? delayMs : delayMs()));
    if (dueMs <= nowMs) {
      if (to.writable) to.write(chunk);
      return;
    }
    this.#dueMs.set(to, dueMs);
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      if (to.writable && !this.#fault.blackHole) to.write(chunk);
    }, dueMs - nowMs);
    this.#timers.add(timer);
  }
}
