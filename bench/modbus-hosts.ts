import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import ModbusRTU from "modbus-serial";
import { systemClock } from "../lib/clock.ts";
import { planReads, type ReadBlock } from "../lib/metering/plan.ts";
import { type MeterProfile, meterProfile } from "../lib/metering/profiles.ts";
import { MeterReader } from "../lib/metering/reader.ts";
import { openLine } from "../lib/modbus/line.ts";
import { type BenchFigure, figure } from "./figure.ts";
import type { DeviceOrder, DevicePorts } from "./modbus-devices.ts";

export interface HostsBenchOptions {
  meters?: number;
  deadHosts?: number;
  seconds?: number;
}

const HOST = "127.0.0.1";
const PROFILE_ID = "schneider-iem3x55";
const WARM_UP_MS = 2000;

/** What reading many Modbus TCP meters achieves and costs while some of the hosts are dead. */
export async function bench({
  meters = 100,
  deadHosts = 5,
  seconds = 6,
}: HostsBenchOptions = {}): Promise<BenchFigure[]> {
  const devices = fork(join(import.meta.dirname, "modbus-devices.ts"));
  try {
    const silent = Math.ceil(deadHosts / 2);
    devices.send({ profileId: PROFILE_ID, meters: meters - deadHosts, silent } satisfies DeviceOrder);
    const [ports] = (await once(devices, "message")) as [DevicePorts];
    return await manyHosts(ports, deadHosts, seconds);
  } finally {
    devices.disconnect();
  }
}

/** How regularly and at which price values came. */
interface Polled {
  /** Readings per second and meter that lives. */
  rateHz: number;
  cpuPercent: number;
  /** 99th percentile of how far the time between two readings of a meter is off the interval. */
  jitterP99Ms: number;
}

/** Something that reads all meters once a second. */
interface Poller {
  /** One more cycle of this meter. */
  cycle(meter: number): Promise<unknown>;
  stop(): void;
}

/**
 * Lets `start` poll once a second and tell each reading. Before it counts, cycles are run one after the other: at this rate the engine
 * would take minutes to compile what is used.
 */
async function polled(
  alive: number,
  seconds: number,
  start: (read: (meter: number) => void) => Poller,
): Promise<Polled> {
  const lastMs: number[] = [];
  const offMs: number[] = [];
  let readings = 0;
  const poller = start((meter) => {
    const nowMs = performance.now();
    const beforeMs = lastMs[meter];
    if (beforeMs !== undefined) offMs.push(Math.abs(nowMs - beforeMs - 1000));
    lastMs[meter] = nowMs;
    readings++;
  });
  await pause(500);
  const hotMs = performance.now() + WARM_UP_MS;
  for (let n = 0; performance.now() < hotMs; n++) await poller.cycle(n % alive);
  await pause(1100);
  readings = 0;
  offMs.length = 0;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await pause(1000 * seconds);
  const tookMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  poller.stop();
  return {
    rateHz: readings / alive / (tookMs / 1000),
    cpuPercent: (user + system) / 10 / tookMs,
    jitterP99Ms: offMs.sort((a, b) => a - b)[Math.floor(0.99 * (offMs.length - 1))] ?? Number.NaN,
  };
}

async function manyHosts(ports: DevicePorts, deadHosts: number, seconds: number): Promise<BenchFigure[]> {
  const profile = meterProfile(PROFILE_ID) as MeterProfile;
  // Nobody listens on the odd ones: connections to them are refused.
  const refusing = Array.from({ length: deadHosts - ports.silent.length }, (_, index) => index + 1);
  const ours = await polled(ports.meters.length, seconds, (read) => {
    const lines = [...ports.meters, ...ports.silent, ...refusing].map((port, index) => {
      const bus = openLine({ transport: "tcp", host: HOST, port });
      const reader = new MeterReader({
        bus,
        profile,
        unitId: 1,
        intervalMs: 1000,
        timeoutMs: 1000,
        invert: false,
        phaseMap: [1, 2, 3],
        clock: systemClock,
        onMeasurement: ({ quality }) => quality === "good" && index < ports.meters.length && read(index),
        onFailure: () => {},
      });
      reader.start();
      return { bus, reader };
    });
    const stop = (): void => {
      for (const { bus, reader } of lines) {
        reader.stop();
        bus.close();
      }
    };
    return { stop, cycle: (meter) => lines[meter]?.reader.readNow().catch(() => {}) ?? Promise.resolve() };
  });
  const blocks = [...planReads(profile, { group: "fast" }), ...planReads(profile, { group: "slow" }).slice(0, 1)];
  const bare = await polled(ports.meters.length, seconds, (read) => bareLibrary(ports.meters, blocks, read));
  const what = `${ports.meters.length + deadHosts} TCP meters at 1 Hz, ${deadHosts} of the hosts dead`;
  const detail = {
    baseline: `bare modbus-serial on the ${ports.meters.length} living meters, the same ${blocks.length} reads a cycle, nothing decoded`,
  };
  return [
    figure(
      `${what}: readings per second and living meter`,
      ours.rateHz,
      "1/s",
      bare.rateHz,
      "≥ 0.99 per second",
      detail,
    ),
    figure(
      `${what}: share of one core`,
      ours.cpuPercent,
      "%",
      bare.cpuPercent,
      "≤ 4 %, ≤ 3 × bare modbus-serial",
      detail,
    ),
    figure(`${what}: jitter p99`, ours.jitterP99Ms, "ms", bare.jitterP99Ms, "< 50 ms", detail),
  ];
}

/** What a flow without us would do: a client per host, a timer per meter, the blocks of a cycle one after the other. */
function bareLibrary(ports: number[], blocks: readonly ReadBlock[], read: (meter: number) => void): Poller {
  const clients = ports.map((port, index) => {
    const client = new ModbusRTU();
    client.setID(1);
    const poll = async (): Promise<void> => {
      for (const { address, count } of blocks) await client.readHoldingRegisters(address, count);
      read(index);
    };
    const opened = client.connectTCP(HOST, { port }).then(() => setInterval(() => void poll().catch(() => {}), 1000));
    return { client, opened, poll };
  });
  const stop = (): void => {
    for (const { client, opened } of clients)
      void opened.then((timer) => {
        clearInterval(timer);
        client.close(() => {});
      });
  };
  return { stop, cycle: (meter) => clients[meter]?.poll().catch(() => {}) ?? Promise.resolve() };
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
