import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { type BenchFigure, figure, median } from "./figure.ts";
import type { ManagerServers } from "./managers-servers.ts";

const HOST = "127.0.0.1";
const ROUNDS = 9;
const ROUND_MS = 400;
/** Requests that a client has on the way. */
const DEPTH = 8;
const CONNECTORS = 100;
const CLIENTS = 5;
const SHARE_S = 10;

/** What the Modbus server for managers achieves: reads a second beside modbus-serial's bare server, and its part of a core. */
export async function bench(): Promise<BenchFigure[]> {
  const servers = fork(join(import.meta.dirname, "managers-servers.ts"), [String(CONNECTORS)]);
  try {
    const [ports] = (await once(servers, "message")) as [ManagerServers];
    return [await readsPerSecond(ports), await shareOfACore(servers, ports)];
  } finally {
    servers.disconnect();
  }
}

async function readsPerSecond({ bare, ours }: ManagerServers): Promise<BenchFigure> {
  const rates: Record<"ours" | "bare", number[]> = { ours: [], bare: [] };
  // So that the engine has compiled what it will.
  for (const port of [ours[0]!, bare, ours[0]!, bare]) await readFor(port, ROUND_MS / 2);
  for (let round = 0; round < ROUNDS; round++) {
    rates.ours.push(await readFor(ours[0]!, ROUND_MS));
    rates.bare.push(await readFor(bare, ROUND_MS));
  }
  const aim = "at least 0.8 of modbus-serial's bare server";
  return figure("modbus server: reads of 54 registers", median(rates.ours), "reads/s", median(rates.bare), aim, {});
}

/** How many reads one client gets done in a second. */
async function readFor(port: number, forMs: number): Promise<number> {
  const socket = await dial(port);
  let reads = 0;
  let bytes = 0;
  socket.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    while (bytes >= REPLY_BYTES) {
      bytes -= REPLY_BYTES;
      reads++;
      socket.write(REQUEST);
    }
  });
  for (let i = 0; i < DEPTH; i++) socket.write(REQUEST);
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const rate = (reads * 1000) / (performance.now() - startMs);
  socket.destroy();
  return rate;
}

/** Five clients read every connector once a second. */
async function shareOfACore(servers: ChildProcess, { ours }: ManagerServers): Promise<BenchFigure> {
  const sockets: Socket[] = [];
  for (const port of ours) for (let i = 0; i < CLIENTS; i++) sockets.push((await dial(port)).resume());
  const idle = await processorS(servers);
  await new Promise((resolve) => setTimeout(resolve, SHARE_S * 1000));
  const afterIdle = await processorS(servers);
  const polling = sockets.map((socket, i) => {
    let timer: NodeJS.Timeout;
    const start = setTimeout(
      () => {
        timer = setInterval(() => socket.write(REQUEST), 1000);
      },
      (i * 1000) / sockets.length,
    );
    return () => [clearTimeout(start), clearInterval(timer)];
  });
  await new Promise((resolve) => setTimeout(resolve, SHARE_S * 1000));
  const busy = await processorS(servers);
  for (const stop of polling) stop();
  for (const socket of sockets) socket.destroy();
  const share = (busy - afterIdle) / SHARE_S;
  const aim = "a few per cent of a core";
  const detail = { connectors: ours.length, clients: CLIENTS, idle: (afterIdle - idle) / SHARE_S };
  return figure(
    "modbus server: 100 connectors polled once a second by five clients",
    share,
    "of a core",
    1,
    aim,
    detail,
  );
}

async function processorS(servers: ChildProcess): Promise<number> {
  servers.send("cpu");
  const [seconds] = (await once(servers, "message")) as [number];
  return seconds;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, HOST);
  socket.setNoDelay(true);
  await once(socket, "connect");
  return socket;
}

/** The read that a GX device sends once a second. */
const REQUEST = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0x13, 0x91, 0, 54]);
const REPLY_BYTES = 9 + 2 * 54;
