/**
 * Hostile visitors in a process of their own, so that what they cost themselves is not measured as somebody's wait. Run by `wire.hostile.test.ts`
 * with port, what they do, and as whom; each begins anew when it is thrown out. Sends raw frames, as a decent library would refuse to.
 */
import { connect, type Socket } from "node:net";

/** A text as a masked WebSocket frame (RFC 6455 §5.2); the mask is zero, so the bytes are those of the text. */
function frame(payload: string, opcode = 1, fin = true): Buffer {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  const length =
    body.length < 126
      ? Buffer.from([first, 0x80 | body.length])
      : body.length < 65_536
        ? Buffer.from([first, 0xfe, body.length >> 8, body.length & 0xff])
        : Buffer.from([
            first,
            0xff,
            0,
            0,
            0,
            0,
            body.length >>> 24,
            (body.length >> 16) & 0xff,
            (body.length >> 8) & 0xff,
            body.length & 0xff,
          ]);
  return Buffer.concat([length, Buffer.alloc(4), body]);
}

const call = (payload: object, action = "DataTransfer"): Buffer => frame(JSON.stringify([2, "x", action, payload]));
const many = (bytes: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(65_536 / bytes.length) }, () => bytes));

interface Manner {
  bytes: Buffer;
  /** Sent first. */
  begins?: Buffer;
  /** Reads no answer. */
  deaf?: boolean;
  /** Goes as soon as it is let in. */
  leaves?: boolean;
}

/** What is sent over and over. */
const HABITS = {
  greatFrames: { bytes: call({ vendorId: "v", data: "x".repeat(255_000) }) },
  greatObjects: {
    bytes: call({ connectorId: 1, meterValue: Array.from({ length: 20_000 }, (_, n) => ({ n })) }, "MeterValues"),
  },
  fewKilobytes: { bytes: many(call({ vendorId: "v", data: "x".repeat(6000) })) },
  heartbeats: { bytes: many(call({}, "Heartbeat")) },
  emptyMessages: { bytes: many(frame("")) },
  pings: { bytes: many(frame("", 9)) },
  fragments: { bytes: many(frame("x".repeat(100), 0, false)), begins: frame("[", 1, false) },
  deaf: { bytes: many(call({}, "Heartbeat")), deaf: true },
  handshakes: { bytes: Buffer.alloc(0), leaves: true },
} as const satisfies Record<string, Manner>;

export type Habit =
  | "greatFrames"
  | "greatObjects"
  | "fewKilobytes"
  | "heartbeats"
  | "emptyMessages"
  | "pings"
  | "fragments"
  | "deaf"
  | "handshakes";

async function flood(port: number, identity: string, habit: Habit): Promise<void> {
  const { bytes, begins, deaf = false, leaves = false }: Manner = HABITS[habit];
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = new Promise<null>((resolve) => socket.once("close", () => resolve(null)));
  const answered = new Promise<Buffer>((resolve) => socket.once("data", resolve));
  socket.write(
    `GET /${identity} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n",
  );
  const answer = await Promise.race([answered, closed]);
  const isIn = answer?.toString("latin1").startsWith("HTTP/1.1 101") ?? false;
  if (!isIn || leaves) socket.destroy();
  else {
    if (deaf) socket.pause();
    else socket.resume();
    if (begins) socket.write(begins);
    pour(socket, bytes);
  }
  await closed;
}

function pour(socket: Socket, bytes: Buffer): void {
  const next = (): void => {
    if (socket.destroyed) return;
    if (socket.write(bytes)) setImmediate(next);
    else socket.once("drain", next);
  };
  next();
}

async function floodForever(port: number, identity: string, habit: Habit): Promise<void> {
  for (;;) {
    await flood(port, identity, habit);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

if (process.argv[1] === import.meta.filename) {
  const [port, habit, ...identities] = process.argv.slice(2);
  for (const identity of identities) void floodForever(Number(port), identity, habit as Habit);
  process.on("disconnect", () => process.exit());
}
