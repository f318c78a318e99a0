import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocketServer } from "ws";
import { isoTime, systemClock } from "../lib/clock.ts";
import { createEndpoint } from "../lib/ocpp/endpoint.ts";
import { MessageLog } from "../lib/ocpp/message-log.ts";
import type { StationDirectory, StationPort } from "../lib/ocpp/port.ts";
import { createDirectory } from "../lib/station/central-system.ts";
import { Stations } from "../lib/station/stations.ts";
import { openStore } from "../lib/store/sqlite.ts";
import { type BenchFigure, median } from "./figure.ts";
import type { Order, Outcome } from "./ocpp-clients.ts";

/** A server under test. */
export interface Contestant {
  name: string;
  port: number;
  close(): Promise<void>;
}

export interface OcppBenchOptions {
  chargePoints?: number;
  rounds?: number;
  roundMs?: number;
}

type Round = Extract<Outcome, { done: "run" }> & { serverCpu: number };

/**
 * Calls per second and the 99th percentile of their latency with many charge points connected, each with one CALL
 * outstanding, beside a bare `ws` server that parses and answers. All servers run in this process, the charge points in
 * another; many short rounds alternate, so that what else the machine does weighs little in the medians.
 */
export async function bench({
  chargePoints = 1000,
  rounds = 9,
  roundMs = 1200,
}: OcppBenchOptions = {}): Promise<BenchFigure[]> {
  const contestants = [await bareServer(), await wireOnly(), await withStationsAndStore()];
  const clients = fork(join(import.meta.dirname, "ocpp-clients.ts"));
  try {
    for (const { port } of contestants) await order(clients, { do: "connect", port, count: chargePoints });
    const results = contestants.map((): Round[] => []);
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const [index, { port }] of contestants.entries()) {
        const result = await measured(clients, port, roundMs);
        if (round > 0) results[index]?.push(result);
      }
    }
    return figures(contestants, results, chargePoints);
  } finally {
    clients.disconnect();
    for (const contestant of contestants) await contestant.close();
  }
}

/** The floor: parses each message, answers it, checks and keeps nothing. */
async function bareServer(): Promise<Contestant> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  let transactionId = 0;
  const answers: Record<string, () => object> = {
    BootNotification: () => ({ currentTime: isoTime(Date.now()), interval: 60, status: "Accepted" }),
    Heartbeat: () => ({ currentTime: isoTime(Date.now()) }),
    StartTransaction: () => ({ transactionId: ++transactionId, idTagInfo: { status: "Accepted" } }),
  };
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const [, id, action] = JSON.parse(data.toString()) as [number, string, string];
      socket.send(JSON.stringify([3, id, answers[action]?.() ?? {}]));
    });
  });
  await once(server, "listening");
  const close = async (): Promise<void> => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, "close");
  };
  return { name: "bare ws server", port: (server.address() as AddressInfo).port, close };
}

/** Our endpoint with stations that answer and keep nothing. */
function wireOnly(): Promise<Contestant> {
  const directory: StationDirectory = {
    admit: ({ identity }) => ({ admitted: true, station: answeringStation(identity) }),
  };
  return served("ocpp wire", directory, () => undefined);
}

/** Our endpoint with the product's stations over a database on disk. */
function withStationsAndStore(): Promise<Contestant> {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-bench-"));
  const store = openStore(join(folder, "bench.sqlite"), { clock: systemClock });
  const stations = new Stations({ store, clock: systemClock });
  const policy = {
    unknownChargePoints: "accept",
    sharedPassword: null,
    requirePassword: false,
    allowMissingSubprotocol: false,
    heartbeatS: 60,
  } as const;
  for (let index = 0; index < 1000; index++) stations.configure(definition(`BENCH${index}`));
  return served(
    "ocpp wire, stations and SQLite",
    createDirectory(stations, () => policy),
    () => {
      stations.close();
      store.close();
      rmSync(folder, { recursive: true });
    },
  );
}

