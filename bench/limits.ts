import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../lib/clock.ts";
import { createEndpoint } from "../lib/ocpp/server/endpoint.ts";
import type { Limiter } from "../lib/profile/limiter.ts";
import { createDirectory } from "../lib/station/connection/central-system.ts";
import { openStore } from "../lib/store/sqlite.ts";
import { type BenchFigure, median } from "./figure.ts";
import { identities, request, site } from "./limits-site.ts";

export interface LimitsBenchOptions {
  /** Their limits are lowered at once. */
  chargePoints?: number;
  rounds?: number;
}

const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 60,
} as const;

/**
 * How soon lower limits have arrived at many charge points, counted from the allocation, beside a bare `ws` server that sends the
 * same frame to as many sockets. Both sides of all sockets live in this process.
 */
export async function bench({ chargePoints = 100, rounds = 15 }: LimitsBenchOptions = {}): Promise<BenchFigure[]> {
  const ours: number[][] = [];
  const bare: number[][] = [];
  const ourSite = await lowering(chargePoints);
  const broadcast = await broadcasting(chargePoints);
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      await ourSite.all(16);
      const lowered = await ourSite.all(10);
      const sent = await broadcast.all();
      if (round === 0) continue;
      ours.push(lowered);
      bare.push(sent);
    }
  } finally {
    await ourSite.close();
    await broadcast.close();
  }
  const name = `lower limits for ${chargePoints} charge points, until they arrive`;
  return [0.5, 0.99, 1].map((share): BenchFigure => {
    const value = median(ours.map((samples) => quantile(samples, share)));
    const baseline = median(bare.map((samples) => quantile(samples, share)));
    return {
      name: `${name}, ${share === 1 ? "last" : `p${share * 100}`}`,
      value: round2(value),
      unit: "ms",
      baseline: round2(baseline),
      ratio: round2(value / baseline),
      aim: "the last one within 500 ms of the allocation",
      detail: { worstRoundMs: round2(Math.max(...ours.map((samples) => quantile(samples, share)))), rounds },
    };
  });
}

/** A charge point that takes every limit. */
class Taker {
  readonly socket: WebSocket;
  #arrived: ((atMs: number) => void) | null = null;

  constructor(url: string) {
    this.socket = new WebSocket(url, ["ocpp1.6"], { perMessageDeflate: false });
    this.socket.on("message", (data) => this.#take(data.toString()));
  }

  /** When the next limit arrives. */
  arrival(): Promise<number> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  #take(text: string): void {
    const atMs = performance.now();
    const [type, id, action] = JSON.parse(text) as [number, string, string];
    if (type !== 2) return;
    this.socket.send(JSON.stringify([3, id, action === "GetConfiguration" ? {} : { status: "Accepted" }]));
    if (action !== "SetChargingProfile") return;
    this.#arrived?.(atMs);
    this.#arrived = null;
  }
}

/** Our endpoint, stations, limiter and a database on disk; every charge point over a socket of its own. */
async function lowering(count: number) {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-bench-"));
  const store = openStore(join(folder, "bench.sqlite"), { clock: systemClock });
  const { stations, limiter } = site(store, systemClock, count, { minIncreaseS: 0 });
  const endpoint = createEndpoint(
    { host: "127.0.0.1", port: 0 },
    createDirectory(stations, () => POLICY),
    systemClock,
  );
  const { port } = await endpoint.listen();
  const takers = identities(count).map((identity) => new Taker(`ws://127.0.0.1:${port}/${identity}`));
  await Promise.all(takers.map((taker) => once(taker.socket, "open")));
  const settled = new Settled(limiter, count);
  const baselines = settled.next();
  for (const { socket } of takers) {
    const boot = { chargePointVendor: "Bench", chargePointModel: "B1" };
    socket.send(JSON.stringify([2, "1", "BootNotification", boot]));
    socket.send(
      JSON.stringify([2, "2", "StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" }]),
    );
  }
  request(limiter, count, 6);
  await baselines;
  return {
    all: async (limitA: number): Promise<number[]> => {
      const done = settled.next();
      const arrivals = Promise.all(takers.map((taker) => taker.arrival()));
      const fromMs = performance.now();
      request(limiter, count, limitA);
      const arrivedMs = await arrivals;
      await done;
      return arrivedMs.map((atMs) => atMs - fromMs);
    },
    close: async (): Promise<void> => {
      for (const { socket } of takers) socket.terminate();
      limiter.close();
      await endpoint.close();
      stations.close();
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Tells when every charge point has accepted its limit. */
class Settled {
  readonly #count: number;
  readonly #accepted = new Set<string>();
  #done: (() => void) | null = null;

  constructor(limiter: Limiter, count: number) {
    this.#count = count;
    limiter.onResult(({ chargePoint, result }) => {
      if (result.status !== "accepted") return;
      this.#accepted.add(chargePoint);
      if (this.#accepted.size === this.#count) this.#done?.();
    });
  }

  next(): Promise<void> {
    this.#accepted.clear();
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }
}

/** The floor: the same frame to as many sockets, in a loop. */
async function broadcasting(count: number) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const takers = identities(count).map((identity) => new Taker(`ws://127.0.0.1:${port}/${identity}`));
  await Promise.all(takers.map((taker) => once(taker.socket, "open")));
  const chargingSchedulePeriod = [
    { startPeriod: 0, limit: 10 },
    { startPeriod: 240, limit: 6 },
  ];
  const chargingSchedule = { startSchedule: "2026-06-01T12:00:00Z", chargingRateUnit: "A", chargingSchedulePeriod };
  const profile = {
    chargingProfileId: 2,
    stackLevel: 1,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    chargingSchedule,
  };
  return {
    all: async (): Promise<number[]> => {
      const arrivals = Promise.all(takers.map((taker) => taker.arrival()));
      const fromMs = performance.now();
      let id = 0;
      for (const socket of server.clients) {
        const payload = { connectorId: 1, csChargingProfiles: profile };
        socket.send(JSON.stringify([2, String(++id), "SetChargingProfile", payload]));
      }
      return (await arrivals).map((atMs) => atMs - fromMs);
    },
    close: async (): Promise<void> => {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

const quantile = (samples: readonly number[], share: number): number =>
  samples.toSorted((a, b) => a - b)[Math.ceil(samples.length * share) - 1]!;

const round2 = (value: number): number => Math.round(value * 100) / 100;
