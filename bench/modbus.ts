import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import ModbusRTU from "modbus-serial";
import { ModbusBus } from "../lib/modbus/bus.ts";
import { openLine } from "../lib/modbus/line.ts";
import { lineFormat, wireTimeMs } from "../lib/modbus/wire-time.ts";
import { SerialLine } from "../test/modbus/serial-line.ts";
import { type BenchFigure, figure, median } from "./figure.ts";
import { DEAD_UNIT, type DeviceOrder, type DevicePorts, GATEWAY_UNITS } from "./modbus-devices.ts";
import { preciseClock } from "./precise-clock.ts";

const HOST = "127.0.0.1";
const COUNT = 12;
const WARM_UP_ROUNDS = 10;
const ROUNDS = 41;
const ROUND_MS = 50;

/** What Modbus reading achieves on one line: a gateway with a dead unit, one fast connection, one serial line. */
export async function bench({ seconds = 6 }: { seconds?: number } = {}): Promise<BenchFigure[]> {
  const devices = fork(join(import.meta.dirname, "modbus-devices.ts"));
  try {
    devices.send({ profileId: "schneider-iem3x55", meters: 0, silent: 0 } satisfies DeviceOrder);
    const [ports] = (await once(devices, "message")) as [DevicePorts];
    return [
      ...(await gateway(ports.gateways, seconds)),
      ...(await oneConnection(ports.plain)),
      ...(await serialLine()),
    ];
  } finally {
    devices.disconnect();
  }
}

async function gateway([port, otherPort]: [number, number], seconds: number): Promise<BenchFigure[]> {
  const units = Array.from({ length: GATEWAY_UNITS }, (_, index) => index + 1);
  const oursHz = slowestHz(seconds, units, (read) => {
    const bus = openLine({ transport: "tcp", host: HOST, port });
    for (const unitId of units) {
      let isBusy = false;
      bus.schedule.join(1000, () => {
        if (isBusy) return false;
        isBusy = true;
        const request = { unitId, functionCode: 3, address: 0, count: COUNT } as const;
        void bus
          .read(request, { priority: "fast" })
          .then(
            () => read(unitId),
            () => {},
          )
          .finally(() => {
            isBusy = false;
          });
        return true;
      });
    }
    return () => bus.close();
  });
  const naiveHz = slowestHz(seconds, units, (read) => naiveRounds(otherPort, units, read));
  const [ours, naive] = await Promise.all([oursHz, naiveHz]);
  const name = `ten units behind one serial gateway (15 ms each), one of them dead: the slowest of the other nine`;
  const detail = { baseline: "bare modbus-serial, unit after unit, time-out 1 s, one round per second at most" };
  return [figure(name, ours, "1/s", naive, "≥ 0.95 per second", detail)];
}

/** How often the living unit that came off worst was read. */
async function slowestHz(
  seconds: number,
  units: number[],
  start: (read: (unitId: number) => void) => () => void,
): Promise<number> {
  const readAtMs = new Map<number, number[]>(units.map((unitId) => [unitId, []]));
  const stop = start((unitId) => readAtMs.get(unitId)?.push(performance.now()));
  await pause(1000 * (seconds + 1));
  const endMs = performance.now();
  stop();
  const alive = units.filter((unitId) => unitId !== DEAD_UNIT);
  return Math.min(...alive.map((unitId) => perSecond(readAtMs.get(unitId) ?? [], endMs)));
}

/** Readings per second from the first to the last, or to the end where the next is overdue. */
function perSecond(readAtMs: number[], endMs: number): number {
  const [firstMs = endMs, lastMs = endMs] = [readAtMs[0], readAtMs.at(-1)];
  const isOverdue = endMs - lastMs > 1500;
  return ((readAtMs.length - 1) * 1000) / ((isOverdue ? endMs : lastMs) - firstMs);
}

function naiveRounds(port: number, units: number[], read: (unitId: number) => void): () => void {
  const client = new ModbusRTU();
  let isOver = false;
  const rounds = async (): Promise<void> => {
    await client.connectTCP(HOST, { port });
    client.setTimeout(1000);
    while (!isOver) {
      const nextMs = performance.now() + 1000;
      for (const unitId of units) {
        client.setID(unitId);
        await client.readHoldingRegisters(0, COUNT).then(
          () => read(unitId),
          () => {},
        );
      }
      await pause(Math.max(0, nextMs - performance.now()));
    }
    client.close(() => {});
  };
  void rounds();
  return () => {
    isOver = true;
  };
}

/** One request after the other, as fast as they are answered. */
async function oneConnection(port: number): Promise<BenchFigure[]> {
  const bus = openLine({ transport: "tcp", host: HOST, port });
  const client = new ModbusRTU();
  await client.connectTCP(HOST, { port });
  client.setID(1);
  const socket = connect({ host: HOST, port, noDelay: true });
  await once(socket, "connect");
  const request = { unitId: 1, functionCode: 3, address: 0, count: COUNT } as const;
  const contestants = [() => bus.read(request), () => client.readHoldingRegisters(0, COUNT), bareSocket(socket)];
  const results = contestants.map((): number[] => []);
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++)
    for (const [index, read] of contestants.entries()) {
      const perSecond = await readsPerSecond(read, ROUND_MS);
      if (round >= 0) results[index]?.push(perSecond);
    }
  bus.close();
  client.close(() => {});
  socket.destroy();
  const [ours, library, bare] = results.map(median) as [number, number, number];
  const name = "reads of 12 registers on one connection, one at a time";
  return [
    figure(name, ours, "1/s", library, "≥ 0.9 of bare modbus-serial", { baseline: "bare modbus-serial" }),
    figure(name, ours, "1/s", bare, "to see what the wire allows", { baseline: "a bare socket with a prepared frame" }),
  ];
}

function bareSocket(socket: Socket): () => Promise<void> {
  const frame = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, COUNT]);
  let answered = (): void => {};
  socket.on("data", () => answered());
  return () =>
    new Promise((resolve) => {
      answered = resolve;
      socket.write(frame);
    });
}

async function readsPerSecond(read: () => Promise<unknown>, forMs: number): Promise<number> {
  const startMs = performance.now();
  let reads = 0;
  for (; performance.now() - startMs < forMs; reads++) await read();
  return reads / ((performance.now() - startMs) / 1000);
}

/** Rounds over twenty meters on a simulated line, in real time. */
async function serialLine(): Promise<BenchFigure[]> {
  const format = lineFormat(19_200, "none", 1);
  const turnaroundMs = 10;
  const line = new SerialLine(preciseClock, format);
  const units = Array.from({ length: 20 }, (_, index) => index + 1);
  for (const unitId of units) line.slaves.set(unitId, { turnaroundMs });
  const bus = new ModbusBus({ place: "simulated", connect: line.connect, format });
  const rounds: number[] = [];
  for (let round = 0; round < 4; round++) {
    const startMs = performance.now();
    await Promise.all(units.map((unitId) => bus.read({ unitId, functionCode: 4, address: 0, count: COUNT })));
    if (round > 0) rounds.push(performance.now() - startMs);
  }
  bus.close();
  const idealMs = units.length * (wireTimeMs(COUNT, format) + turnaroundMs);
  const name = "20 meters on one 19200-baud line, 12 registers each, 10 ms turnaround: one cycle";
  return [
    figure(name, median(rounds), "ms", idealMs, "≤ 1.15 of the wire time", {
      baseline: "computed wire time and turnaround",
    }),
  ];
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
