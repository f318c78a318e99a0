/** The processes of the OCPP benchmarks, seen from the one that measures. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { median } from "../figure.ts";
import type { Traffic } from "./charge-point.ts";
import type { ClientOrder, Round } from "./clients.ts";
import type { ServerKind, Usage, UsageOrder } from "./servers.ts";

/** A program that answers each message with one. */
class Program {
  readonly #child: ChildProcess;

  constructor(file: string, args: string[] = [], execArgv: string[] = []) {
    this.#child = fork(join(import.meta.dirname, file), args, { execArgv });
  }

  async ask(order: object | null): Promise<unknown> {
    const answered = new AbortController();
    const { signal } = answered;
    const exit = once(this.#child, "exit", { signal }).then(([code]) => {
      throw new Error(`a program of the benchmark ended with ${code}`);
    });
    const answer = once(this.#child, "message", { signal }).then(([message]) => message as unknown);
    if (order) this.#child.send(order);
    try {
      return await Promise.race([answer, exit]);
    } finally {
      answered.abort();
      await Promise.allSettled([answer, exit]);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.disconnect();
    await gone;
  }
}

/** A server in a process of its own. */
export class Server {
  readonly kind: ServerKind;
  readonly port: number;
  readonly #program: Program;

  private constructor(kind: ServerKind, port: number, program: Program) {
    this.kind = kind;
    this.port = port;
    this.#program = program;
  }

  /** @param backEnds that every charge point is reported to */
  static async start(kind: ServerKind, chargePoints: number, backEnds: readonly Server[] = []): Promise<Server> {
    const ports = backEnds.map(({ port }) => String(port));
    const program = new Program("servers.ts", [kind, String(chargePoints), ...ports], ["--expose-gc"]);
    const { port } = (await program.ask(null)) as { port: number };
    return new Server(kind, port, program);
  }

  /** @param collect garbage first, so that what is left is in use */
  usage(collect = false): Promise<Usage> {
    const order: UsageOrder = { collect };
    return this.#program.ask(order) as Promise<Usage>;
  }

  end(): Promise<void> {
    return this.#program.end();
  }
}

/** Charge points in a process of their own. */
export class Clients {
  readonly #program = new Program("clients.ts");

  /** @param atOnce so many are at their handshake at a time */
  async connect({ port }: Server, count: number, traffic: Traffic = "hour", atOnce = 50): Promise<void> {
    await this.#order({ do: "connect", port, count, traffic, atOnce });
  }

  /** Each sends one CALL in the same moment, and all are answered. */
  report({ port }: Server): Promise<Round> {
    return this.#order({ do: "report", port }) as Promise<Round>;
  }

  /** @param everyMs how often each sends a CALL; 0 = as soon as the last one was answered */
  run({ port }: Server, forMs: number, everyMs = 0): Promise<Round> {
    return this.#order({ do: "run", port, forMs, everyMs }) as Promise<Round>;
  }

  async annoy({ port }: Server, index: number, how: "flood" | "freeze" | "leave"): Promise<void> {
    await this.#order({ do: "annoy", port, index, how });
  }

  end(): Promise<void> {
    return this.#program.end();
  }

  #order(order: ClientOrder): Promise<unknown> {
    return this.#program.ask(order);
  }
}

/** What one round showed of one server. */
export interface Sample extends Round {
  callsPerS: number;
  /** Processor time of the server for one CALL. */
  cpuUs: number;
  /** Where it goes: our program and its libraries in the event loop, the kernel called from there, other threads. */
  programUs: number;
  kernelUs: number;
  threadsUs: number;
  /** Which part of one core the server used, and its charge points: whichever is near 1 sets the pace. */
  busy: number;
  clientsBusy: number;
}

/** Long enough for compilers and for what fills up with the first messages. */
const WARM_UP_MS = 6000;

/**
 * Many short rounds in turn, so that what else the machine does weighs little in the medians, after each server has warmed up.
 * @returns by server, one sample for each round
 */
export async function race(servers: readonly Server[], clients: Clients, rounds: number, roundMs: number) {
  const samples = servers.map((): Sample[] => []);
  for (const server of servers) await clients.run(server, WARM_UP_MS);
  for (let round = 0; round < rounds; round++) {
    for (const [index, server] of servers.entries()) {
      samples[index]?.push(await measure(server, clients, roundMs));
    }
  }
  return samples;
}

async function measure(server: Server, clients: Clients, forMs: number): Promise<Sample> {
  const before = await server.usage();
  const round = await clients.run(server, forMs);
  const after = await server.usage();
  const { calls, seconds, clientsCpuS } = round;
  const used = (key: "cpuS" | "loopS" | "loopKernelS"): number => after[key] - before[key];
  const perCallUs = (usedS: number): number => (usedS / calls) * 1e6;
  return {
    ...round,
    callsPerS: calls / seconds,
    cpuUs: perCallUs(used("cpuS")),
    programUs: perCallUs(used("loopS") - used("loopKernelS")),
    kernelUs: perCallUs(used("loopKernelS")),
    threadsUs: perCallUs(used("cpuS") - used("loopS")),
    busy: used("cpuS") / seconds,
    clientsBusy: clientsCpuS / seconds,
  };
}

/** The median of one column. */
export function middle(samples: readonly Sample[], column: keyof Sample): number {
  return rounded(median(samples.map((sample) => sample[column])));
}

/** Neighbouring rounds share the machine's mood: the ratio is taken within each, and then the median. */
export function ratio(samples: readonly Sample[], baseline: readonly Sample[], column: keyof Sample): number {
  return rounded(median(samples.map((sample, round) => sample[column] / (baseline[round]?.[column] ?? Number.NaN))));
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
