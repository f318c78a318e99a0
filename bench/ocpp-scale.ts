import type { BenchFigure } from "./figure.ts";
import { Clients, middle, race, ratio, rounded, Server } from "./ocpp/contestants.ts";
import type { ServerKind } from "./ocpp/servers.ts";

export interface ScaleBenchOptions {
  few?: number;
  many?: number;
  rounds?: number;
  roundMs?: number;
}

/**
 * What one CALL costs the processor with many charge points connected beside few, beside a bare `ws` server at each of the sizes, and what
 * each connection keeps of the memory. The bare one says how much of the growth is the machine's own: sockets that no longer fit into its
 * caches.
 */
export async function bench(options: ScaleBenchOptions = {}): Promise<BenchFigure[]> {
  const { few = 100, many = 5000, rounds = 7, roundMs = 1500 } = options;
  const ours = await grow("phasewise", few, many, rounds, roundMs);
  const bare = await grow("bare", few, many, rounds, roundMs);
  const beside = (chargePoints: number, oursUs: number, bareUs: number): BenchFigure => ({
    name: `OCPP, processor time per call, ${chargePoints} charge points beside a bare ws server`,
    value: oursUs,
    unit: "µs",
    baseline: bareUs,
    ratio: rounded(oursUs / bareUs),
    detail: { baseline: "a bare ws server", rounds },
  });
  return [
    {
      name: `OCPP, processor time per call, ${many} charge points beside ${few}`,
      value: ours.manyUs,
      unit: "µs",
      baseline: ours.fewUs,
      ratio: ours.growth,
      aim: "at most 1.3",
      detail: { baseline: `${few} charge points`, rounds, bareGrowth: bare.growth },
    },
    {
      name: `OCPP, processor time per call beyond a bare ws server's, ${many} charge points beside ${few}`,
      value: rounded(ours.manyUs - bare.manyUs),
      unit: "µs",
      baseline: rounded(ours.fewUs - bare.fewUs),
      ratio: rounded((ours.manyUs - bare.manyUs) / (ours.fewUs - bare.fewUs)),
      detail: { baseline: `${few} charge points`, rounds },
    },
    beside(few, ours.fewUs, bare.fewUs),
    beside(many, ours.manyUs, bare.manyUs),
    {
      name: `OCPP, memory per connection, ${many} charge points that booted and reported`,
      value: ours.residentKB,
      unit: "kB",
      baseline: bare.residentKB,
      ratio: rounded(ours.residentKB / bare.residentKB),
      aim: "at most 40 kB",
      detail: { baseline: "a bare ws server", inUseKB: ours.inUseKB, bareInUseKB: bare.inUseKB },
    },
  ];
}

interface Growth {
  fewUs: number;
  manyUs: number;
  growth: number;
  residentKB: number;
  inUseKB: number;
}

async function grow(kind: ServerKind, few: number, many: number, rounds: number, roundMs: number): Promise<Growth> {
  const clients = new Clients();
  const servers = [await Server.start(kind, few), await Server.start(kind, many)] as const;
  try {
    const [small, large] = servers;
    await clients.connect(small, few);
    const before = await large.usage(true);
    await clients.connect(large, many);
    // Each reports once.
    await clients.run(large, 3000, 3000);
    const after = await large.usage(true);
    const [fewSamples = [], manySamples = []] = await race(servers, clients, rounds, roundMs);
    const perConnectionKB = (bytes: number): number => rounded(bytes / many / 1000);
    return {
      fewUs: middle(fewSamples, "cpuUs"),
      manyUs: middle(manySamples, "cpuUs"),
      growth: ratio(manySamples, fewSamples, "cpuUs"),
      residentKB: perConnectionKB(after.residentBytes - before.residentBytes),
      inUseKB: perConnectionKB(after.heapBytes - before.heapBytes),
    };
  } finally {
    await clients.end();
    for (const server of servers) await server.end();
  }
}
