/** The devices of the Modbus benchmarks, in a process of their own, so that the reading side is what is measured. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { systemClock } from "../lib/clock.ts";
import { type MeterProfile, meterProfile } from "../lib/metering/profiles.ts";
import { type MbapFrame, MbapFramer } from "../lib/modbus/mbap.ts";
import { replyTo } from "../lib/simulator/meter/meter-server.ts";
import { MeterSimulator } from "../lib/simulator/meter/meter-simulator.ts";

/** How many hosts of which kind are wanted. */
export interface DeviceOrder {
  profileId: string;
  meters: number;
  /** Hosts that accept connections and never answer. */
  silent: number;
}

/** Where they listen. */
export interface DevicePorts {
  meters: number[];
  silent: number[];
  /** Two of these: ten units behind one serial line, 15 ms each; unit 10 never answers. */
  gateways: [number, number];
  /** Answers everything at once. */
  plain: number;
}

export const GATEWAY_UNITS = 10;
export const DEAD_UNIT = 10;
const GATEWAY_ANSWER_MS = 15;

type Respond = (frame: MbapFrame, reply: (bytes: Buffer) => void) => void;

async function serve(respond: Respond): Promise<number> {
  const server = createServer((socket: Socket) => {
    const framer = new MbapFramer();
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      for (const frame of framer.feed(chunk)) respond(frame, (bytes) => socket.writable && socket.write(bytes));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Registers full of zeros. */
function zeros(frame: MbapFrame): Buffer {
  const bytes = 2 * frame.pdu.readUInt16BE(3);
  const pdu = Buffer.alloc(2 + bytes);
  pdu[0] = frame.pdu[0] as number;
  pdu[1] = bytes;
  return replyTo(frame, pdu);
}

/** One request after the other goes down the serial line. */
function gateway(): Respond {
  let freeAtMs = 0;
  return (frame, reply) => {
    if (frame.unitId === DEAD_UNIT) return;
    const nowMs = performance.now();
    freeAtMs = Math.max(nowMs, freeAtMs) + GATEWAY_ANSWER_MS;
    setTimeout(() => reply(zeros(frame)), freeAtMs - nowMs);
  };
}

async function meter(profile: MeterProfile, seed: number): Promise<number> {
  const made = {
    host: "127.0.0.1",
    port: 0,
    unitId: 1,
    profile,
    load: [10, 8, 6] as [number, number, number],
    includes: [],
  };
  const simulator = new MeterSimulator(made, systemClock, { seed });
  await simulator.configure(made);
  return simulator.port;
}

async function open({ profileId, meters, silent }: DeviceOrder): Promise<DevicePorts> {
  const profile = meterProfile(profileId);
  if (!profile) throw new Error(`no profile ${profileId}`);
  const many = (count: number, make: (index: number) => Promise<number>) =>
    Promise.all(Array.from({ length: count }, (_, index) => make(index)));
  return {
    meters: await many(meters, (index) => meter(profile, index + 1)),
    silent: await many(silent, () => serve(() => {})),
    gateways: [await serve(gateway()), await serve(gateway())],
    plain: await serve((frame, reply) => reply(zeros(frame))),
  };
}

if (process.argv[1] === import.meta.filename) {
  process.on("message", (order: DeviceOrder) => void open(order).then((ports) => process.send?.(ports)));
  process.on("disconnect", () => process.exit());
}
