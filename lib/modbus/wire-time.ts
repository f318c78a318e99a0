/** How characters travel on a serial line. */
export interface LineFormat {
  baudRate: number;
  /** Start, data, parity and stop bits: 10 for 8N1, 11 for 8E1 and 8N2. */
  bitsPerCharacter: number;
}

export type Parity = "none" | "even" | "odd";

/** Address, function, address, count, CRC. */
const REQUEST_CHARACTERS = 8;
/** Address, function, byte count and CRC around the registers. */
const REPLY_CHARACTERS = 5;
/** Above 19200 baud the silence between frames no longer shrinks (Modbus over Serial Line V1.02, 2.5.1.1). */
const FIXED_SILENCE_ABOVE_BAUD = 19_200;
const FIXED_SILENCE_MS = 1.75;
const SILENCE_CHARACTERS = 3.5;

export function lineFormat(baudRate: number, parity: Parity, stopBits: 1 | 2): LineFormat {
  return { baudRate, bitsPerCharacter: 9 + (parity === "none" ? 0 : 1) + stopBits };
}

export function characterMs({ baudRate, bitsPerCharacter }: LineFormat): number {
  return (1000 * bitsPerCharacter) / baudRate;
}

/** The silence that ends a frame: t3.5. */
export function silenceMs(format: LineFormat): number {
  return format.baudRate > FIXED_SILENCE_ABOVE_BAUD ? FIXED_SILENCE_MS : SILENCE_CHARACTERS * characterMs(format);
}

/** What reading `count` registers costs a serial line at best, ms: both frames and both silences, without the device's turnaround. */
export function wireTimeMs(count: number, format: LineFormat): number {
  return (REQUEST_CHARACTERS + REPLY_CHARACTERS + 2 * count) * characterMs(format) + 2 * silenceMs(format);
}
