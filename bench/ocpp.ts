import type { BenchFigure } from "./figure.ts";
import type { Traffic } from "./ocpp/charge-point.ts";
import { Clients, middle, race, ratio, type Sample, Server } from "./ocpp/contestants.ts";
import type { ServerKind } from "./ocpp/servers.ts";

export interface OcppBenchOptions {
  chargePoints?: number;
  rounds?: number;
  roundMs?: number;
}

interface Entry {
  kind: ServerKind;
  name: string;
  aim?: string;
}

const HOUR: Entry[] = [
  { kind: "phasewise", name: "OCPP, checked, with state and database", aim: "≥ 0.8" },
  { kind: "node-red", name: "OCPP in Node-RED, every event through a function node", aim: "≥ 0.58" },
  { kind: "ocpp-rpc", name: "ocpp-rpc's server, checked, nothing kept" },
];
const SESSION: Entry[] = [{ kind: "phasewise", name: "OCPP, sessions with durable starts and stops", aim: "≥ 0.6" }];

/**
 * Calls per second and the 99th percentile of their latency with many charge points connected, each with one CALL outstanding,
 * beside a bare `ws` server that parses and answers. Each server runs in a process of its own, all charge points in another.
 */
export async function bench(options: OcppBenchOptions = {}): Promise<BenchFigure[]> {
  return [...(await beside(HOUR, "hour", options)), ...(await beside(SESSION, "session", options))];
}

async function beside(
  entries: readonly Entry[],
  traffic: Traffic,
  { chargePoints = 1000, rounds = 9, roundMs = 1200 }: OcppBenchOptions,
): Promise<BenchFigure[]> {
  const clients = new Clients();
  const servers: Server[] = [];
  try {
    for (const kind of ["bare", ...entries.map(({ kind }) => kind)] as const) {
      const server = await Server.start(kind, chargePoints);
      servers.push(server);
      await clients.connect(server, chargePoints, traffic);
    }
    const [bare = [], ...others] = await race(servers, clients, rounds, roundMs);
    return entries.flatMap((entry, index) => figures(entry, others[index] ?? [], bare, chargePoints));
  } finally {
    await clients.end();
    for (const server of servers) await server.end();
  }
}

function figures({ name, aim }: Entry, samples: Sample[], bare: Sample[], chargePoints: number): BenchFigure[] {
  const detail = {
    baseline: "a bare ws server",
    chargePoints,
    rounds: samples.length,
    cpuPerCallUs: middle(samples, "cpuUs"),
    bareCpuPerCallUs: middle(bare, "cpuUs"),
    cpuRatio: ratio(samples, bare, "cpuUs"),
  };
  const column = (title: string, unit: string, key: "callsPerS" | "p99Ms") => ({
    name: `${name}: ${title}`,
    value: middle(samples, key),
    unit,
    baseline: middle(bare, key),
    ratio: ratio(samples, bare, key),
  });
  return [
    { ...column("calls per second", "1/s", "callsPerS"), ...(aim && { aim }), detail },
    { ...column("99th percentile of latency", "ms", "p99Ms"), detail },
  ];
}
