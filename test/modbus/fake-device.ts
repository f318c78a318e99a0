import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** A request as it came in, taken apart byte by byte. */
export interface Request {
  id: number;
  unitId: number;
  functionCode: number;
  address: number;
  count: number;
}

/** A Modbus TCP device whose every answer the test decides. */
export class FakeDevice {
  readonly requests: Request[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  #server: Server;
  #waiting: (() => void)[] = [];

  constructor(answer: (request: Request, socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("data", (bytes) => {
        for (let at = 0; at + 12 <= bytes.length; at += 12) {
          const request = {
            id: bytes.readUInt16BE(at),
            unitId: bytes.readUInt8(at + 6),
            functionCode: bytes.readUInt8(at + 7),
            address: bytes.readUInt16BE(at + 8),
            count: bytes.readUInt16BE(at + 10),
          };
          this.requests.push(request);
          for (const wake of this.#waiting.splice(0)) wake();
          answer(request, socket);
        }
      });
    });
  }

  static async start(answer: (request: Request, socket: Socket) => void = () => {}, port = 0): Promise<FakeDevice> {
    const device = new FakeDevice(answer);
    device.#server.listen(port, "127.0.0.1");
    await once(device.#server, "listening");
    return device;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when this many requests have come in since the start. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** A right answer: the registers hold their own addresses. */
export function registersOf({ id, unitId, functionCode, address, count }: Request): Buffer {
  const words = Array.from({ length: count }, (_, index) => address + index);
  return frame(id, [unitId, functionCode, 2 * count, ...words.flatMap((word) => [word >> 8, word & 0xff])]);
}

/** A refusal. */
export function refusal({ id, unitId, functionCode }: Request, exceptionCode: number): Buffer {
  return frame(id, [unitId, functionCode | 0x80, exceptionCode]);
}

/** A Modbus TCP frame around these bytes (unit id first). */
export function frame(id: number, bytes: number[]): Buffer {
  return Buffer.from([id >> 8, id & 0xff, 0, 0, bytes.length >> 8, bytes.length & 0xff, ...bytes]);
}
