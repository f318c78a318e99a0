import { connect, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";

export interface HostAddress {
  host: string;
  port: number;
}

const KEEP_ALIVE_MS = 10_000;

/** Opens a TCP connection. Rejects with EvError EV_MODBUS_CONNECT when it is not open after `timeoutMs`. */
export function openSocket({ host, port }: HostAddress, timeoutMs: number, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    const timer = clock.setTimeout(() => socket.destroy(new Error(`no connection after ${timeoutMs} ms`)), timeoutMs);
    const refuse = (reason: unknown): void => {
      clock.clear(timer);
      reject(connectError(`${host}:${port}`, reason));
    };
    socket.once("error", refuse);
    socket.once("connect", () => {
      clock.clear(timer);
      socket.off("error", refuse);
      resolve(socket);
    });
  });
}

/** Tells once when the socket has ended, and why. */
export function onSocketEnd(socket: Socket, place: string, ended: (error: EvError) => void): void {
  let reason = new EvError("EV_MODBUS_CONNECT", `${place}: the connection was closed by the device`);
  socket.on("error", (error) => {
    reason = connectError(place, error);
  });
  socket.once("close", () => ended(reason));
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: "connection refused; nothing listens there",
  ECONNRESET: "the device cut the connection",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ENOTFOUND: "the host name is not known",
  ETIMEDOUT: "the host does not answer",
};

/** An error of the operating system in plain words. */
export function connectError(place: string, reason: unknown): EvError {
  const { code } = reason as { code?: string };
  const words = (code && REASONS[code]) || messageOf(reason).replace(/^Error: /, "") || String(code);
  return new EvError("EV_MODBUS_CONNECT", `${place}: ${words}`, { cause: reason });
}
