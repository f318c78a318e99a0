import type { LineSettings } from "./line.ts";

const NAMES = { tcp: "TCP", rtu: "RTU", "rtu-over-tcp": "RTU over TCP", udp: "UDP" } as const;

/** A line in a few words: `TCP 192.168.1.20:502`, `RTU /dev/ttyUSB0 19200 8N1`. */
export function lineText({
  transport,
  host,
  port,
  serialPort,
  baudRate,
  parity = "none",
  stopBits,
}: LineSettings): string {
  const place = transport === "rtu" ? serialPort : `${host}:${port ?? 502}`;
  const isSerial = transport === "rtu" || transport === "rtu-over-tcp";
  const format = isSerial ? ` ${baudRate ?? 19_200} 8${parity.charAt(0).toUpperCase()}${stopBits ?? 1}` : "";
  return `${NAMES[transport]} ${place}${format}`;
}
