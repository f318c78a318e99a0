import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import { RtuTransport } from "./rtu-transport.ts";
import { connectError, type HostAddress, onSocketEnd, openSocket } from "./tcp-socket.ts";
import type { ModbusTransport } from "./transport.ts";
import { type LineFormat, lineFormat, type Parity, silenceMs } from "./wire-time.ts";

export interface SerialSettings {
  serialPort: string;
  baudRate: number;
  parity: Parity;
  stopBits: 1 | 2;
}

/**
 * Serial frames through a gateway that passes bytes on. Rejects with EvError EV_MODBUS_CONNECT.
 * @param format of the line behind the gateway, for the silence between frames
 */
export async function connectRtuOverTcp(
  address: HostAddress,
  format: LineFormat,
  timeoutMs: number,
  clock: Clock,
): Promise<ModbusTransport> {
  const socket = await openSocket(address, timeoutMs, clock);
  const place = `${address.host}:${address.port}`;
  const transport = new RtuTransport(
    {
      place,
      write: (bytes) => void socket.write(bytes),
      end: () => socket.destroy(),
      canBeHalfOpen: true,
      silenceMs: silenceMs(format),
    },
    clock,
  );
  socket.on("data", (chunk: Buffer) => transport.received(chunk));
  onSocketEnd(socket, place, (reason) => transport.ended(reason));
  return transport;
}

/** The optional package that opens serial ports. */
export type SerialPackage = Pick<typeof import("serialport"), "SerialPort">;

/**
 * Opens a serial port of this machine, for this process alone. Rejects with EvError EV_MODBUS_SERIAL without the optional package
 * `serialport`, and with EV_MODBUS_CONNECT when the port cannot be opened.
 */
export async function connectRtu(
  settings: SerialSettings,
  clock: Clock,
  load: () => Promise<SerialPackage> = () => import("serialport"),
): Promise<ModbusTransport> {
  const { serialPort: place, baudRate, parity, stopBits } = settings;
  const { SerialPort } = await serialPackage(load);
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path: place, baudRate, parity, stopBits, dataBits: 8, autoOpen: false });
    const end = (): void => {
      if (port.isOpen) port.close(() => {});
    };
    const write = (bytes: Buffer): void => void port.write(bytes);
    const quietMs = silenceMs(lineFormat(baudRate, parity, stopBits));
    const transport = new RtuTransport({ place, write, end, canBeHalfOpen: false, silenceMs: quietMs }, clock);
    port.on("data", (chunk: Buffer) => transport.received(chunk));
    port.on("error", (error) => transport.ended(connectError(place, error)));
    port.on("close", (error: Error | null) =>
      transport.ended(connectError(place, error ?? new Error("the port was closed"))),
    );
    port.open((error) => (error ? reject(connectError(place, error)) : resolve(transport)));
  });
}

/** A serial port of this machine. */
export interface SerialPortInfo {
  path: string;
  /** Maker and serial number of the adapter, as far as known. */
  text: string;
}

/** The serial ports of this machine, by path. Rejects with EvError EV_MODBUS_SERIAL without the optional package `serialport`. */
export async function listSerialPorts(
  load: () => Promise<SerialPackage> = () => import("serialport"),
): Promise<SerialPortInfo[]> {
  const { SerialPort } = await serialPackage(load);
  const ports = await SerialPort.list();
  return ports
    .map(({ path, manufacturer, serialNumber }) => ({
      path,
      text: [manufacturer, serialNumber].filter(Boolean).join(" "),
    }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** Loads the optional package. Rejects with EvError EV_MODBUS_SERIAL without it. */
async function serialPackage(load: () => Promise<SerialPackage>): Promise<SerialPackage> {
  try {
    return await load();
  } catch (error) {
    const fix = "install it beside this one: npm install serialport";
    throw new EvError("EV_MODBUS_SERIAL", `the package serialport cannot be loaded; ${fix}`, { cause: error });
  }
}