function definition(identity: string): Parameters<Stations["configure"]>[0] {
  const wiring = {
    number: 1,
    phases: 3,
    rotation: "RST",
    maxA: 32,
    minA: 6,
    priorityClass: 1,
    mode: "fast",
    safeA: 6,
  } as const;
  return {
    identity,
    aliases: [],
    model: "auto",
    overrides: {},
    safeA: 6,
    stationLimitA: null,
    zone: null,
    connectors: [wiring],
    password: null,
    ocpp: true,
  };
}

async function served(name: string, directory: StationDirectory, closed: () => void): Promise<Contestant> {
  const endpoint = createEndpoint(
    { host: "127.0.0.1", port: 0, log: new MessageLog(systemClock) },
    directory,
    systemClock,
  );
  const { port } = await endpoint.listen();
  const close = async (): Promise<void> => {
    await endpoint.close();
    closed();
  };
  return { name, port, close };
}

function answeringStation(identity: string): StationPort {
  let transactionId = 0;
  const nothing = (): void => undefined;
  return {
    identity,
    attached: nothing,
    detached: nothing,
    bootNotification: () => ({ currentTime: isoTime(Date.now()), interval: 60, status: "Accepted" }),
    heartbeat: () => ({ currentTime: isoTime(Date.now()) }),
    statusNotification: nothing,
    authorize: () => ({ idTagInfo: { status: "Accepted" } }),
    startTransaction: () => ({ transactionId: ++transactionId, idTagInfo: { status: "Accepted" } }),
    stopTransaction: () => ({}),
    meterValues: nothing,
    dataTransfer: () => ({ status: "UnknownVendorId" }),
    notification: nothing,
  };
}

async function measured(clients: ChildProcess, port: number, forMs: number): Promise<Round> {
  const before = process.cpuUsage();
  const result = (await order(clients, { do: "run", port, forMs })) as Extract<Outcome, { done: "run" }>;
  const { user, system } = process.cpuUsage(before);
  return { ...result, serverCpu: (user + system) / 1e6 / result.seconds };
}

async function order(clients: ChildProcess, task: Order): Promise<Outcome> {
  const failed = new AbortController();
  const exit = once(clients, "exit", { signal: failed.signal }).then(([code]) => {
    throw new Error(`the charge points' process ended with ${code}`);
  });
  const outcome = once(clients, "message", { signal: failed.signal }).then(([message]) => message as Outcome);
  clients.send(task);
  try {
    return await Promise.race([outcome, exit]);
  } finally {
    failed.abort();
    await Promise.allSettled([outcome, exit]);
  }
}

function figures(contestants: Contestant[], results: Round[][], chargePoints: number): BenchFigure[] {
  const [bare = []] = results;
  return contestants.slice(1).flatMap(({ name }, index) => {
    const rounds = results[index + 1] ?? [];
    const rates = rounds.map(({ calls, seconds }) => calls / seconds);
    const bareRates = bare.map(({ calls, seconds }) => calls / seconds);
    const p99s = rounds.map(({ p99Ms }) => p99Ms);
    const bareP99s = bare.map(({ p99Ms }) => p99Ms);
    const detail = {
      chargePoints,
      rounds: rounds.length,
      serverCpu: rounded(median(rounds.map(({ serverCpu }) => serverCpu))),
      bareServerCpu: rounded(median(bare.map(({ serverCpu }) => serverCpu))),
    };
    // Neighbouring rounds share the machine's mood: the ratio is taken within each and then the median.
    const ratio = rounded(median(rates.map((rate, round) => rate / (bareRates[round] ?? rate))));
    const p99Ratio = rounded(median(p99s.map((p99, round) => p99 / (bareP99s[round] ?? p99))));
    return [
      {
        name: `${name}: calls per second`,
        value: Math.round(median(rates)),
        unit: "1/s",
        baseline: Math.round(median(bareRates)),
        ratio,
        aim: "≥ 0.6",
        detail,
      },
      {
        name: `${name}: 99th percentile of latency`,
        value: rounded(median(p99s)),
        unit: "ms",
        baseline: rounded(median(bareP99s)),
        ratio: p99Ratio,
        detail,
      },
    ];
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
