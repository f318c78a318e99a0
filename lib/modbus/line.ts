import { realpathSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { ModbusBus } from "./bus.ts";
import type { Connect } from "./link.ts";
import { connectTcp, connectUdp } from "./mbap-lines.ts";
import { connectRtu, connectRtuOverTcp } from "./rtu-lines.ts";
import { type LineFormat, lineFormat, type Parity } from "./wire-time.ts";

/** The ways to reach Modbus devices. */
export const TRANSPORTS = ["tcp", "rtu", "rtu-over-tcp", "udp"] as const;
export type TransportKind = (typeof TRANSPORTS)[number];
const NAMES: Record<TransportKind, string> = { tcp: "TCP", rtu: "RTU", "rtu-over-tcp": "RTU over TCP", udp: "UDP" };

export interface LineSettings {
  transport: TransportKind;
  /** For all but rtu. */
  host?: string;
  /** Default 502. */
  port?: number;
  /** For rtu: the port's path or name. */
  serialPort?: string;
  /** For rtu, and for the line behind an rtu-over-tcp gateway; defaults 19200, none, 1. */
  baudRate?: number;
  parity?: Parity;
  stopBits?: 1 | 2;
  /** How long a reply may take at most, where a read does not say (default 1000). */
  timeoutMs?: number;
  /** Requests on their way at the same time, 1 (default) to 4; tcp only. */
  inFlight?: number;
}

const PORT = 502;
const BAUD_RATE = 19_200;
/** Steps by this share of a circle spread any number of points evenly. */
const GOLDEN_STEP = (Math.sqrt(5) - 1) / 2;

let linesOpened = 0;

/** The same for all settings that mean the same line, under whichever name: what a registry of open lines is keyed by. */
export function lineKey(settings: LineSettings): string {
  if (settings.transport === "rtu") return `rtu:${realPort(settings.serialPort ?? "")}`;
  return `${settings.transport}:${placeOf(settings).toLowerCase()}`;
}

/** A line in a few words: `TCP 192.168.1.20:502`, `RTU /dev/ttyUSB0 19200 8N1`. */
export function lineText(settings: LineSettings): string {
  const { transport, baudRate = BAUD_RATE, parity = "none", stopBits = 1 } = settings;
  const format = isSerial(settings) ? ` ${baudRate} 8${parity.charAt(0).toUpperCase()}${stopBits}` : "";
  return `${NAMES[transport]} ${placeOf(settings)}${format}`;
}

/** A bus to this line. Nothing is opened before the first read. */
export function openLine(settings: LineSettings, time: { clock?: Clock; random?: () => number } = {}): ModbusBus {
  const { transport, timeoutMs, inFlight } = settings;
  return new ModbusBus({
    place: placeOf(settings),
    connect: connectFor(settings),
    phase: (linesOpened++ * GOLDEN_STEP) % 1,
    format: isSerial(settings) ? formatOf(settings) : null,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(inFlight !== undefined && transport === "tcp" && { inFlight }),
    ...time,
  });
}

function connectFor(settings: LineSettings): Connect {
  const { transport, host = "", port = PORT, serialPort = "" } = settings;
  const address = { host, port };
  switch (transport) {
    case "tcp":
      return (timeoutMs, clock) => connectTcp(address, timeoutMs, clock);
    case "udp":
      return () => connectUdp(address);
    case "rtu-over-tcp":
      return (timeoutMs, clock) => connectRtuOverTcp(address, formatOf(settings), timeoutMs, clock);
    case "rtu": {
      const { baudRate = BAUD_RATE, parity = "none", stopBits = 1 } = settings;
      return (_timeoutMs, clock) => connectRtu({ serialPort, baudRate, parity, stopBits }, clock);
    }
  }
}

function isSerial({ transport }: LineSettings): boolean {
  return transport === "rtu" || transport === "rtu-over-tcp";
}

function formatOf({ baudRate = BAUD_RATE, parity = "none", stopBits = 1 }: LineSettings): LineFormat {
  return lineFormat(baudRate, parity, stopBits);
}

function placeOf({ transport, host, port = PORT, serialPort }: LineSettings): string {
  return transport === "rtu" ? (serialPort ?? "") : `${host}:${port}`;
}

/** Adapters have several names that lead to one device. */
function realPort(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
