import { type BenchFigure, median } from "./figure.ts";
import { Clients, rounded, Server } from "./ocpp/contestants.ts";

export interface FairnessBenchOptions {
  chargePoints?: number;
  /** How often each sends a CALL. */
  everyMs?: number;
  rounds?: number;
  roundMs?: number;
}

/**
 * The 99th percentile of what many charge points at a steady pace wait for their answers while another one floods and one freezes with
 * answers unread, beside the same without those two. They live in a process of their own.
 */
export async function bench(options: FairnessBenchOptions = {}): Promise<BenchFigure[]> {
  const { chargePoints = 1000, everyMs = 200, rounds = 7, roundMs = 2000 } = options;
  const server = await Server.start("phasewise", chargePoints + 2);
  const clients = new Clients();
  const pests = new Clients();
  const quiet: number[] = [];
  const disturbed: number[] = [];
  try {
    await clients.connect(server, chargePoints);
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const calm = await clients.run(server, roundMs, everyMs);
      await pests.annoy(server, chargePoints, "flood");
      await pests.annoy(server, chargePoints + 1, "freeze");
      const rough = await clients.run(server, roundMs, everyMs);
      await pests.annoy(server, chargePoints, "leave");
      await pests.annoy(server, chargePoints + 1, "leave");
      if (round === 0) continue;
      quiet.push(calm.p99Ms);
      disturbed.push(rough.p99Ms);
    }
  } finally {
    await clients.end();
    await pests.end();
    await server.end();
  }
  return [
    {
      name: "OCPP, 99th percentile of latency beside a flooding and a frozen charge point",
      value: rounded(median(disturbed)),
      unit: "ms",
      baseline: rounded(median(quiet)),
      ratio: rounded(median(disturbed.map((ms, round) => ms / (quiet[round] ?? ms)))),
      aim: "at most 2",
      detail: { baseline: "without those two", chargePoints, callsPerS: (1000 / everyMs) * chargePoints, rounds },
    },
  ];
}
