import type { BenchFigure } from "./figure.ts";
import { Clients, rounded, Server } from "./ocpp/contestants.ts";

export interface UpstreamsBenchOptions {
  chargePoints?: number;
  /** How often each charge point sends a CALL. */
  everyMs?: number;
  warmUpMs?: number;
  /** Whole minutes: samples leave once a minute. */
  forMs?: number;
}

/** One site with its charge points and the back ends that they are reported to, each program in a process of its own. */
interface Reporting {
  server: Server;
  clients: Clients;
  backEnds: Server[];
}

/**
 * Processor time of the site's process for one CALL of a charge point while each is reported to one back end, and to two, beside the
 * same site with none. At the pace of real chargers, by the real clock: samples leave once a minute, so that a faster pace would
 * make them look cheap. All three run at the same time, so that the machine's mood is the same for each.
 */
export async function bench(options: UpstreamsBenchOptions = {}): Promise<BenchFigure[]> {
  const { chargePoints = 500, everyMs = 18_000, warmUpMs = 20_000, forMs = 120_000 } = options;
  const sites: Reporting[] = [];
  try {
    for (const count of [0, 1, 2]) sites.push(await start(chargePoints, count));
    await Promise.all(sites.map(({ server, clients }) => clients.run(server, warmUpMs, everyMs)));
    const [none, ...reporting] = await Promise.all(sites.map((site) => measure(site, forMs, everyMs)));
    return reporting.map(({ cpuUs, toldPerCall }, index) => ({
      name: `OCPP, processor time per call, reported to ${index === 0 ? "one back end" : "two back ends"}, at the pace of real chargers`,
      value: rounded(cpuUs),
      unit: "µs",
      baseline: rounded(none!.cpuUs),
      ratio: rounded(cpuUs / none!.cpuUs),
      aim: `at most ${index === 0 ? 1.5 : 2}`,
      detail: {
        ...{ baseline: "no back end", chargePoints, seconds: forMs / 1000, toldPerCall: rounded(toldPerCall) },
        traffic:
          "each a CALL in 18 s: in an hour 120 MeterValues, 60 Heartbeats, 18 StatusNotifications, one transaction",
      },
    }));
  } finally {
    for (const { clients } of sites) await clients.end();
    for (const { server } of sites) await server.end();
    for (const { backEnds } of sites) for (const backEnd of backEnds) await backEnd.end();
  }
}

async function start(chargePoints: number, count: number): Promise<Reporting> {
  const backEnds: Server[] = [];
  while (backEnds.length < count) backEnds.push(await Server.start("bare", chargePoints));
  const server = await Server.start("phasewise", chargePoints, backEnds);
  const clients = new Clients();
  await clients.connect(server, chargePoints);
  return { server, clients, backEnds };
}

async function measure({ server, clients, backEnds }: Reporting, forMs: number, everyMs: number) {
  const told = async () => {
    const usages = await Promise.all(backEnds.map((one) => one.usage()));
    return usages.reduce((sum, { calls }) => sum + calls, 0);
  };
  const [before, toldBefore] = [await server.usage(), await told()];
  const { calls } = await clients.run(server, forMs, everyMs);
  const [after, toldAfter] = [await server.usage(), await told()];
  return { cpuUs: ((after.cpuS - before.cpuS) / calls) * 1e6, toldPerCall: (toldAfter - toldBefore) / calls };
}
