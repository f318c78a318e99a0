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
  /** Of calls per second, and of processor time per call, both beside a bare server. */
  aim?: string;
  cpuAim?: string;
}

const HOUR: Entry[] = [
  { kind: "phasewise", name: "OCPP, checked, with state and database", aim: "≥ 0.8", cpuAim: "at most 1.35" },
  {
    kind: "node-red",
    name: "OCPP in Node-RED, every event through a function node",
    aim: "≥ 0.58",
    cpuAim: "at most 1.8",
  },
  {
    kind: "bare-node-red",
    name: "What Node-RED leaves: a bare ws server in it, every message through that function node",
  },
  { kind: "ocpp-rpc", name: "ocpp-rpc's server, checked, nothing kept" },
];
const SESSION: Entry[] = [
  { kind: "phasewise", name: "OCPP, sessions with durable starts and stops", aim: "≥ 0.6" },
  { kind: "bare-sqlite", name: "What the disk leaves: a bare ws server, a row on disk for each start and stop" },
];

/** What is sent, for whoever reads the figures. */
const TRAFFIC_TEXT: Record<Traffic, string> = {
  hour: "120 MeterValues of 1.7 kB (ten values with all attributes), 60 Heartbeats, 18 StatusNotifications, one transaction",
  session: "of 14 CALLs 7 MeterValues of 1.7 kB, and a start and a stop that are answered once they are on disk",
};

/**
 * Calls per second, the processor time of a CALL and the 99th percentile of the latency with many charge points connected, each with one
 * CALL outstanding, beside a bare `ws` server that parses and answers. Each server runs in a process of its own, all charge points in
 * another; the processor time of a CALL does not depend on who of them sets the pace. `cpuPartsUs` says where it goes.
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
    const common = { baseline: "a bare ws server", chargePoints, rounds, traffic: TRAFFIC_TEXT[traffic] };
    return entries.flatMap((entry, index) => figures(entry, others[index] ?? [], bare, common));
  } finally {
    await clients.end();
    for (const server of servers) await server.end();
  }
}

function figures({ name, aim, cpuAim }: Entry, samples: Sample[], bare: Sample[], common: object): BenchFigure[] {
  const coresUsed = (of: Sample[]) => ({ server: middle(of, "busy"), chargePoints: middle(of, "clientsBusy") });
  const cpuPartsUs = (of: Sample[]) => {
    return { program: middle(of, "programUs"), kernel: middle(of, "kernelUs"), threads: middle(of, "threadsUs") };
  };
  const detail = {
    ...common,
    coresUsed: coresUsed(samples),
    bareCoresUsed: coresUsed(bare),
    cpuPartsUs: cpuPartsUs(samples),
    bareCpuPartsUs: cpuPartsUs(bare),
  };
  const column = (title: string, unit: string, key: "callsPerS" | "cpuUs" | "p99Ms") => ({
    name: `${name}: ${title}`,
    value: middle(samples, key),
    unit,
    baseline: middle(bare, key),
    ratio: ratio(samples, bare, key),
  });
  return [
    { ...column("calls per second", "1/s", "callsPerS"), ...(aim && { aim }), detail },
    { ...column("processor time per call", "µs", "cpuUs"), ...(cpuAim && { aim: cpuAim }), detail },
    { ...column("99th percentile of latency", "ms", "p99Ms"), detail },
  ];
}
