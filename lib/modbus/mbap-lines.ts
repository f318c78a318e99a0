import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { MbapFramer } from "./mbap.ts";
import { MbapTransport } from "./mbap-transport.ts";
import { connectError, type HostAddress, onSocketEnd, openSocket } from "./tcp-socket.ts";
import type { ModbusTransport } from "./transport.ts";

/**
 * Opens a Modbus TCP connection. Rejects with EvError EV_MODBUS_CONNECT when it is not open after `timeoutMs`. A peer that breaks the
 * framing loses the connection: what follows on it could not be told apart.
 */
export async function connectTcp(address: HostAddress, timeoutMs: number, clock: Clock): Promise<ModbusTransport> {
  const socket = await openSocket(address, timeoutMs, clock);
  const place = `${address.host}:${address.port}`;
  const framer = new MbapFramer();
  const transport = new MbapTransport({
    place,
    isOpen: () => socket.readyState === "open",
    write: (frame) => void socket.write(frame),
    end: () => socket.destroy(),
  });
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const frame of framer.feed(chunk)) transport.received(frame);
    } catch (error) {
      transport.ended(new EvError("EV_MODBUS_FRAME", `${place}: ${messageOf(error)}`));
    }
  });
  onSocketEnd(socket, place, (reason) => transport.ended(reason));
  return transport;
}

/**
 * Opens a Modbus UDP socket that hears this peer only. Rejects with EvError EV_MODBUS_CONNECT when the host has no address. Each
 * datagram is one frame with the header of Modbus TCP; a broken one is dropped alone.
 */
export function connectUdp({ host, port }: HostAddress): Promise<ModbusTransport> {
  const place = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4").unref();
    const refuse = (reason: unknown): void => {
      socket.close();
      reject(connectError(place, reason));
    };
    socket.once("error", refuse);
    socket.connect(port, host, () => {
      socket.off("error", refuse);
      const failed = (error: Error): void => transport.ended(connectError(place, error));
      const transport = new MbapTransport({
        place,
        isOpen: () => true,
        write: (frame) => socket.send(frame, (error) => error && failed(error)),
        end: () => socket.close(),
      });
      socket.on("error", failed);
      socket.on("message", (datagram: Buffer) => {
        try {
          const frames = new MbapFramer().feed(datagram);
          if (frames.length === 0) transport.foreign();
          for (const frame of frames) transport.received(frame);
        } catch {
          transport.foreign();
        }
      });
      resolve(transport);
    });
  });
}
